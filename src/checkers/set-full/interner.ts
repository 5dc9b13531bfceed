// Values become numbers, once, so that all else is arithmetic on arrays. Equal values get the same
// number; small whole numbers, which most workloads add, do not even pass through a Map.
import { keyOf, type ValueKey } from '../../history/value.js';

/** Values in the order in which they were first met; `numberOf` is the position of each. */
export class Interner {
  readonly values: unknown[] = [];
  /** Number + 1 of each small whole number; 0 for none yet. */
  #small: Int32Array<ArrayBuffer>;
  readonly #smallMax: number;
  readonly #others = new Map<ValueKey, number>();

  /** `expected`: about how many values there will be; tables are not to be much greater. */
  constructor(expected = smallMax) {
    this.#smallMax = Math.min(smallMax, 64 + 16 * expected);
    this.#small = new Int32Array(Math.min(1_024, this.#smallMax));
  }

  numberOf(value: unknown): number {
    if (typeof value === 'number' && value >>> 0 === value && value < this.#smallMax) {
      return this.#smallNumberOf(value);
    }
    const key = keyOf(value);
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    this.#others.set(key, this.values.length);
    return this.values.push(value) - 1;
  }

  #smallNumberOf(value: number): number {
    const known = this.#small[value] ?? 0;
    if (known > 0) return known - 1;
    if (value >= this.#small.length) this.#small = grown(this.#small, value + 1);
    this.#small[value] = this.values.push(value);
    return this.values.length - 1;
  }
}

/** Below this a number is small: 16 MB of table at most. */
const smallMax = 2 ** 22;

/** A copy with room for at least `length` items; what is new is 0. */
export function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(Math.max(length, array.length * 2));
  copy.set(array);
  return copy;
}
