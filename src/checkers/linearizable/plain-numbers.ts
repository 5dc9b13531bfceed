// Plain values become numbers: equal values, in the sense of `keyOf`, have the same number. What is
// composite is numbered by the numbers of its parts, so that a state with a long text in it is not
// written out anew whenever something beside the text changes.
import { compareTexts, keyOf, type ValueKey } from '../../history/value.js';
import { isRecord } from '../../kernel/plain.js';
import { TupleTable } from './tuple-table.js';

/** So deep values are taken apart; what lies deeper is numbered as a whole. */
const depthMax = 50;
/** The beginning of a list; records begin with −2 − shape. */
const list = -1;

/** Simple values have even numbers, composite ones odd ones. */
export class PlainNumbers {
  readonly #simple = new Map<ValueKey, number>();
  /** Records by the names of their fields. */
  readonly #shapes = new Map<string, number>();
  /** What came before, and one part more. */
  readonly #pairs = new TupleTable(2);

  /** Bytes that tables hold. */
  get bytes(): number {
    return this.#pairs.bytes + 50 * this.#simple.size;
  }

  /** Throws `NotPlainError`; O(parts). */
  numberOf(value: unknown, depth = 0): number {
    if (typeof value !== 'object' || value === null || depth === depthMax) {
      return this.#simpleNumber(value);
    }
    if (Array.isArray(value)) {
      let number = this.#pair(list, -1);
      for (const part of value) number = this.#pair(number, this.numberOf(part, depth + 1));
      return number;
    }
    return isRecord(value) ? this.#recordNumber(value, depth) : this.#simpleNumber(value);
  }

  #recordNumber(value: Readonly<Record<string, unknown>>, depth: number): number {
    const names = Object.keys(value);
    if (names.length > 1) names.sort(compareTexts);
    let number = this.#pair(-2 - this.#shape(names), -1);
    for (const name of names) number = this.#pair(number, this.numberOf(value[name], depth + 1));
    return number;
  }

  #shape(names: readonly string[]): number {
    const text = names.length === 1 ? (names[0] as string) : JSON.stringify(names);
    const key = `${names.length}${text}`;
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    this.#shapes.set(key, this.#shapes.size);
    return this.#shapes.size - 1;
  }

  #simpleNumber(value: unknown): number {
    const key = keyOf(value);
    const known = this.#simple.get(key);
    if (known !== undefined) return 2 * known;
    this.#simple.set(key, this.#simple.size);
    return 2 * (this.#simple.size - 1);
  }

  #pair(before: number, part: number): number {
    const { scratch } = this.#pairs;
    scratch[0] = before;
    scratch[1] = part;
    const row = this.#pairs.add();
    return 2 * (row >= 0 ? row : -1 - row) + 1;
  }
}
