// All threads of a hunt: they take batches until there are none. One that is lost is replaced, the
// trial that cost it is noted, and its batch is tried again, so that nothing is lost or counted
// twice. What a batch comes to does not depend on who tries it.
import type { Hunted } from '../../scenario/hunt/blocks.js';
import { added } from '../../scenario/hunt/tally.js';
import type { Batch, Errand, PlanFigures } from './errand.js';
import { type Hand, hire, isLost, type Lost, type Means } from './hand.js';

/** Where batches come from and go to. */
export interface Desk {
  /** The next batch of about so many blocks; `undefined`: there is nothing more to do. */
  next(blocks: number): Batch | undefined | Promise<Batch | undefined>;
  /** What a batch came to. */
  take(batch: Batch, hunted: Hunted): void | Promise<void>;
  /** What the plan is: before the first batch. */
  planned(plan: PlanFigures): void;
  readonly untilFailure: boolean;
}

export interface Pool {
  /** Done when there are no batches left, or once `stop` is called. */
  readonly finished: Promise<void>;
  /** Ends all threads now; batches that are not done are lost. */
  stop(): void;
}

/** A batch takes about so long. */
const batchMs = 200;
const batchMax = 4_096;

interface Crew {
  readonly errand: Omit<Errand, 'whereabouts'>;
  readonly means: Means;
  readonly desk: Desk;
  readonly nowMs: () => number;
  stopped: boolean;
  blockSize: number;
  readonly hands: Set<Hand>;
}

/** The work cannot begin: the first thread is lost before it has said what the plan is. */
export class StartError extends Error {
  readonly lost: Lost;

  constructor(lost: Lost) {
    super(lost.about);
    this.lost = lost;
  }
}

/** Sends out so many threads. `finished` fails with a `StartError` when none can begin. */
export function sendOut(
  count: number,
  crew: Pick<Crew, 'errand' | 'means' | 'desk' | 'nowMs'>,
): Pool {
  const all: Crew = { ...crew, stopped: false, blockSize: 1, hands: new Set() };
  const stop = (): void => {
    all.stopped = true;
    for (const hand of all.hands) hand.dismiss();
  };
  const threads = Array.from({ length: count }, () => workOn(all));
  const finished = Promise.all(threads).then(stop, (error: unknown) => {
    stop();
    throw error;
  });
  return { finished, stop };
}

async function workOn(crew: Crew): Promise<void> {
  let blocks = 1;
  let hand = await hired(crew);
  crew.blockSize = hand.plan.blockSize;
  crew.desk.planned(hand.plan);
  for (;;) {
    const batch = crew.stopped ? undefined : await crew.desk.next(blocks);
    if (batch === undefined) break;
    const startMs = crew.nowMs();
    const done = await workThrough(crew, hand, batch);
    if (done === undefined) return;
    hand = done.hand;
    await crew.desk.take(batch, done.hunted);
    const perBlockMs = Math.max(0.001, (crew.nowMs() - startMs) / batch.count);
    const wanted = Math.max(1, Math.floor(batchMs / perBlockMs));
    blocks = Math.min(wanted, 4 * blocks, batchMax);
  }
  crew.hands.delete(hand);
  hand.dismiss();
}

interface Done {
  readonly hand: Hand;
  readonly hunted: Hunted;
}

/** Tries a batch, again and again without the trials that cost a thread. */
async function workThrough(crew: Crew, first: Hand, batch: Batch): Promise<Done | undefined> {
  const { untilFailure } = crew.desk;
  const skips = new Map<number, readonly [string, string]>();
  const strained = new Set<number>();
  let hand = first;
  for (;;) {
    const outcome = await hand.work({ batch, skips, untilFailure });
    if (!isLost(outcome)) return { hand, hunted: outcome };
    crew.hands.delete(hand);
    if (crew.stopped) return undefined;
    hand = await hired(crew);
    const { trial, about, how } = outcome;
    const isMemory = how === 'memory';
    if (isMemory && batch.count > 1) return workInParts(crew, hand, partsOf(crew, batch, trial));
    // What trials before it in its block have left behind may have been too much, once.
    if (isMemory && !strained.has(trial)) strained.add(trial);
    else if (skips.has(trial))
      throw new StartError(outcome); // It is not the trial that ends it.
    else skips.set(trial, [`hunt/${how}`, about]);
  }
}

/** Memory may have been used up by trials before: the block in question gets its own thread. */
function partsOf({ blockSize }: Crew, batch: Batch, trial: number): readonly Batch[] {
  const { from, stride } = batch;
  const place = Math.round((Math.floor(trial / blockSize) - from) / stride);
  const part = (start: number, end: number): Batch => {
    return { from: from + start * stride, count: end - start, stride };
  };
  const parts = [part(0, place), part(place, place + 1), part(place + 1, batch.count)];
  return parts.filter(({ count }) => count > 0);
}

async function workInParts(
  crew: Crew,
  first: Hand,
  parts: readonly Batch[],
): Promise<Done | undefined> {
  let hand: Hand | undefined = first;
  let sum: Hunted | undefined;
  for (const part of parts) {
    const done = await workThrough(crew, hand ?? (await hired(crew)), part);
    if (done === undefined) return undefined;
    const { hunted } = done;
    sum = sum === undefined ? hunted : { ...hunted, tally: added(sum.tally, hunted.tally) };
    if (hunted.cut || part === parts.at(-1)) return { hand: done.hand, hunted: sum };
    crew.hands.delete(done.hand);
    done.hand.dismiss();
    hand = undefined;
  }
  return undefined;
}

async function hired({ errand, means, hands }: Crew): Promise<Hand> {
  const hand = await hire(errand, means);
  if (isLost(hand)) throw new StartError(hand);
  hands.add(hand);
  return hand;
}
