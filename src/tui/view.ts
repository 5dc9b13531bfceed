// What is known of the place where one is, gathered once a screen: panes only write it down.
import { clone, NotPlainError } from '../kernel/plain.js';
import type { Row } from '../scenario/diagram/row.js';
import type { World } from '../sim/world.js';
import { comparedWith } from './bases.js';
import type { Before, Stepper } from './stepper.js';

/** An event in few words. */
export interface Brief {
  readonly event: number;
  readonly atUs: number;
  /** `…` while its row is being made. */
  readonly label: string;
}

export interface View {
  readonly stepper: Stepper;
  /** The row of the cursor; `undefined` while there is no event. */
  readonly row: Row | undefined;
  readonly cause: Brief | undefined;
  readonly effects: readonly Brief[];
  /** Rows up to the cursor with something that a node said or threw, the latest first. */
  readonly log: readonly Row[];
  /** The node that the panes are about. */
  readonly node: string | undefined;
  /** Its state before the event of the cursor: a copy, or the state itself if it is the same. */
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
  const cause =
    row === undefined || row.step.cause < 0 ? undefined : briefOf(stepper, row.step.cause);
  const isKnown = timeline.ended;
  const children = isKnown ? lineage.effectsOf(cursor).slice(0, effectsMax) : [];
  const effects = children.map((event) => briefOf(stepper, event));
  const log = stepper.pane === 'log' ? logOf(stepper) : [];
  const chosen = rows.lanes.all[lane];
  const node = chosen !== undefined && chosen.party >= 0 ? chosen.name : undefined;
  const before = beforeOf(stepper, chosen?.party ?? -1, row);
  const world = timeline.at(cursor + 1);
  const state = before === untouched ? world.roster.states[chosen?.party ?? -1] : before.state;
  return { stepper, row, cause, effects, log, node, before: state, world };
}

const untouched = 'untouched';

/** Copied once for all frames. An event at one node does nothing to the state of another. */
function beforeOf(
  stepper: Stepper,
  party: number,
  row: Row | undefined,
): Before | typeof untouched {
  const { track, cursor } = stepper;
  const { timeline } = track;
  const compared = comparedWith(stepper);
  if (compared !== undefined) return besideOther(stepper, party, compared);
  const happening = row?.step.happening;
  if (happening !== undefined && 'node' in happening) {
    if (timeline.front.partyOf.get(happening.node) !== party) return untouched;
  }
  const known = stepper.stateBefore;
  const base = 'event';
  if (isOf(known, { base, track, cursor, party })) return known;
  const state = copyOf(timeline.at(cursor).roster.states[party]);
  stepper.stateBefore = { base, track, cursor, party, state };
  return stepper.stateBefore;
}

/** The state of the node of the same name in another world. */
function besideOther(
  stepper: Stepper,
  party: number,
  { about: base, world }: NonNullable<ReturnType<typeof comparedWith>>,
): Before {
  const { track, cursor, stateBefore } = stepper;
  if (isOf(stateBefore, { base, track, cursor, party })) return stateBefore;
  const name = track.timeline.front.roster.names[party];
  const other = world();
  const state = copyOf(other.roster.states[other.partyOf.get(name ?? '') ?? -1]);
  stepper.stateBefore = { base, track, cursor, party, state };
  return stepper.stateBefore;
}

function isOf(known: Before | undefined, of: Omit<Before, 'state'>): known is Before {
  return (
    known?.track === of.track &&
    known.cursor === of.cursor &&
    known.party === of.party &&
    known.base === of.base
  );
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

function briefOf(stepper: Stepper, event: number): Brief {
  const atUs = stepper.track.timeline.row(event)?.atUs ?? 0;
  return { event, atUs, label: stepper.sideRow(event)?.label ?? '…' };
}

function logOf(stepper: Stepper): readonly Row[] {
  const { cursor } = stepper;
  const found: Row[] = [];
  for (let event = cursor; event >= 0 && event > cursor - logReach; event--) {
    const row = stepper.sideRow(event);
    if (found.length >= logRowsMax) break;
    if (row === undefined) continue;
    const speaks = row.step.effects.some(({ effect }) => effect === 'note');
    if (speaks || row.step.crash !== undefined) found.push(row);
  }
  return found;
}
