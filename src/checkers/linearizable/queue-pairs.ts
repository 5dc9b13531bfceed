// FIFO queues in which every value is enqueued once: near-linear. A history is one of a queue if
// and only if no value is dequeued that was not enqueued, twice, or before; no two are enqueued one
// after the other and dequeued the other way round; and whoever found the queue empty had an
// instant at which nothing was certainly in it. Source: Henzinger, Sezgin & Vafeiadis 2013.
import { Interner } from '../set-full/interner.js';
import type { Outcome } from './bounds.js';
import type { Model } from './model.js';
import { never } from './operation.js';
import { open, type Part } from './timeline.js';

/** Ranks, by value: when it was enqueued and dequeued. `open` is never. */
interface Lives {
  readonly enqueued: Int32Array;
  /** The return of the enqueue; `open` where its outcome is unknown. */
  readonly present: Int32Array;
  readonly dequeued: Int32Array;
  readonly gone: Int32Array;
  readonly count: number;
}

/** Calls and returns of those that found nothing, and calls of those of unknown outcome. */
interface Others {
  readonly empties: readonly (readonly [call: number, done: number])[];
  readonly some: readonly number[];
}

/** Decides a part; undefined where its model is no queue, or values do not tell. O(n log n). */
export function decideByPairs(part: Part, model: Model): Outcome | undefined {
  const read = livesIn(part, model);
  if (read === undefined) return undefined;
  if ('stuck' in read) return { verdict: 'invalid', stuck: read.stuck };
  const { lives, empties, some } = read;
  const overtaken = overtakingIn(lives, part.events.length);
  if (overtaken >= 0) return { verdict: 'invalid', stuck: overtaken };
  const late = removed(lives, some, part.events.length);
  if (late >= 0) return { verdict: 'invalid', stuck: late };
  const full = fullAt(lives, empties, part.events.length);
  if (full < 0) return { verdict: 'valid' };
  // Somebody whose outcome is unknown may have emptied the queue.
  return some.length > 0 ? undefined : { verdict: 'invalid', stuck: full };
}

function livesIn(
  { operations, calls, returns }: Part,
  model: Model,
): ({ readonly lives: Lives } & Others) | { readonly stuck: number } | undefined {
  const { queue } = model;
  if (queue === undefined || !Array.isArray(model.init) || model.init.length > 0) return undefined;
  const numbers = new Interner();
  const none = () => new Int32Array(operations.length).fill(open);
  const [enqueued, present, dequeued, gone] = [none(), none(), none(), none()];
  const empties: [number, number][] = [];
  const some: number[] = [];
  let stuck = open;
  for (const [at, { f, input, output, client, return: end }] of operations.entries()) {
    const known = end !== never;
    const action = queue({ f, input, output: known ? output : undefined, known, client });
    const [call, done] = [calls[at] as number, returns[at] as number];
    if (action.kind === 'empty') {
      empties.push([call, done]);
      continue;
    }
    if (action.kind === 'some') {
      if (known) return undefined;
      some.push(call);
      continue;
    }
    if (action.value === null || action.value === undefined) return undefined;
    const value = numbers.numberOf(action.value);
    if (action.kind === 'enqueue') {
      if (enqueued[value] !== open) return undefined;
      [enqueued[value], present[value]] = [call, done];
    } else if (dequeued[value] === open) {
      [dequeued[value], gone[value]] = [call, done];
    } else {
      stuck = Math.min(stuck, Math.max(done, gone[value] as number));
    }
  }
  const count = numbers.values.length;
  for (let value = 0; value < count; value++) {
    const done = gone[value] as number;
    if (done !== open && (enqueued[value] as number) > done) stuck = Math.min(stuck, done);
  }
  if (stuck !== open) return { stuck };
  return { lives: { enqueued, present, dequeued, gone, count }, empties, some };
}

/** The rank at which a value is gone that overtook another that was dequeued; or −1. */
function overtakingIn({ enqueued, present, dequeued, gone, count }: Lives, ranks: number): number {
  const [calledAt, doneAt] = [valuesAt(enqueued, count, ranks), valuesAt(present, count, ranks)];
  /** The latest call of a dequeue of values that are certainly in by now. */
  let latest = -1;
  let stuck = open;
  for (let rank = 0; rank < ranks; rank++) {
    const certain = doneAt[rank] as number;
    if (certain >= 0 && dequeued[certain] !== open) {
      latest = Math.max(latest, dequeued[certain] as number);
    }
    const next = calledAt[rank] as number;
    if (next >= 0 && (gone[next] as number) < latest) {
      stuck = Math.min(stuck, gone[next] as number);
    }
  }
  return stuck === open ? -1 : stuck;
}

/**
 * Values that were overtaken and never seen again must have been dequeued by somebody whose outcome
 * is unknown, before whoever overtook them. Returns a rank at which there are too few, or −1; to
 * the others the calls of such dequeues are given, the earliest to whom is due first.
 */
function removed(
  { enqueued, present, dequeued, gone, count }: Lives,
  some: readonly number[],
  ranks: number,
) {
  const [calledAt, doneAt] = [valuesAt(enqueued, count, ranks), valuesAt(present, count, ranks)];
  const due: [deadline: number, value: number][] = [];
  let earliest = open;
  for (let rank = ranks - 1; rank >= 0; rank--) {
    const later = calledAt[rank] as number;
    if (later >= 0) earliest = Math.min(earliest, gone[later] as number);
    const value = doneAt[rank] as number;
    if (value >= 0 && dequeued[value] === open && earliest !== open) due.push([earliest, value]);
  }
  due.sort(([a, v], [b, w]) => a - b || v - w);
  for (const [nth, [deadline, value]] of due.entries()) {
    const call = some[nth] ?? open;
    if (call > deadline) return deadline;
    dequeued[value] = call;
  }
  return -1;
}

/** A return of somebody who found the queue empty though it never was meanwhile; or −1. O(n). */
function fullAt({ present, dequeued, count }: Lives, empties: Others['empties'], ranks: number) {
  if (empties.length === 0) return -1;
  /** By rank: how many more values are certainly there after it than before. */
  const more = new Int32Array(ranks + 1);
  for (let value = 0; value < count; value++) {
    const [from, to] = [present[value] as number, Math.min(ranks, dequeued[value] as number)];
    if (from >= to) continue;
    more[from] = (more[from] as number) + 1;
    more[to] = (more[to] as number) - 1;
  }
  /** By rank: after how many of lower rank nothing is certainly there. */
  const bare = new Int32Array(ranks + 1);
  let there = 0;
  for (let rank = 0; rank < ranks; rank++) {
    there += more[rank] as number;
    bare[rank + 1] = (bare[rank] as number) + (there === 0 ? 1 : 0);
  }
  const full = empties.filter(([call, done]) => bare[call] === bare[done]).map(([, done]) => done);
  return full.length === 0 ? -1 : Math.min(...full);
}

/** By rank: the value for which it stands in a list by value, or −1. */
function valuesAt(list: Int32Array, count: number, ranks: number): Int32Array {
  const values = new Int32Array(ranks).fill(-1);
  for (let value = 0; value < count; value++) {
    const rank = list[value] as number;
    if (rank !== open) values[rank] = value;
  }
  return values;
}
