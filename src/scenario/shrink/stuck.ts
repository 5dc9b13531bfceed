// Where no single part can go: two may be able to go together, or one where chance falls otherwise.
import type { ScenarioFile } from '../schema.js';
import { operationsIn, withEdits, withFaults, withOperations } from './parts.js';
import type { Shrinking } from './shrinking.js';
import { sizeOf } from './simplify.js';

/** More parts than this are not tried: pairs take half their square of runs. */
const partsMax = 24;

/** Seeds that are tried for each part. */
const seedsMax = 16;

/** Leaves out two parts at once, where neither can go alone. */
export function* leaveOutPairs(shrinking: Shrinking): Generator<void, void> {
  if (sizeOf(shrinking.file) > partsMax) return;
  for (let b = 1; b < sizeOf(shrinking.file); b++) {
    for (let a = 0; a < b; a++) {
      if (!(yield* shrinking.take(withoutParts(shrinking.file, [a, b])))) continue;
      return;
    }
  }
}

/**
 * Leaves out one part and lets chance fall differently, in the time that is left and in all of the
 * original's: where an election must go to this node and not to that one, another seed does what a
 * fault did. Edits name messages of one seed's run, so all of them go at once.
 */
export function* throwAgain(
  shrinking: Shrinking,
  { duration }: Pick<ScenarioFile, 'duration'>,
): Generator<void, void> {
  const { file } = shrinking;
  const size = sizeOf(file);
  if (size > partsMax) return;
  const bare = withEdits(file, []);
  const parts = Array.from({ length: sizeOf(bare) }, (_, place) => withoutParts(bare, [place]));
  const smaller = size > sizeOf(bare) ? [bare, ...parts] : parts;
  const forms = smaller.flatMap((left) => [left, { ...left, ...(duration && { duration }) }]);
  for (let seed = 1; seed <= seedsMax; seed++) {
    for (const left of forms) if (yield* shrinking.take({ ...left, seed })) return;
  }
}

/** Without the parts at these places: faults come first, then operations, then edits. */
function withoutParts(file: ScenarioFile, places: readonly number[]): ScenarioFile {
  const { faults = [], edits = [] } = file;
  const operations = operationsIn(file);
  const left = <T>(items: readonly T[], from: number): T[] =>
    items.filter((_, place) => !places.includes(from + place));
  const [ofOperations, ofEdits] = [faults.length, faults.length + operations.length];
  const fewer = withOperations(withFaults(file, left(faults, 0)), left(operations, ofOperations));
  return withEdits(fewer, left(edits, ofEdits));
}
