// What is known of the place where one is, gathered once a screen: panes only write it down.
import { clone, NotPlainError } from '../kernel/plain.js';
import type { Row } from '../scenario/diagram/row.js';
import type { World } from '../sim/world.js';
import type { Stepper } from './stepper.js';

export interface View {
  readonly stepper: Stepper;
  /** The row of the cursor; `undefined` while there is no event. */
  readonly row: Row | undefined;
  readonly cause: Row | undefined;
  readonly effects: readonly Row[];
  /** Rows up to the cursor with something that a node said or threw, the latest first. */
  readonly log: readonly Row[];
  /** The node that the panes are about. */
  readonly node: string | undefined;
  /** Its state before the event of the cursor: a copy. */
  readonly before: unknown;
  /** Right after the event of the cursor. Good until the timeline is asked again. */
  readonly world: World;
}

const effectsMax = 12;
const logRowsMax = 64;
/** Rows that are looked through for the log. */
const logReach = 192;

export function viewOf(stepper: Stepper): View {
  const { track, cursor, lane } = stepper;
  const { rows, timeline, lineage } = track;
  const row = rows.at(cursor);
  const cause = row === undefined || row.step.cause < 0 ? undefined : rows.at(row.step.cause);
  const isKnown = timeline.ended;
  const children = isKnown ? lineage.effectsOf(cursor).slice(0, effectsMax) : [];
  const effects = children.flatMap((event) => rows.at(event) ?? []);
  const log = stepper.pane === 'log' ? logOf(stepper) : [];
  const chosen = rows.lanes.all[lane];
  const node = chosen !== undefined && chosen.party >= 0 ? chosen.name : undefined;
  const before = copyOf(timeline.at(cursor).roster.states[chosen?.party ?? -1]);
  const world = timeline.at(cursor + 1);
  return { stepper, row, cause, effects, log, node, before, world };
}

/** What a hosted program keeps is its own. */
function copyOf(state: unknown): unknown {
  try {
    return clone(state);
  } catch (error) {
    if (error instanceof NotPlainError) return undefined;
    throw error;
  }
}

function logOf({ track, cursor }: Stepper): readonly Row[] {
  const found: Row[] = [];
  for (let event = cursor; event >= 0 && event > cursor - logReach; event--) {
    const row = track.rows.at(event);
    if (row === undefined || found.length >= logRowsMax) break;
    const speaks = row.step.effects.some(({ effect }) => effect === 'note');
    if (speaks || row.step.crash !== undefined) found.push(row);
  }
  return found;
}
