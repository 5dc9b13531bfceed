// Configurations of a register that wait at the same return. One is as good as another and better
// if it lacks nothing that the other can still do: then the other is forgotten.
import { grown } from '../set-full/interner.js';
import { masksAt, type RegisterWalk, usedAt, valueAt } from './register-walk.js';

export class Layer {
  /** Configurations, as the walk saves them. */
  rows: Int32Array<ArrayBuffer>;
  /** Those that have come, forgotten ones too. */
  count = 0;
  readonly #walk: RegisterWalk;
  /** By word: the slots of writes, and of those that only observe. */
  #writes: Int32Array;
  #observers: Int32Array;
  /** By value and compare-and-sets that are done: the rows that are not forgotten. */
  readonly #alike = new Map<number, number[]>();
  readonly #forgotten = new Set<number>();

  /** A layer at the place where the walk is. */
  constructor(walk: RegisterWalk) {
    this.#walk = walk;
    this.rows = new Int32Array(8 * walk.width);
    const { writes, reads, mismatches, idle } = walk.pending;
    this.#writes = writes.slice();
    this.#observers = reads.map(
      (mask, word) => mask | (mismatches[word] as number) | (idle[word] as number),
    );
  }

  /** A copy, of which this need not be the place of the walk. */
  copy(): Layer {
    const copy = new Layer(this.#walk);
    copy.rows = this.rows.slice();
    copy.count = this.count;
    copy.#writes = this.#writes;
    copy.#observers = this.#observers;
    for (const [key, rows] of this.#alike) copy.#alike.set(key, [...rows]);
    for (const row of this.#forgotten) copy.#forgotten.add(row);
    return copy;
  }

  isForgotten(row: number): boolean {
    return this.#forgotten.has(row);
  }

  /** The rows that are not forgotten. */
  kept(): number[] {
    const kept: number[] = [];
    for (let row = 0; row < this.count; row++) if (!this.#forgotten.has(row)) kept.push(row);
    return kept;
  }

  /** What its configurations have used. */
  used(): number[] {
    return this.kept().map((row) => this.rows[row * this.#walk.width + usedAt] as number);
  }

  /** Gives what was used its new names. */
  rename(names: ReadonlyMap<number, number>): void {
    for (const row of this.kept()) {
      const at = row * this.#walk.width + usedAt;
      this.rows[at] = names.get(this.rows[at] as number) as number;
    }
  }

  /** Adds the walk's configuration, unless there is one that is as good. */
  add(): void {
    const { width } = this.#walk;
    const start = this.count * width;
    if (start + width > this.rows.length) this.rows = grown(this.rows, start + width);
    this.#walk.save(this.rows, start);
    const key = this.#keyOf(start);
    const alike = this.#alike.get(key);
    if (alike === undefined) {
      this.#alike.set(key, [this.count++]);
      return;
    }
    for (const row of alike) if (this.#isAsGood(row * width, start)) return;
    let kept = 0;
    for (const row of alike) {
      if (this.#isAsGood(start, row * width)) this.#forgotten.add(row);
      else alike[kept++] = row;
    }
    alike.length = kept;
    alike.push(this.count++);
  }

  /** Configurations with different keys are not compared. */
  #keyOf(start: number): number {
    let hash = this.rows[start + valueAt] as number;
    for (let word = 0; word < this.#writes.length; word++) {
      const others = ~(this.#writes[word] as number) & ~(this.#observers[word] as number);
      hash =
        Math.imul(hash, 0x9e37_79b1) ^ ((this.rows[start + masksAt + word] as number) & others);
    }
    return hash;
  }

  /**
   * Whether row `a` can do all that row `b` can. Of pending operations: who only observes had
   * better be done; a hidden write, which may still be used, is better than one that has been used
   * or must be; others are to be alike.
   */
  #isAsGood(a: number, b: number): boolean {
    const rows = this.rows;
    const { length } = this.#writes;
    if (rows[a + valueAt] !== rows[b + valueAt]) return false;
    for (let word = 0; word < length; word++) {
      const [writes, observers] = [this.#writes[word] as number, this.#observers[word] as number];
      const [done, other] = [
        rows[a + masksAt + word] as number,
        rows[b + masksAt + word] as number,
      ];
      const hidden = rows[a + masksAt + length + word] as number;
      const bare = rows[b + masksAt + length + word] as number;
      if ((((done ^ other) | (hidden ^ bare)) & ~observers & ~writes) !== 0) return false;
      if ((other & ~done & observers) !== 0) return false;
      if ((((done ^ other) | bare) & writes & ~hidden) !== 0) return false;
    }
    return this.#walk.used.isAsGood(rows[a + usedAt] as number, rows[b + usedAt] as number);
  }

  /** At most so many rows, of each value in turn: those first that used fewest unknown ones. */
  best(max: number): number[] {
    const kept = this.kept();
    if (kept.length <= max) return kept;
    const { width, used } = this.#walk;
    const ranked = kept.map((row) => ({
      row,
      value: this.rows[row * width + valueAt] as number,
      size: used.size(this.rows[row * width + usedAt] as number),
      turn: 0,
    }));
    ranked.sort((a, b) => a.size - b.size || a.row - b.row);
    const turns = new Map<number, number>();
    for (const each of ranked) {
      each.turn = turns.get(each.value) ?? 0;
      turns.set(each.value, each.turn + 1);
    }
    ranked.sort((a, b) => a.turn - b.turn || a.size - b.size || a.row - b.row);
    return ranked.slice(0, max).map(({ row }) => row);
  }
}
