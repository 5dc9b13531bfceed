// Digests: a running 64-bit chain over 32-bit words, and the canonical digest of plain data. They
// tell runs apart; they are no cryptography. Objects are walked by sorted keys; Maps and Sets in
// insertion order, because a protocol can see that order.
import { hex64 } from './mix.js';
import { isRecord, NotPlainError } from './plain.js';

/** A 64-bit chain: every word depends on all words before it. In the manner of MurmurHash3. */
export class Digest {
  hi = 0x2545f491;
  lo = 0x4f6cdd1d;

  /** Absorbs one 32-bit word. */
  word(word: number): void {
    const lo = Math.imul(this.lo ^ word, 0xcc9e2d51);
    const hi = Math.imul(this.hi ^ (lo >>> 15) ^ word, 0x1b873593);
    this.lo = (lo << 13) ^ (lo >>> 19) ^ hi;
    this.hi = (hi << 11) ^ (hi >>> 21);
  }

  /** Absorbs two words at once: an event. The same as two calls of `word`. */
  words(a: number, b: number): void {
    let lo = Math.imul(this.lo ^ a, 0xcc9e2d51);
    let hi = Math.imul(this.hi ^ (lo >>> 15) ^ a, 0x1b873593);
    lo = Math.imul((lo << 13) ^ (lo >>> 19) ^ hi ^ b, 0xcc9e2d51);
    hi = Math.imul((hi << 11) ^ (hi >>> 21) ^ (lo >>> 15) ^ b, 0x1b873593);
    this.lo = (lo << 13) ^ (lo >>> 19) ^ hi;
    this.hi = (hi << 11) ^ (hi >>> 21);
  }

  /** Absorbs a double, exactly: NaNs are one, 0 and −0 are two. */
  number(value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.word(0x1000193);
      this.word(value | 0);
      return;
    }
    doubles[0] = Number.isNaN(value) ? Number.NaN : value;
    this.word(words[0] as number);
    this.word(words[1] as number);
  }

  text(text: string): void {
    this.word(text.length);
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
  }

  /** Absorbs plain data, canonically. Throws `NotPlainError`; O(size). */
  plain(value: unknown): this {
    absorb(this, value, '', 0);
    return this;
  }

  toString(): string {
    return hex64(this.hi, this.lo);
  }
}

const doubles = new Float64Array(1);
const words = new Int32Array(doubles.buffer);

/** How deep plain data may nest; a cycle is deeper than any data. */
const depthMax = 1_000;

/** The canonical 64-bit digest of plain data: 16 hexadecimal digits. */
export function digestOf(value: unknown): string {
  return new Digest().plain(value).toString();
}

function absorb(digest: Digest, value: unknown, path: string, depth: number): void {
  if (depth > depthMax) throw new NotPlainError(path.slice(0, 80), value);
  switch (typeof value) {
    case 'number':
      digest.word(1);
      return digest.number(value);
    case 'string':
      digest.word(2);
      return digest.text(value);
    case 'boolean':
      return digest.word(value ? 3 : 4);
    case 'undefined':
      return digest.word(5);
    case 'object':
      return value === null ? digest.word(6) : absorbObject(digest, value, path, depth);
    default:
      throw new NotPlainError(path, value);
  }
}

function absorbObject(digest: Digest, value: object, path: string, depth: number): void {
  const part = (inner: unknown, key: unknown): void =>
    absorb(digest, inner, `${path}.${String(key)}`, depth + 1);
  if (Array.isArray(value)) {
    digest.word(7);
    digest.word(value.length);
    for (let i = 0; i < value.length; i++) part(value[i], i);
  } else if (value instanceof Map) {
    digest.word(8);
    digest.word(value.size);
    for (const [key, inner] of value) {
      part(key, 'key');
      part(inner, 'value');
    }
  } else if (value instanceof Set) {
    digest.word(9);
    digest.word(value.size);
    for (const inner of value) part(inner, 'member');
  } else if (isRecord(value)) {
    const keys = Object.keys(value).sort(byCodeUnits);
    digest.word(10);
    digest.word(keys.length);
    for (const key of keys) {
      digest.text(key);
      part(value[key], key);
    }
  } else {
    throw new NotPlainError(path, value);
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
