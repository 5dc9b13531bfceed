// `stormglass/testing`: assertions for any test runner. What they throw begins at the line of the
// test that called them, not in here.
import { loadScenario } from '../files/scenario-file.js';
import { seedAt } from '../scenario/hunt/seeds.js';
import type { Run } from '../scenario/run.js';
import type { Scenario, ScenarioInput } from '../scenario/scenario.js';
import { divergenceOf } from './replay.js';
import {
  complaint,
  isViolatedBy,
  objections,
  type Subject,
  type Tries,
  tryAll,
} from './verdict.js';

export type { Subject, Tries } from './verdict.js';

/** What the assertions throw. */
export class HoldsError extends Error {
  override readonly name = 'HoldsError';
  /** The run that is not as it should be, if it is one run. */
  readonly run: Run | undefined;

  constructor(message: string, run?: Run) {
    super(message);
    this.run = run;
  }
}

/** Throws unless every run is as its scenario expects; answers with the last one. */
export function assertHolds(subject: Subject, tries: Tries = {}): Run {
  const outcome = tryAll(subject, tries);
  const about = complaint(outcome, 'assertHolds(scenario, ');
  const failed = outcome.tried.find(({ surprise }) => surprise !== undefined)?.run;
  if (about !== undefined) throw at(new HoldsError(closed(about), failed), assertHolds);
  return (outcome.tried.at(-1) as { readonly run: Run }).run;
}

/**
 * Throws unless a judge objects in one of the runs: any judge, or the one that is named, by its
 * name (`set-full`), the anomaly's (`lost`) or both (`set-full/lost`). Answers with that run.
 */
export function assertViolates(subject: Subject, name?: string, tries: Tries = {}): Run {
  const violates = (run: Run): boolean => isViolatedBy(run, name);
  const { tried } = tryAll(subject, tries, violates);
  const found = tried.find(({ run }) => violates(run))?.run;
  if (found !== undefined) return found;
  const last = tried.at(-1)?.run;
  const said = last === undefined ? [] : objections(last).filter((line) => line !== '');
  const instead = said.length === 0 ? '' : `; the last was told:\n  ${said.join('\n  ')}`;
  const what = name === undefined ? 'is violated' : `violates ${name}`;
  throw at(new HoldsError(`no run of ${tried.length} ${what}${instead}`, last), assertViolates);
}

/** Throws unless a run depends on its seed alone; names the first event that differs. */
export function assertReplaysIdentically(
  subject: Scenario | ScenarioInput,
  { seed }: Pick<Tries, 'seed'> = {},
): void {
  const divergence = divergenceOf(subject, seed);
  if (divergence === undefined) return;
  throw at(new HoldsError(`two runs of one seed differ: ${divergence}`), assertReplaysIdentically);
}

/** Seeds to run tests with: `it.each(seeds(20))('holds with seed %s', …)`. */
export function seeds(count: number, first: string | number = 1): readonly string[] {
  return Array.from({ length: count }, (_, index) => seedAt(String(first), index));
}

/** The scenario of a file, with the modules that it names. */
export function scenarioFile(path: string): Promise<Scenario> {
  return loadScenario(path);
}

/** The error as if it had been thrown where `assertion` was called. */
function at(error: HoldsError, assertion: (...args: never[]) => unknown): HoldsError {
  Error.captureStackTrace(error, assertion);
  return error;
}

/** The call in the last line, closed. */
function closed(about: string): string {
  return about.includes('assertHolds(') ? `${about})` : about;
}
