// Keys: 64-bit identities of events, from which all chance at the event is drawn. The key of an
// effect is mix(key of its cause, kind, destination, nth): a pure function of its causal history,
// so nothing that happens elsewhere can change it. A key is two 32-bit halves, in fields:
// JavaScript has no cheap 64-bit number. Source of the idea: splittable generators (Steele et al.
// 2014).
import { hex64, mix32 } from './mix.js';

/** As a constant of this module: V8 looks imports up at every use. */
const mix = mix32;

/** A 64-bit key, mutable because the hot loop reuses it. */
export class Key {
  hi = 0;
  lo = 0;

  set(hi: number, lo: number): this {
    this.hi = hi;
    this.lo = lo;
    return this;
  }

  /**
   * Becomes the key of an effect of the event with key (hi, lo). `word` is the effect's kind and
   * its number among those of that kind to that destination; (destHi, destLo) the destination's
   * own key. For fixed other arguments it is a bijection of (hi, lo): causes never collide.
   */
  derive(hi: number, lo: number, word: number, destHi: number, destLo: number): void {
    let y = Math.imul((lo ^ destLo) + Math.imul(word, 0x9e3779b9), 0x846ca68b);
    const x = Math.imul((hi ^ destHi) + (y ^ (y >>> 15)), 0x7feb352d);
    y = Math.imul(y ^ x ^ (x >>> 16), 0x2c1b3c6d);
    this.hi = x ^ y ^ (y >>> 13);
    this.lo = y ^ (y >>> 16);
  }

  toString(): string {
    return hex64(this.hi, this.lo);
  }
}

/** The key of a name: a node, a seed and purpose, a stable identity. */
export function keyOf(...names: readonly (string | number)[]): Key {
  const key = new Key().set(0x51ab1e, 0x9e3779b9);
  for (const name of names) absorb(key, String(name));
  return key;
}

/** Reads 16 hexadecimal digits; `undefined` for anything else. */
export function parseKey(text: string): Key | undefined {
  if (!/^[0-9a-f]{16}$/.test(text)) return undefined;
  return new Key().set(
    Number.parseInt(text.slice(0, 8), 16) | 0,
    Number.parseInt(text.slice(8), 16) | 0,
  );
}

function absorb(key: Key, text: string): void {
  for (let i = 0; i < text.length; i++) {
    key.derive(key.hi, key.lo, text.charCodeAt(i) + 1, 0, 0);
  }
  key.derive(key.hi, key.lo, -1 - text.length, 0, 0);
}

/**
 * 32 random bits for the draw `salt` of the event with key (hi, lo). Draws with different salts are
 * independent of each other, so a choice can be overridden without disturbing the next. It stands
 * on 32 bits of the key: of 2^32 pairs of events one agrees in the draws of all salts.
 */
export function drawBits(hi: number, lo: number, salt: number): number {
  return mix(lo ^ Math.imul(hi, 0x85ebca6b) ^ Math.imul(salt, 0x9e3779b9)) >>> 0;
}

/**
 * 32 random bits, the `nth` of as many as anybody likes: the first is that of `drawBits`, each
 * later one stands on all bits of the key. So what is made of several, a UUID say, is the same at
 * two events as seldom as their keys are; the first draw alone is at one of 2^32 pairs.
 */
export function nthBits(hi: number, lo: number, nth: number): number {
  if (nth === 0) return drawBits(hi, lo, 0);
  return mix(lo ^ mix(hi + Math.imul(nth, 0x9e3779b9))) >>> 0;
}
