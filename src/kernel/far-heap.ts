// The queue's last resort for events hours away: a binary heap of slots ordered by (time, order of
// adding). Few events are ever this far, so it is simple rather than fast.
import type { Micros } from './time.js';

interface Entry {
  readonly slot: number;
  readonly atUs: Micros;
  readonly seq: number;
}

export class FarHeap {
  #entries: Entry[] = [];
  #seq = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** When the first is due; infinite when there is none. */
  nextUs(): Micros {
    return this.#entries[0]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  add(slot: number, atUs: Micros): void {
    this.#entries.push({ slot, atUs, seq: this.#seq++ });
    this.#up(this.#entries.length - 1);
  }

  /** Takes the first out. */
  take(): number {
    const first = this.#entries[0] as Entry;
    this.#removeAt(0);
    return first.slot;
  }

  /** Removes a slot wherever it is. O(n). */
  remove(slot: number): void {
    this.#removeAt(this.#entries.findIndex((entry) => entry.slot === slot));
  }

  inOrder(): number[] {
    return [...this.#entries].sort(byTime).map((entry) => entry.slot);
  }

  clone(): FarHeap {
    const twin = new FarHeap();
    twin.#entries = [...this.#entries];
    twin.#seq = this.#seq;
    return twin;
  }

  #removeAt(index: number): void {
    const last = this.#entries.pop() as Entry;
    if (index === this.#entries.length) return;
    this.#entries[index] = last;
    this.#up(index);
    this.#down(index);
  }

  #up(start: number): void {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >>> 1;
      if (!this.#swapIfLater(parent, i)) return;
      i = parent;
    }
  }

  #down(start: number): void {
    for (let i = start; ; ) {
      const left = 2 * i + 1;
      const right = left + 1;
      if (left >= this.#entries.length) return;
      const child = right < this.#entries.length && this.#before(right, left) ? right : left;
      if (!this.#swapIfLater(i, child)) return;
      i = child;
    }
  }

  #before(a: number, b: number): boolean {
    return byTime(this.#entries[a] as Entry, this.#entries[b] as Entry) < 0;
  }

  /** Swaps when the upper one is due later than the lower one. */
  #swapIfLater(upper: number, lower: number): boolean {
    if (!this.#before(lower, upper)) return false;
    const entries = this.#entries;
    [entries[upper], entries[lower]] = [entries[lower] as Entry, entries[upper] as Entry];
    return true;
  }
}

function byTime(a: Entry, b: Entry): number {
  return a.atUs - b.atUs || a.seq - b.seq;
}
