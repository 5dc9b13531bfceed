// Chance. What is drawn while running is a pure function of the event's key (`KeyedRandom`); what
// is planned ahead comes from named seedrandom streams (`stream`). Whole numbers only; no Math.log
// or Math.pow, which engines may round differently.
import alea from 'seedrandom/lib/alea.js';
import { assert } from './assert.js';
import { nthBits } from './key.js';

/** Chance as a protocol sees it: whole numbers only. */
export interface Random {
  /** A whole number in [0, bound). `bound` is a whole number from 1 to 2^32. */
  below(bound: number): number;
  /** True with a probability of `ppm` in a million. */
  chance(ppm: number): boolean;
  /** One of `items`; throws when there are none. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

const twoTo32 = 2 ** 32;
/** As a constant of this module: V8 looks imports up at every use. */
const bitsOf = nthBits;

abstract class Draws implements Random {
  /** The next 32 bits. */
  protected abstract bits(): number;

  below(bound: number): number {
    if (!(bound >= 1 && bound <= twoTo32)) refuse(bound);
    return shareOf(this.bits(), bound);
  }

  chance(ppm: number): boolean {
    return this.below(1_000_000) < ppm;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, 'there is something to pick from');
    return items[this.below(items.length)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }
}

/** Draws that count up from a key; the counter dies with the event. */
export class KeyedRandom extends Draws {
  #hi = 0;
  #lo = 0;
  #count = 0;
  /** What `below` drew last, but for what edits decided. */
  drawn = 0;
  /** Draws that an edit has decided: number of the draw → its bits' outcome. */
  forced: ReadonlyMap<number, number> | undefined;

  /** Begins anew for the event with key (hi, lo). */
  rekey(hi: number, lo: number): this {
    this.#hi = hi;
    this.#lo = lo;
    this.#count = 0;
    return this;
  }

  override below(bound: number): number {
    if (this.forced !== undefined) return this.#forcedBelow(bound);
    if (!(bound >= 1 && bound <= twoTo32)) refuse(bound);
    const drawn = shareOf(bitsOf(this.#hi, this.#lo, this.#count++), bound);
    this.drawn = drawn;
    return drawn;
  }

  protected bits(): number {
    return bitsOf(this.#hi, this.#lo, this.#count++);
  }

  #forcedBelow(bound: number): number {
    const forced = this.forced?.get(this.#count);
    const drawn = super.below(bound);
    return forced === undefined ? drawn : forced % bound;
  }
}

/** The share bits / 2^32 of `bound`, rounded down, for 32 bits and a whole bound ≥ 0. */
const shareOf = (bits: number, bound: number): number => {
  const exact = (bits * bound) / twoTo32;
  // Much faster than Math.floor, which minds −0 and NaN.
  return bound <= twoTo32 ? exact >>> 0 : Math.floor(exact);
};
export const share = shareOf;

function refuse(bound: number): never {
  throw new RangeError(`a bound lies between 1 and 2^32, not ${bound}`);
}

/** A seedrandom `alea` stream of its own for one purpose; for what is planned before the run. */
export function stream(seed: string, purpose: string): Random {
  return new Stream(`${seed}/${purpose}`);
}

class Stream extends Draws {
  readonly #prng: { int32(): number };

  constructor(name: string) {
    super();
    this.#prng = alea(name);
  }

  protected bits(): number {
    return this.#prng.int32() >>> 0;
  }
}

/**
 * −ln(bits / 2^32) × mean, rounded down: an exponential draw from 32 bits. Only + − × ÷, so every
 * engine agrees; error below 1e−9 of the mean.
 */
export function exponential(bits: number, mean: number): number {
  const u = (bits + 0.5) / twoTo32;
  return Math.floor(-naturalLog(u) * mean);
}

/** ln x for x in (0, 1]: halvings, then the series of artanh. */
function naturalLog(x: number): number {
  let mantissa = x;
  let halvings = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    halvings++;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const square = t * t;
  let sum = 0;
  for (let n = 15; n >= 1; n -= 2) sum = sum * square + 1 / n;
  return 2 * t * sum - halvings * Math.LN2;
}
