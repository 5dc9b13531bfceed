// The oracle of the event queue: an indexed 4-ary heap ordered by (time, order of adding), as plain
// as such a thing can be. It knows nothing of pages or buckets.

interface Entry {
  readonly id: number;
  readonly atUs: number;
  readonly seq: number;
}

const fan = 4;

/** Events by id, taken in the order of (time, order of adding or putting back). */
export class HeapQueue {
  nowUs = 0;
  #entries: Entry[] = [];
  /** Where in `entries` each id is. */
  #places = new Map<number, number>();
  #seq = 0;

  get size(): number {
    return this.#entries.length;
  }

  has(id: number): boolean {
    return this.#places.has(id);
  }

  add(id: number, atUs: number): void {
    this.#entries.push({ id, atUs, seq: this.#seq++ });
    this.#up(this.#entries.length - 1);
  }

  /** The id of the next event; `undefined` when none is left. */
  take(): number | undefined {
    const first = this.#entries[0];
    if (first === undefined) return undefined;
    this.remove(first.id);
    this.nowUs = first.atUs;
    return first.id;
  }

  remove(id: number): void {
    const place = this.#places.get(id) as number;
    const last = this.#entries.pop() as Entry;
    this.#places.delete(id);
    if (last.id === id) return;
    this.#put(place, last);
    this.#up(place);
    this.#down(this.#places.get(last.id) as number);
  }

  /** All ids in the order in which they would be taken. */
  inOrder(): number[] {
    return this.#entries.toSorted((a, b) => a.atUs - b.atUs || a.seq - b.seq).map(({ id }) => id);
  }

  clone(): HeapQueue {
    const twin = new HeapQueue();
    twin.nowUs = this.nowUs;
    twin.#entries = [...this.#entries];
    twin.#places = new Map(this.#places);
    twin.#seq = this.#seq;
    return twin;
  }

  #put(place: number, entry: Entry): void {
    this.#entries[place] = entry;
    this.#places.set(entry.id, place);
  }

  #up(start: number): void {
    const entry = this.#entries[start] as Entry;
    let place = start;
    while (place > 0) {
      const parent = Math.floor((place - 1) / fan);
      const above = this.#entries[parent] as Entry;
      if (before(above, entry)) break;
      this.#put(place, above);
      place = parent;
    }
    this.#put(place, entry);
  }

  #down(start: number): void {
    const entry = this.#entries[start] as Entry;
    let place = start;
    for (;;) {
      const child = this.#firstChild(place);
      if (child === undefined || before(entry, this.#entries[child] as Entry)) break;
      this.#put(place, this.#entries[child] as Entry);
      place = child;
    }
    this.#put(place, entry);
  }

  /** Where the earliest of the children is. */
  #firstChild(place: number): number | undefined {
    const children = Array.from({ length: fan }, (_, nth) => place * fan + 1 + nth);
    const there = children.filter((child) => child < this.#entries.length);
    return there.reduce<number | undefined>((best, child) => {
      if (best === undefined) return child;
      return before(this.#entries[child] as Entry, this.#entries[best] as Entry) ? child : best;
    }, undefined);
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.seq < b.seq);
}
