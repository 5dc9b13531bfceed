// The failing run that a command is given: which failure of it is meant.
import {
  type Failure,
  failureName,
  failureNamed,
  failuresOf,
  isSame,
} from '../scenario/failure.js';
import { oneOf, quoted } from '../scenario/problems.js';
import { shellWord } from '../scenario/report.js';
import { begin } from '../scenario/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { usageError } from '../scenario/usage-error.js';
import type { Edit } from '../sim/edit.js';
import { drive, type Interruption } from './drive.js';
import type { Io } from './io.js';
import { judged } from './judged.js';

/** A run, and the failure that the user names, if any. */
export interface Failing {
  readonly path: string;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly edits: readonly Edit[];
  readonly wanted: string | undefined;
}

/**
 * The failure of the run: the one that is wanted, or the first. `undefined`: a signal came. Throws
 * a UsageError if the run has none, or not this one.
 */
export async function failureOf(
  { path, scenario, seed, edits, wanted }: Failing,
  io: Io,
  interrupted: Interruption,
): Promise<Failure | undefined> {
  const running = begin(scenario, seed, edits);
  await drive(running, io, interrupted);
  const run = await judged(running, io, interrupted);
  if (run === undefined || run.result.end === 'interrupted') return undefined;
  const found = failuresOf(run);
  const [first] = found;
  if (first === undefined) {
    throw usageError(`seed ${seed} of ${path} is as expected: there is no failure in it`, {
      expected: 'a run that fails',
      hint: `${io.command} hunt ${shellWord(path)} looks for a seed that does.`,
    });
  }
  if (wanted === undefined) return first;
  const failure = failureNamed(wanted);
  const chosen = found.find((each) => failure !== undefined && isSame(each, failure));
  if (chosen !== undefined) return chosen;
  throw usageError(`this run has no failure ${quoted(wanted)}`, {
    expected: oneOf(found.map(failureName)),
  });
}
