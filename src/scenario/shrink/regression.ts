// What a kept failure is worth today: it still fails, it passes, or it is stale, since the engine
// or the code has moved on so far that its run is another one.
import { failureNamed, shows } from '../failure.js';
import type { Run } from '../run.js';
import { engineVersion } from '../version.js';

type RegressionStanding =
  | { readonly standing: 'fails' }
  /** `same`: the very run that failed then; a checker has changed its mind. */
  | { readonly standing: 'passes'; readonly same: boolean }
  | { readonly standing: 'stale'; readonly why: string };

/** Judges the run of a regression's scenario; one without `found` was written by hand. */
export function standingOf(run: Run): RegressionStanding {
  const { found } = run.scenario.file;
  const failure = found === undefined ? undefined : failureNamed(found.failure);
  if (failure === undefined ? !run.assessment.expected : shows(run, failure)) {
    return { standing: 'fails' };
  }
  if (found !== undefined && found.engine !== engineVersion) {
    const why = `it was found with engine ${found.engine}, and this is ${engineVersion}`;
    return { standing: 'stale', why };
  }
  const missed = run.result.edits.filter((applied) => !applied).length;
  if (missed > 0) {
    const why = `${missed} of its edits found nothing to change: the run is another one`;
    return { standing: 'stale', why };
  }
  return { standing: 'passes', same: run.digest === found?.digest };
}
