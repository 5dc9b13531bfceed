// What belongs to keys: (hi, lo) → value. Half of a key tells most keys apart; the rest is a list.

interface Row<V> {
  readonly hi: number;
  value: V;
  next: Row<V> | undefined;
}

export class KeyTable<V> {
  readonly #rows = new Map<number, Row<V>>();

  get(hi: number, lo: number): V | undefined {
    return this.#rowOf(hi, lo)?.value;
  }

  set(hi: number, lo: number, value: V): void {
    const row = this.#rowOf(hi, lo);
    if (row !== undefined) row.value = value;
    else this.#rows.set(lo, { hi, value, next: this.#rows.get(lo) });
  }

  delete(hi: number, lo: number): void {
    const first = this.#rows.get(lo);
    if (first?.hi !== hi) {
      for (let row = first; row !== undefined; row = row.next) {
        if (row.next?.hi === hi) row.next = row.next.next;
      }
    } else if (first.next === undefined) this.#rows.delete(lo);
    else this.#rows.set(lo, first.next);
  }

  #rowOf(hi: number, lo: number): Row<V> | undefined {
    let row = this.#rows.get(lo);
    while (row !== undefined && row.hi !== hi) row = row.next;
    return row;
  }
}
