// Which queue slot holds which timer: (node, timer id) → slot, open addressing in one Int32Array,
// linear probing with deletion by shifting back. Source: Knuth, TAOCP 3, §6.4, algorithm R.
const rowWords = 4; // One unused: a row never straddles two cache lines.

export class TimerTable {
  /** Rows of (node + 1, id, slot); 0 in the first word marks a free row. */
  #rows: Int32Array = new Int32Array(64 * rowWords);
  #mask = 63;
  /** Leaves as many top bits of a hash as the mask has. */
  #shift = 26;
  #size = 0;

  set(node: number, id: number, slot: number): void {
    if (this.#size * 3 > this.#mask) this.#grow();
    const rows = this.#rows;
    let row = this.#home(node, id);
    while (rows[row * rowWords] !== 0) row = (row + 1) & this.#mask;
    rows[row * rowWords] = node + 1;
    rows[row * rowWords + 1] = id;
    rows[row * rowWords + 2] = slot;
    this.#size++;
  }

  /** Removes the timer and returns its slot; 0 when there is none. */
  take(node: number, id: number): number {
    const rows = this.#rows;
    let row = this.#home(node, id);
    for (; rows[row * rowWords] !== 0; row = (row + 1) & this.#mask) {
      if (rows[row * rowWords] !== node + 1 || rows[row * rowWords + 1] !== id) continue;
      const slot = rows[row * rowWords + 2] as number;
      this.#removeAt(row);
      return slot;
    }
    return 0;
  }

  /** The ids of a node's timers, in the order in which they were set. O(all timers). */
  idsOf(node: number): number[] {
    const ids: number[] = [];
    for (let row = 0; row <= this.#mask; row++) {
      if (this.#rows[row * rowWords] === node + 1) ids.push(this.#rows[row * rowWords + 1]!);
    }
    return ids.sort((a, b) => a - b);
  }

  clone(): TimerTable {
    const twin = new TimerTable();
    twin.#rows = this.#rows.slice();
    twin.#mask = this.#mask;
    twin.#shift = this.#shift;
    twin.#size = this.#size;
    return twin;
  }

  #home(node: number, id: number): number {
    return ((Math.imul(node, 0x85ebca6b) + Math.imul(id, 0x9e3779b1)) | 0) >>> this.#shift;
  }

  #removeAt(start: number): void {
    const rows = this.#rows;
    const mask = this.#mask;
    let hole = start;
    for (let row = (hole + 1) & mask; rows[row * rowWords] !== 0; row = (row + 1) & mask) {
      const home = this.#home(rows[row * rowWords]! - 1, rows[row * rowWords + 1]!);
      if (((row - home) & mask) < ((row - hole) & mask)) continue;
      rows[hole * rowWords] = rows[row * rowWords]!;
      rows[hole * rowWords + 1] = rows[row * rowWords + 1]!;
      rows[hole * rowWords + 2] = rows[row * rowWords + 2]!;
      hole = row;
    }
    rows[hole * rowWords] = 0;
    this.#size--;
  }

  #grow(): void {
    const old = this.#rows;
    this.#mask = this.#mask * 2 + 1;
    this.#shift--;
    this.#rows = new Int32Array((this.#mask + 1) * rowWords);
    this.#size = 0;
    for (let at = 0; at < old.length; at += rowWords) {
      if (old[at] !== 0) this.set(old[at]! - 1, old[at + 1]!, old[at + 2]!);
    }
  }
}
