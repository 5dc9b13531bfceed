// A set of tuples of integers of one width, exact: equal tuples are found by comparing them, not by
// trusting a hash. Tuples are numbered in the order in which they came.
import { mix32 } from '../../kernel/mix.js';

/** Open addressing over dense rows. Write a tuple to `scratch`, then `add` or `find` it. */
export class TupleTable {
  readonly width: number;
  readonly scratch: Int32Array<ArrayBuffer>;
  size = 0;
  #rows: Int32Array<ArrayBuffer>;
  /** Row + 1; 0 for none. Its length is a power of two. */
  #slots: Int32Array<ArrayBuffer>;

  constructor(width: number) {
    this.width = width;
    this.scratch = new Int32Array(width);
    this.#rows = new Int32Array(width * 8);
    this.#slots = new Int32Array(16);
  }

  /** Bytes that the table holds. */
  get bytes(): number {
    return 4 * (this.#rows.length + this.#slots.length);
  }

  /** The number of the tuple in `scratch`, or −1 − the number that it has been given now. */
  add(): number {
    const slot = this.#slotOf(this.scratch, 0);
    const row = (this.#slots[slot] as number) - 1;
    if (row >= 0) return row;
    const next = this.size++;
    this.#slots[slot] = next + 1;
    if ((next + 1) * this.width > this.#rows.length) this.#rows = doubled(this.#rows);
    const start = next * this.width;
    for (let at = 0; at < this.width; at++) this.#rows[start + at] = this.scratch[at] as number;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return -1 - next;
  }

  /** Part `at` of tuple `row`. */
  part(row: number, at: number): number {
    return this.#rows[row * this.width + at] as number;
  }

  /** The slot that holds the tuple at `start` of `source`, or the free one where it belongs. */
  #slotOf(source: Int32Array, start: number): number {
    const { width } = this;
    let hash = 0x9e37_79b9;
    for (let at = 0; at < width; at++) {
      hash = Math.imul(hash ^ (source[start + at] as number), 0x85eb_ca6b);
      hash ^= hash >>> 15;
    }
    const last = this.#slots.length - 1;
    for (let slot = mix32(hash) & last; ; slot = (slot + 1) & last) {
      const row = (this.#slots[slot] as number) - 1;
      if (row < 0 || this.#equals(row * width, source, start)) return slot;
    }
  }

  #equals(row: number, source: Int32Array, start: number): boolean {
    for (let at = 0; at < this.width; at++) {
      if (this.#rows[row + at] !== source[start + at]) return false;
    }
    return true;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let row = 0; row < this.size; row++) {
      this.#slots[this.#slotOf(this.#rows, row * this.width)] = row + 1;
    }
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}
