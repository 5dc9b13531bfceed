// Configurations of a register that wait at the same return. Where one is as good as another, the
// other is forgotten.
import { grown } from '../set-full/interner.js';
import { Dominance } from './dominance.js';
import { type RegisterWalk, usedAt, valueAt } from './register-walk.js';

export class Layer {
  /** Configurations, as the walk saves them. */
  rows: Int32Array<ArrayBuffer>;
  /** Those that have come, forgotten ones too. */
  count = 0;
  readonly #walk: RegisterWalk;
  readonly #dominance: Dominance;
  /** By value and compare-and-sets that are done: the rows that are not forgotten. */
  readonly #alike = new Map<number, number[]>();
  readonly #forgotten = new Set<number>();

  /** A layer at the place where the walk is. */
  constructor(walk: RegisterWalk, dominance = new Dominance(walk)) {
    this.#walk = walk;
    this.rows = new Int32Array(8 * walk.width);
    this.#dominance = dominance;
  }

  /** A copy, of which this need not be the place of the walk. */
  copy(): Layer {
    const copy = new Layer(this.#walk, this.#dominance);
    copy.rows = this.rows.slice();
    copy.count = this.count;
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
    const key = this.#dominance.keyOf(this.rows, start);
    const alike = this.#alike.get(key);
    if (alike === undefined) {
      this.#alike.set(key, [this.count++]);
      return;
    }
    const { rows } = this;
    const isAsGood = (a: number, b: number) => this.#dominance.isAsGood(rows, a, b);
    for (const row of alike) if (isAsGood(row * width, start)) return;
    let kept = 0;
    for (const row of alike) {
      if (isAsGood(start, row * width)) this.#forgotten.add(row);
      else alike[kept++] = row;
    }
    alike.length = kept;
    alike.push(this.count++);
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
