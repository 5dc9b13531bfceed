// When one configuration of a register is as good as another that waits at the same return: if it
// lacks nothing that the other can still do. Then the other need not be looked at.
import { masksAt, type RegisterWalk, usedAt, valueAt } from './register-walk.js';

export class Dominance {
  readonly #walk: RegisterWalk;
  /** By word: the slots of writes, and of those that only observe. */
  readonly #writes: Int32Array;
  readonly #observers: Int32Array;

  /** At the place where the walk is. */
  constructor(walk: RegisterWalk) {
    this.#walk = walk;
    this.#writes = new Int32Array(walk.words);
    this.#observers = new Int32Array(walk.words);
    this.move();
  }

  /** Goes to the place where the walk is. */
  move(): void {
    const { writes, reads, mismatches, idle } = this.#walk.pending;
    for (let word = 0; word < this.#writes.length; word++) {
      this.#writes[word] = writes[word] as number;
      this.#observers[word] =
        (reads[word] as number) | (mismatches[word] as number) | (idle[word] as number);
    }
  }

  /** Rows with different keys are not compared. */
  keyOf(rows: Int32Array, start: number): number {
    let hash = rows[start + valueAt] as number;
    for (let word = 0; word < this.#writes.length; word++) {
      const others = ~(this.#writes[word] as number) & ~(this.#observers[word] as number);
      hash = Math.imul(hash, 0x9e37_79b1) ^ ((rows[start + masksAt + word] as number) & others);
    }
    return hash;
  }

  /**
   * Whether row `a` can do all that row `b` can. Of pending operations: who only observes had
   * better be done; a hidden write, which may still be used, is better than one that has been used
   * or must be; others are to be alike.
   */
  isAsGood(rows: Int32Array, a: number, b: number): boolean {
    const { length } = this.#writes;
    if (rows[a + valueAt] !== rows[b + valueAt]) return false;
    for (let word = 0; word < length; word++) {
      const writes = this.#writes[word] as number;
      const observers = this.#observers[word] as number;
      const done = rows[a + masksAt + word] as number;
      const other = rows[b + masksAt + word] as number;
      const hidden = rows[a + masksAt + length + word] as number;
      const bare = rows[b + masksAt + length + word] as number;
      if ((((done ^ other) | (hidden ^ bare)) & ~observers & ~writes) !== 0) return false;
      if ((other & ~done & observers) !== 0) return false;
      if ((((done ^ other) | bare) & writes & ~hidden) !== 0) return false;
    }
    return this.#walk.used.isAsGood(rows[a + usedAt] as number, rows[b + usedAt] as number);
  }
}
