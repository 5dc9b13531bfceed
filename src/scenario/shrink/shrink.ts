// Makes a failing run small: what is left out or made simpler is kept so as long as the same
// failure still shows. It begins with the whole run told in full (freeze.ts), leaves out what the
// violation cannot have come from (past.ts) and whatever else it can (parts.ts), lets one part
// stand for several (cuts.ts, merge.ts, milestones.ts), and makes what stays rounder (simplify.ts),
// round after round until nothing changes and bolder steps (stuck.ts) change nothing either.
// Sources: Zeller & Hildebrandt 2002 (delta debugging), Claessen & Hughes 2000.
import type { Edit } from '../../sim/edit.js';
import { writeEdit } from '../edits.js';
import type { Failure } from '../failure.js';
import { advance, begin, finish, type Running, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import { variantsOf } from '../variant.js';
import { tameNetwork } from './chance.js';
import { cutLinks } from './cuts.js';
import { freeze } from './freeze.js';
import { mergeFaults } from './merge.js';
import { tellMilestones } from './milestones.js';
import { cutShort, fewerClients, fewerNodes, leaveOut, type Order, withEdits } from './parts.js';
import { keepPast } from './past.js';
import { Shrinking } from './shrinking.js';
import { inOrder, plainNames, simplify, sizeOf } from './simplify.js';
import { leaveOutPairs, throwAgain } from './stuck.js';

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

/** A way down: what goes first, and whether all but the violation's causal past goes before. */
interface Descent {
  readonly order: Order;
  readonly fromPast: boolean;
}

const descents: readonly Descent[] = [
  { order: ['faults', 'operations', 'edits'], fromPast: true },
  { order: ['faults', 'operations', 'edits'], fromPast: false },
  { order: ['operations', 'faults', 'edits'], fromPast: true },
  { order: ['edits', 'operations', 'faults'], fromPast: false },
];

/** Where so little is left, no other way is tried. */
const smallEnough = 2;

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
  let best: ScenarioFile | undefined;
  const smallest = (): ScenarioFile => {
    const { file } = shrinking;
    return best === undefined || sizeOf(file) < sizeOf(best) ? file : best;
  };
  const progress = (): ShrinkProgress => ({
    runs: shrinking.runs,
    sizeAtFirst,
    size: begun ? sizeOf(smallest()) : sizeAtFirst,
    file: smallest(),
  });
  if (!(yield* watched(shrinking.fails(told), progress))) {
    // A workload that lives by its answers cannot be told beforehand: its faults still can.
    if (!(yield* watched(shrinking.fails(whole), progress))) return undefined;
    sizeAtFirst = sizeOf(whole);
  } else shrinking.file = told;
  begun = true;
  const start = shrinking.file;
  for (const descent of descents) {
    shrinking.file = start;
    yield* watched(descend(shrinking, variantOf, descent), progress);
    best = smallest();
    if (sizeOf(best) <= smallEnough) break;
  }
  shrinking.file = best ?? start;
  // Had the rounds run out, something might be left that can go.
  yield* watched(leaveOut(shrinking), progress);
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

/**
 * From the whole run down to where nothing can go. Which way one goes decides where one ends, so
 * more than one is tried.
 */
function* descend(
  shrinking: Shrinking,
  variantOf: (file: ScenarioFile) => Scenario,
  { order, fromPast }: Descent,
): Generator<void, void> {
  const { file: told } = shrinking;
  if (fromPast) yield* keepPast(shrinking, variantOf);
  for (let round = 0; round < roundsMax; round++) {
    const before = JSON.stringify(shrinking.file);
    yield* oneRound(shrinking, variantOf, order);
    if (JSON.stringify(shrinking.file) !== before) continue;
    yield* leaveOutPairs(shrinking);
    if (JSON.stringify(shrinking.file) !== before) continue;
    yield* throwAgain(shrinking, told);
    if (JSON.stringify(shrinking.file) === before) break;
  }
}

function* oneRound(
  shrinking: Shrinking,
  variantOf: (file: ScenarioFile) => Scenario,
  order: Order,
): Generator<void, void> {
  yield* cutShort(shrinking);
  yield* leaveOut(shrinking, order);
  yield* tameNetwork(shrinking, variantOf);
  yield* leaveOut(shrinking, order);
  yield* tellMilestones(shrinking, variantOf);
  yield* cutLinks(shrinking, variantOf);
  yield* mergeFaults(shrinking);
  yield* fewerNodes(shrinking);
  yield* fewerClients(shrinking);
  yield* leaveOut(shrinking, order);
  yield* simplify(shrinking);
  yield* plainNames(shrinking);
  yield* inOrder(shrinking);
}
