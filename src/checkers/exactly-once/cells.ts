// Keys, and under a monoid that collects values keys with one value each, as numbers: cells. Every
// record asks for one, so a text or number that was seen before costs one look into one map.
import { keyOf, type ValueKey } from '../../history/value.js';
import { type Cell, collects, type Monoid } from './run.js';

/** Names as numbers, in the order in which they come. A field's name is text, so 1 is "1". */
export class Numbers {
  readonly names: unknown[] = [];
  readonly #numbers = new Map<ValueKey, number>();
  /** Names as they were given: one look for those that were seen before. */
  readonly #seen = new Map<unknown, number>();

  of(name: unknown): number {
    return this.#seen.get(name) ?? this.#of(name);
  }

  #of(name: unknown): number {
    const key = typeof name === 'number' ? String(name) : keyOf(name);
    const number = this.#numbers.get(key) ?? this.names.length;
    if (number === this.names.length) {
      this.#numbers.set(key, number);
      this.names.push(name);
    }
    if (typeof name === 'string' || typeof name === 'number') this.#seen.set(name, number);
    return number;
  }
}

export class Cells {
  readonly list: Cell[] = [];
  readonly #collects: boolean;
  readonly #keys = new Numbers();
  /** Where the monoid keeps one cell for each key: those of keys as they were given. */
  readonly #seen = new Map<unknown, number>();
  /** By key number: the cell, where the monoid keeps one for each key. */
  readonly #cells: number[] = [];
  /** By key number: the cells of its values, where it keeps those. */
  readonly #values: Map<ValueKey, number>[] = [];

  constructor(monoid: Monoid) {
    this.#collects = collects(monoid);
  }

  of(key: unknown, value: unknown): number {
    return this.#collects ? this.#ofValue(key, value) : (this.#seen.get(key) ?? this.#ofKey(key));
  }

  /** All cells that the key has by now. */
  ofKey(key: unknown): readonly number[] {
    if (!this.#collects) return [this.of(key, undefined)];
    return [...(this.#values[this.keyNumber(key)]?.values() ?? [])];
  }

  keyNumber(key: unknown): number {
    return this.#keys.of(key);
  }

  #ofKey(key: unknown): number {
    const keyNumber = this.#keys.of(key);
    const cell = this.#cells[keyNumber] ?? this.list.length;
    this.#cells[keyNumber] = cell;
    if (cell === this.list.length) this.list.push({ key, keyNumber });
    if (typeof key === 'string' || typeof key === 'number') this.#seen.set(key, cell);
    return cell;
  }

  #ofValue(key: unknown, value: unknown): number {
    const keyNumber = this.#keys.of(key);
    const values = this.#values[keyNumber] ?? new Map<ValueKey, number>();
    this.#values[keyNumber] = values;
    const valueKey = keyOf(value);
    const known = values.get(valueKey);
    if (known !== undefined) return known;
    values.set(valueKey, this.list.length);
    return this.list.push({ key, keyNumber, value }) - 1;
  }
}
