// Measuring: processor time of this process, the figure and the yardstick in turn, several rounds,
// the median of the rounds' ratios. Machines are noisy; only a ratio from one run can be quoted.
import { BareHeap, bareStorm, Xorshift } from './bare-heap.js';

/** What one figure came to. */
interface Figure {
  /** Nanoseconds of processor time per event, median of the rounds. */
  readonly ns: number;
  /** How many times as fast as the bare heap loop of the same round, median. */
  readonly multiple: number;
}

const yardstickEvents = 500_000;
const yardstickNodes = 1_000;
const heap = new BareHeap(4 * yardstickNodes + 1);
const random = new Xorshift();

/**
 * Runs `work` in `rounds` rounds after some to warm up, each beside the yardstick. `work` returns
 * the number of events it ran. `collects`: garbage is collected before each, so that nobody pays
 * for what others left; it also throws away what V8 compiled for worlds that are gone. `warm`: so
 * many rounds come before those that count; V8 compiles a storm in three.
 */
export function measure(
  rounds: number,
  work: () => number,
  { collects = true, warm = 3 }: { readonly collects?: boolean; readonly warm?: number } = {},
): Figure {
  const ns: number[] = [];
  const multiples: number[] = [];
  // However few rounds there are: the yardstick is never cold.
  for (let i = 0; i < 3; i++) bareStorm(yardstickNodes, yardstickEvents, heap, random);
  for (let round = -warm; round < rounds; round++) {
    const bare = nsOf(() => {
      bareStorm(yardstickNodes, yardstickEvents, heap, random);
      return yardstickEvents;
    }, collects);
    const own = nsOf(work, collects);
    if (round < 0) continue;
    ns.push(own);
    multiples.push(bare / own);
  }
  return { ns: median(ns), multiple: median(multiples) };
}

/** So long V8's other threads free what a collection has found, in processor time of ours. */
const freeingMs = 100;

/** Nanoseconds of processor time per event of `work`. */
export function nsOf(work: () => number, collects = true): number {
  if (collects) {
    globalThis.gc?.();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, freeingMs);
  }
  const before = process.cpuUsage();
  const events = work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / events;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >>> 1] as number;
}
