// Multisets of small integers, numbered: equal multisets have the same number. A multiset is its
// greatest element and the rest, so that adding costs one look-up for each greater element.
import { TupleTable } from './tuple-table.js';

/** The empty multiset has number 0. */
export class Multisets {
  /** Rows are (greatest element, rest); row r is multiset r + 1. */
  readonly #table = new TupleTable(2);

  get bytes(): number {
    return this.#table.bytes;
  }

  /** The multiset with one more `element`. */
  with(multiset: number, element: number): number {
    const greater: number[] = [];
    let rest = multiset;
    while (rest !== 0 && this.#table.part(rest - 1, 0) > element) {
      greater.push(this.#table.part(rest - 1, 0));
      rest = this.#table.part(rest - 1, 1);
    }
    let result = this.#pair(element, rest);
    for (let at = greater.length - 1; at >= 0; at--) {
      result = this.#pair(greater[at] as number, result);
    }
    return result;
  }

  /** How often it has `element`. */
  count(multiset: number, element: number): number {
    let found = 0;
    for (let rest = multiset; rest !== 0; rest = this.#table.part(rest - 1, 1)) {
      const greatest = this.#table.part(rest - 1, 0);
      if (greatest < element) break;
      if (greatest === element) found++;
    }
    return found;
  }

  /** Whether a multiset has all that another one has. */
  includes(multiset: number, other: number): boolean {
    let [all, left] = [multiset, other];
    while (left !== all && left !== 0) {
      if (all === 0) return false;
      const [greatest, wanted] = [this.#table.part(all - 1, 0), this.#table.part(left - 1, 0)];
      if (greatest < wanted) return false;
      if (greatest === wanted) left = this.#table.part(left - 1, 1);
      all = this.#table.part(all - 1, 1);
    }
    return true;
  }

  /** The greatest element of a multiset that is not empty, and the multiset of the others. */
  greatest(multiset: number): number {
    return this.#table.part(multiset - 1, 0);
  }

  others(multiset: number): number {
    return this.#table.part(multiset - 1, 1);
  }

  #pair(greatest: number, rest: number): number {
    const { scratch } = this.#table;
    scratch[0] = greatest;
    scratch[1] = rest;
    const row = this.#table.add();
    return (row >= 0 ? row : -1 - row) + 1;
  }
}
