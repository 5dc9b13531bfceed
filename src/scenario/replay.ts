// Replay: what a trace recorded runs again, event by event, and must come to the same digests. The
// first event that does not is looked at closely: what was recorded, and what happens now.
import * as z from 'zod/mini';
import { type Difference, firstDifference } from '../kernel/difference.js';
import type { EffectRow, Happening, Step } from '../sim/step.js';
import type { Modules } from './catalogue.js';
import { type Divergence, divergenceAt, effectsDifference } from './divergence.js';
import { readEdit } from './edits.js';
import { problemsOf } from './problems.js';
import { readScenario } from './read.js';
import { advance, begin, type Running } from './run.js';
import { editSchema } from './schema.js';
import { type EndRow, type EventRow, type HeaderRow, jsonOf, rowMaker } from './trace-row.js';
import { type Problem, UsageError } from './usage-error.js';

/** A replay under way. */
export interface Replay {
  readonly header: HeaderRow;
  readonly modules: Modules | undefined;
  readonly running: Running;
}

/** The first event at which a replay is not what was recorded. */
export interface Mismatch extends Divergence {
  readonly kind: string;
  /** The chained digests after the event; `undefined` where there is no such event. */
  readonly digests: {
    readonly recorded: string | undefined;
    readonly replayed: string | undefined;
  };
}

/** Sets up the run that a trace's header describes. Throws a UsageError if it describes none. */
export function startReplay(header: HeaderRow, modules?: Modules): Replay {
  return { header, modules, running: startAgain(header, modules) };
}

function startAgain(
  { scenario, seed, edits }: HeaderRow,
  modules: Modules | undefined,
  observer?: (step: Step) => void,
): Running {
  const read = z.safeParse(z.array(editSchema), edits);
  if (!read.success) {
    const [first, ...others] = problemsOf(read.error.issues, edits).map(
      (problem): Problem => ({ ...problem, path: ['edits', ...problem.path] }),
    );
    if (first !== undefined) throw new UsageError([first, ...others]);
    throw read.error;
  }
  const options = { observer };
  return begin(readScenario(scenario, modules), seed, read.data.map(readEdit), options);
}

/** Takes the next event and compares it with its row. */
export function replayEvent(replay: Replay, row: EventRow): Mismatch | undefined {
  const { world } = replay.running;
  const went = advance(replay.running, 1) || world.events === row.index + 1;
  if (!went) return mismatchOf(replay, row, undefined);
  const digest = world.digest.toString();
  return digest === row.digest ? undefined : mismatchOf(replay, row, digest);
}

/** The trace is over; the replay must be, too. */
export function replayEnd(replay: Replay, end: EndRow): Mismatch | undefined {
  const { running } = replay;
  if (running.world.events === end.events && !advance(running, 1)) return undefined;
  const step = eventAt(replay, end.events)?.step;
  if (step === undefined) return undefined;
  const difference = { path: 'end of the run', left: 'recorded', right: 'the run goes on' };
  const { kind } = step.happening;
  const digests = { recorded: undefined, replayed: step.digest };
  return { ...divergenceAt('in a trace', step, difference), kind, digests };
}

function mismatchOf(replay: Replay, row: EventRow, replayed: string | undefined): Mismatch {
  const { kind, index, atUs, node, digest: recorded } = row;
  const digests = { recorded, replayed };
  const told = eventAt(replay, index);
  const difference =
    told === undefined
      ? { path: 'end of the run', left: 'the run goes on', right: 'ended' }
      : rowDifference(row, told.row);
  const step = told?.step ?? { index, atUs, happening: { kind, node } as unknown as Happening };
  return { ...divergenceAt('in a trace', step, difference), index, atUs, node, kind, digests };
}

/** What happens now at an event, by running all anew with an observer. */
function eventAt(
  { header, modules }: Replay,
  index: number,
): { readonly step: Step; readonly row: EventRow } | undefined {
  let found: { readonly step: Step; readonly row: EventRow } | undefined;
  const makeRow = rowMaker(() => again.world.history);
  const again = startAgain(header, modules, (step) => {
    found = { step, row: makeRow(step) };
  });
  advance(again, index + 1);
  return found?.step.index === index ? found : undefined;
}

/** Both sides go through JSON, since one of them has. */
function rowDifference(row: EventRow, replayed: EventRow): Difference {
  const now = JSON.parse(JSON.stringify(jsonOf(replayed))) as EventRow;
  const { effects: a, digest: left, ...restA } = row;
  const { effects: b, digest: right, ...restB } = now;
  const asRows = (effects: unknown): readonly EffectRow[] =>
    Array.isArray(effects) ? (effects as readonly EffectRow[]) : [];
  return (
    firstDifference(restA, restB, 'event') ??
    effectsDifference(asRows(a), asRows(b)) ?? { path: 'digest', left, right }
  );
}
