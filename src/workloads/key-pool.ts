// A building block: keys as Elle's generators draw them. A few keys are in use at a time, later
// ones more often; each value is written to its key once, 1, 2, 3 …; a key that has had its share
// of writes gives its place to a new one. Source: elle.list-append/wr-txns.
import type { OptionProblem } from '../kernel/option.js';
import type { Random } from '../kernel/random.js';
import type { WorkloadOptions } from './workload.js';

/** Never changed in place. */
export type KeyPool = {
  /** Keys in use. Empty before the first draw. */
  readonly keys: readonly number[];
  /** How often each of them has been written to. */
  readonly writes: readonly number[];
  /** The next new key; all below it are or were in use. */
  readonly keyNext: number;
};

export const emptyPool: KeyPool = { keys: [], writes: [], keyNext: 0 };

/** The options that pools have, with Maelstrom's defaults. */
export const poolDefaults = { keyCount: 10, maxWritesPerKey: 16 } as const;

/** What is wrong with a pool's options. */
export function poolProblem(options: WorkloadOptions): OptionProblem | undefined {
  const option = ['keyCount', 'maxWritesPerKey'].find((name) => Number(options[name]) < 1);
  return option === undefined ? undefined : { option, expected: 'at least 1' };
}

/** The pool with as many keys as the options say. */
export function filled(pool: KeyPool, options: WorkloadOptions): KeyPool {
  const count = Number(options.keyCount);
  if (pool.keys.length === count) return pool;
  const keys = Array.from({ length: count }, (_, key) => key);
  return { keys, writes: keys.map(() => 0), keyNext: count };
}

/** The place of a key: place i has the weight 2^i. */
export function drawPlace({ keys }: KeyPool, random: Random): number {
  const weighty = Math.min(keys.length, 31); // Others are as good as never drawn.
  const ticket = 1 + random.below(2 ** weighty - 1);
  return keys.length - weighty + (31 - Math.clz32(ticket));
}

/** The key at a place. */
export function keyAt({ keys }: KeyPool, place: number): number {
  return keys[place] as number;
}

/** The next value for the key at a place, and the pool after it has been written. */
export function written(pool: KeyPool, place: number, options: WorkloadOptions) {
  const value = (pool.writes[place] as number) + 1;
  if (value < Number(options.maxWritesPerKey)) {
    return { value, pool: { ...pool, writes: pool.writes.with(place, value) } };
  }
  const retired = {
    keys: pool.keys.with(place, pool.keyNext),
    writes: pool.writes.with(place, 0),
    keyNext: pool.keyNext + 1,
  };
  return { value, pool: retired };
}
