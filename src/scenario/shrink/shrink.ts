// Makes a failing run small: what is left out or made simpler is kept so as long as the same
// failure still shows. It begins with the whole run told in full (freeze.ts), leaves out what it
// can (parts.ts), and makes what stays rounder (simplify.ts), round after round until nothing
// changes. Sources: Zeller & Hildebrandt 2002 (delta debugging), Claessen & Hughes 2000.
import type { Edit } from '../../sim/edit.js';
import { writeEdit } from '../edits.js';
import type { Failure } from '../failure.js';
import { advance, begin, finish, type Running, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import { variantsOf } from '../variant.js';
import { tameNetwork } from './chance.js';
import { freeze } from './freeze.js';
import { cutShort, fewerClients, fewerNodes, leaveOut, withEdits } from './parts.js';
import { Shrinking } from './shrinking.js';
import { inOrder, plainNames, simplify, sizeOf } from './simplify.js';

/** How far shrinking has got. */
export interface ShrinkProgress {
  readonly runs: number;
  /** Faults, operations and edits of what has been told at first, and now. */
  readonly sizeAtFirst: number;
  readonly size: number;
  /** The smallest scenario so far; it shows the failure. */
  readonly file: ScenarioFile;
}

/** What is shrunk. */
export interface Subject {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly edits: readonly Edit[];
  /** Which failure of the run is kept. */
  readonly failure: Failure;
}

/** Rounds; each but the last has made it smaller. */
const roundsMax = 20;

/**
 * Shrinks in parts: yields after every run that was tried, so that whoever drives it can show how
 * far it is, and stop with what there is. Returns `undefined` if the run does not show the failure.
 */
export function* shrink({
  scenario,
  seed,
  edits,
  failure,
}: Subject): Generator<ShrinkProgress, ShrinkProgress | undefined> {
  const variantOf = variantsOf(scenario);
  const all = [...(scenario.file.edits ?? []), ...edits.map(writeEdit)];
  const whole = withEdits({ ...scenario.file, seed }, all);
  const { events } = finish(ended(variantOf(whole))).result;
  const shrinking = new Shrinking(scenario, whole, failure, 2 * events + 10_000);
  const told = freeze(scenario, seed, edits);
  let sizeAtFirst = sizeOf(told);
  /** Its operations are told: until then it has the workload, which counts for nothing. */
  let begun = false;
  const progress = (): ShrinkProgress => ({
    runs: shrinking.runs,
    sizeAtFirst,
    size: begun ? sizeOf(shrinking.file) : sizeAtFirst,
    file: shrinking.file,
  });
  if (!(yield* watched(shrinking.fails(told), progress))) {
    // A workload that lives by its answers cannot be told beforehand: its faults still can.
    if (!(yield* watched(shrinking.fails(whole), progress))) return undefined;
    sizeAtFirst = sizeOf(whole);
  } else shrinking.file = told;
  begun = true;
  for (let round = 0; round < roundsMax; round++) {
    const before = JSON.stringify(shrinking.file);
    yield* watched(oneRound(shrinking, variantOf), progress);
    if (JSON.stringify(shrinking.file) === before) break;
  }
  return progress();
}

function ended(scenario: Scenario): Running {
  const running = begin(scenario);
  while (advance(running, sliceEvents));
  return running;
}

/** The same work, which tells how far the whole is whenever it pauses. */
function* watched<T>(
  work: Generator<void, T>,
  progress: () => ShrinkProgress,
): Generator<ShrinkProgress, T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    yield progress();
  }
}

function* oneRound(
  shrinking: Shrinking,
  variantOf: (file: ScenarioFile) => Scenario,
): Generator<void, void> {
  yield* cutShort(shrinking);
  yield* leaveOut(shrinking);
  yield* tameNetwork(shrinking, variantOf);
  yield* fewerNodes(shrinking);
  yield* fewerClients(shrinking);
  yield* leaveOut(shrinking);
  yield* simplify(shrinking);
  yield* plainNames(shrinking);
  yield* inOrder(shrinking);
}
