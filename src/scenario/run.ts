// A run in parts, for those who must look up in between: start, advance, judge. All at once is
// scenario/simulate.ts.
import { type History, historyOf } from '../history/history.js';
import { WorkloadError } from '../sim/careful.js';
import { createWorld } from '../sim/create.js';
import type { Edit } from '../sim/edit.js';
import type { Journal } from '../sim/journal.js';
import { advance as advanceWorld } from '../sim/loop.js';
import { type RunResult, resultOf } from '../sim/result.js';
import type { Step } from '../sim/step.js';
import { Trace } from '../sim/trace.js';
import type { World } from '../sim/world.js';
import { type Assessment, assess, judgeRun, judgeWith, type NamedJudgement } from './check.js';
import { resolve } from './resolve.js';
import type { CheckerSpec, Scenario } from './scenario.js';
import { usageError } from './usage-error.js';

/** How a run is watched. */
export interface RunOptions {
  /** Run every handler twice on clones and compare: slower, finds protocols that cheat. */
  readonly strict?: boolean;
  /** Keep a trace in memory, 20 bytes an event. */
  readonly trace?: boolean;
  /** Told of every event. */
  readonly observer?: ((step: Step) => void) | undefined;
  /** Told of messages and logs: much cheaper than an observer. */
  readonly journal?: Journal | undefined;
}

/** A run that has begun. */
export interface Running {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Beside those of the scenario. */
  readonly edits: readonly Edit[];
  readonly world: World;
}

/** A run that is over. */
export interface Run {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly edits: readonly Edit[];
  readonly result: RunResult;
  readonly history: History;
  readonly digest: string;
  /** All judgements, the verdict, and whether it is what the scenario expects. */
  readonly assessment: Assessment;
  readonly trace: Trace | undefined;
}

/** So many events are run between two looks at the world outside. */
export const sliceEvents = 8_192;

/** Begins a run; nothing has happened yet. */
export function begin(
  scenario: Scenario,
  seed: string | number = scenario.seed,
  edits: readonly Edit[] = [],
  { strict = false, trace = false, observer, journal }: RunOptions = {},
): Running {
  const chosen = String(seed);
  const world = createWorld(resolve(scenario, { seed: chosen, edits, strict }));
  if (trace) world.trace = new Trace();
  world.observer = observer;
  world.journal = journal;
  return { scenario, seed: chosen, edits, world };
}

/**
 * Runs up to `count` events; false when the run is over. Throws a UsageError if the workload is a
 * user's and throws.
 */
export function advance({ scenario, world }: Running, count: number): boolean {
  try {
    return advanceWorld(world, count);
  } catch (error) {
    for (const { protocol } of world.programs) protocol.hosted?.over?.();
    if (!(error instanceof WorkloadError)) throw error;
    if (!scenario.ownWorkload) throw error;
    const place = /\n\s+at (.*)/.exec((error.cause as Error)?.stack ?? '')?.[1];
    const hint = place === undefined ? undefined : `It is thrown at ${place}.`;
    throw usageError(error.message, { expected: 'a workload that throws nothing', hint });
  }
}

/** Ends a run where it is and judges it. */
export function finish(running: Running): Run {
  const { scenario } = running;
  const ended = end(running);
  const judgements = scenario.checkers.map((spec) => judgeWith(spec, ended.history, ended.result));
  return conclude(running, ended, judgements);
}

/** What a run has come to, for its judges. */
export interface Ended {
  readonly result: RunResult;
  readonly history: History;
}

/** Ends a run where it is. */
export function end({ world }: Running): Ended {
  const result = resultOf(world);
  for (const { protocol } of world.programs) protocol.hosted?.over?.();
  return { result, history: historyOf(result.history) };
}

/** The run with its verdict: what the scenario's checkers say and what the built-in ones do. */
export function conclude(
  { scenario, seed, edits, world }: Running,
  { result, history }: Ended,
  judgements: readonly NamedJudgement[],
): Run {
  const all = [...judgements, ...judgeRun(scenario, result)];
  const assessment = assess(scenario.expect, all);
  const { digest } = result;
  return { scenario, seed, edits, result, history, digest, assessment, trace: world.trace };
}

/** What stands for the judgement of a checker that was not asked, or not to the end. */
export function notAsked({ checker: { name } }: CheckerSpec): NamedJudgement {
  return { name, builtIn: false, valid: 'unknown', reason: 'it was not asked to the end' };
}
