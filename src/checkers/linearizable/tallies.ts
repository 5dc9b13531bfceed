// Counts of kinds, numbered: equal counts have the same number. They are the leaves of a binary
// tree of which equal parts are kept once, so that counting costs a path of it.
import { TupleTable } from './tuple-table.js';

/** Number 0 has counted nothing. */
export class Tallies {
  /** Rows are (left, right); row r is node r + 1, and node 0 has counted nothing. */
  readonly #nodes = new TupleTable(2);
  readonly #levels: number;

  constructor(kinds: number) {
    this.#levels = kinds <= 1 ? 0 : 32 - Math.clz32(kinds - 1);
  }

  get bytes(): number {
    return this.#nodes.bytes;
  }

  /** How many of a kind were counted. O(log kinds). */
  count(tally: number, kind: number): number {
    let node = tally;
    for (let level = this.#levels - 1; level >= 0 && node !== 0; level--) {
      node = this.#nodes.part(node - 1, (kind >> level) & 1);
    }
    return node;
  }

  /** With some more of a kind. O(log kinds). */
  with(tally: number, kind: number, more: number): number {
    return this.#with(tally, kind, more, this.#levels - 1);
  }

  #with(node: number, kind: number, more: number, level: number): number {
    if (level < 0) return node + more;
    const side = (kind >> level) & 1;
    const [left, right] = [this.#side(node, 0), this.#side(node, 1)];
    const below = this.#with(side === 0 ? left : right, kind, more, level - 1);
    const { scratch } = this.#nodes;
    scratch[0] = side === 0 ? below : left;
    scratch[1] = side === 0 ? right : below;
    const row = this.#nodes.add();
    return (row >= 0 ? row : -1 - row) + 1;
  }

  /** Tells of every kind of which one tally has not as many as the other. O(what differs). */
  compare(tally: number, other: number, tell: (kind: number, more: number) => void): void {
    this.#compare(tally, other, { level: this.#levels - 1, from: 0, tell });
  }

  #compare(
    node: number,
    other: number,
    { level, from, tell }: { level: number; from: number; tell: (k: number, m: number) => void },
  ): void {
    if (node === other) return;
    if (level < 0) return tell(from, node - other);
    for (const side of [0, 1]) {
      const below = { level: level - 1, from: from + (side << level), tell };
      this.#compare(this.#side(node, side), this.#side(other, side), below);
    }
  }

  #side(node: number, side: number): number {
    return node === 0 ? 0 : this.#nodes.part(node - 1, side);
  }
}
