// Configurations of a register that a depth-first search has come to. It need not go on from one if
// it has been at the same return with one that is as good.
import { mix32 } from '../../kernel/mix.js';
import { grown } from '../set-full/interner.js';
import { Dominance } from './dominance.js';
import type { RegisterWalk } from './register-walk.js';

/** How many are compared with a new one. */
const comparedMax = 64;

export class Explored {
  readonly #walk: RegisterWalk;
  readonly #dominance: Dominance;
  #rows: Int32Array<ArrayBuffer>;
  #count = 0;
  /** By row: the hash of its key, and the row before it in its bucket; −1 for none. */
  #hashes: Int32Array<ArrayBuffer> = new Int32Array(64);
  #before: Int32Array<ArrayBuffer> = new Int32Array(64);
  /** By bucket: its last row + 1. The length is a power of two. */
  #buckets: Int32Array<ArrayBuffer> = new Int32Array(128);

  constructor(walk: RegisterWalk) {
    this.#walk = walk;
    this.#dominance = new Dominance(walk);
    this.#rows = new Int32Array(64 * walk.width);
  }

  /** Bytes that it holds. */
  get bytes(): number {
    return 4 * (this.#rows.length + 2 * this.#hashes.length + this.#buckets.length);
  }

  /** Adds the walk's configuration; false if there is one that is as good. */
  add(): boolean {
    const { width, pending } = this.#walk;
    const start = this.#count * width;
    if (start + width > this.#rows.length) this.#rows = grown(this.#rows, start + width);
    this.#walk.save(this.#rows, start);
    this.#dominance.move();
    const hash = mix32(this.#dominance.keyOf(this.#rows, start) ^ Math.imul(pending.rank, 31));
    let left = comparedMax;
    let row = (this.#buckets[hash & (this.#buckets.length - 1)] as number) - 1;
    for (; row >= 0 && left > 0; row = this.#before[row] as number) {
      if (this.#hashes[row] !== hash || this.#rows[row * width] !== pending.rank) continue;
      if (this.#dominance.isAsGood(this.#rows, row * width, start)) return false;
      left--;
    }
    this.#insert(hash);
    return true;
  }

  #insert(hash: number): void {
    if (this.#count === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, this.#count + 1);
      this.#before = grown(this.#before, this.#count + 1);
    }
    this.#hashes[this.#count] = hash;
    this.#link(this.#count++);
    if (this.#count * 2 <= this.#buckets.length) return;
    this.#buckets = new Int32Array(this.#buckets.length * 2);
    for (let row = 0; row < this.#count; row++) this.#link(row);
  }

  #link(row: number): void {
    const bucket = (this.#hashes[row] as number) & (this.#buckets.length - 1);
    this.#before[row] = (this.#buckets[bucket] as number) - 1;
    this.#buckets[bucket] = row + 1;
  }
}
