// `:shrink`: makes the run at hand small, as `stormglass shrink` does, and opens what is left as a
// branch. A job: it goes on between keys, and Esc stops it with what there is.
import { type Failure, failureName, failureNamed, isSame } from '../scenario/failure.js';
import { nearest } from '../scenario/nearest.js';
import { type ShrinkProgress, shrink } from '../scenario/shrink/shrink.js';
import { shrunkFile } from '../scenario/shrink/shrunk.js';
import { variantOf } from '../scenario/variant.js';
import { openTrack } from '../scenario/walk.js';
import { addBranch } from './branches.js';
import { violationHere } from './looking.js';
import type { Branch, Stepper } from './stepper.js';

const job = 'shrink';

/** Begins to shrink; `wanted` names the failure to keep, that of the violation here by default. */
export function askShrink(stepper: Stepper, wanted: string): void {
  const { branch } = stepper;
  if (branch.track.fixed) {
    return stepper.say('this is a recording: its programs cannot be run again', true);
  }
  if (branch.track.run === undefined) {
    return stepper.say('the branch is still running: its verdict says what to keep');
  }
  const failure = failureFor(stepper, wanted);
  if (failure === undefined) return;
  stepper.shrinking = { branch, failure, last: undefined };
  stepper.progress = 'shrinking …';
  stepper.start(job, shrinking(stepper, branch, failure));
}

/** The names of what can be kept. */
export function failureNames({ track }: Stepper): readonly string[] {
  return [...new Set(track.violations.map((each) => failureName(failureIn(each))))];
}

const failureIn = ({ checker, kind }: { readonly checker: string; readonly kind: string }) =>
  ({ judge: checker, kind }) satisfies Failure;

function failureFor(stepper: Stepper, wanted: string): Failure | undefined {
  const { violations } = stepper.track;
  const [first] = violations;
  if (first === undefined) {
    stepper.say('no checker objects to this run: there is no failure to keep', true);
    return undefined;
  }
  if (wanted === '') return failureIn(violationHere(stepper) ?? first);
  const failure = failureNamed(wanted);
  if (failure !== undefined && violations.some((each) => isSame(failureIn(each), failure))) {
    return failure;
  }
  const names = failureNames(stepper);
  const meant = nearest(wanted, names) ?? names[0];
  stepper.say(`this run has no failure ${wanted}; did you mean ${meant}?`, true);
  return undefined;
}

function* shrinking(stepper: Stepper, branch: Branch, failure: Failure): Generator<void> {
  yield; // The screen says first that it begins.
  const { track } = branch;
  const { seed, edits } = track;
  // Also where an objection is what the scenario expects, the objection is what is kept.
  const scenario = variantOf(track.scenario, { ...track.scenario.file, expect: 'valid' });
  for (const progress of shrink({ scenario, seed, edits, failure })) {
    stepper.shrinking = { branch, failure, last: progress };
    stepper.progress = `${sizesOf(progress)} in ${progress.runs} runs; Esc stops`;
    yield;
  }
  conclude(stepper, '');
}

function sizesOf({ sizeAtFirst, size }: ShrinkProgress): string {
  return `shrinking ${sizeAtFirst} operations, faults and edits to ${size}`;
}

/** Stops with what there is; false: nothing is being shrunk. */
export function stopShrinking(stepper: Stepper): boolean {
  if (stepper.shrinking === undefined) return false;
  stepper.stop(job);
  conclude(stepper, ', stopped early');
  return true;
}

/** Opens the smallest scenario that shows the failure as a branch. */
function conclude(stepper: Stepper, how: string): void {
  const { shrinking } = stepper;
  stepper.shrinking = undefined;
  stepper.progress = undefined;
  if (shrinking === undefined) return;
  const { branch, failure, last } = shrinking;
  if (last === undefined) return stepper.say('stopped before anything was tried');
  if (last.size >= last.sizeAtFirst) return stepper.say(`it does not get smaller${how}`);
  const { scenario } = branch.track;
  const small = variantOf(scenario, { ...last.file, expect: 'valid' });
  const { file } = shrunkFile(small, failure);
  const shrunk = variantOf(scenario, file);
  const about = `shrunk ${last.sizeAtFirst}→${last.size}${how}, ${last.runs} runs`;
  addBranch(stepper, 's', openTrack(shrunk, shrunk.seed), { of: branch, about });
  stepper.wanted = 'violation';
}
