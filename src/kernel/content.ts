// What scalars add to the hash of what holds them, as words of 32 bits: a whole number is itself, a
// text a hash of its units, another number its two halves, and the rest constants.
import { NotPlainError } from './plain.js';

/** What stands for ''. */
export const emptyHash = 0x2f0b4c47;

/** The word of a text. O(length). */
export function textHash(text: string): number {
  let hash = emptyHash ^ text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** The word of a scalar that is neither a number nor a text; throws `NotPlainError` of others. */
export function constantOf(value: unknown, key: string | number): number {
  if (value === null) return 0x7ed55d16;
  if (value === undefined) return 0x61c88647;
  if (typeof value === 'boolean') return value ? 0x5a17c0de : 0x3b9ac9ff;
  throw new NotPlainError(String(key), value);
}

/** The two words of a number that is not whole, or does not fit into one. */
export function halvesOf(value: number): readonly [low: number, high: number] {
  doubles[0] = Number.isNaN(value) ? Number.NaN : value;
  return [words[0] as number, words[1] as number];
}

const doubles = new Float64Array(1);
const words = new Int32Array(doubles.buffer);
