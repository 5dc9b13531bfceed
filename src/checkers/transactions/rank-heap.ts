// Whole numbers, the smallest first: a binary heap.

export class RankHeap {
  readonly #items: number[] = [];

  add(rank: number): void {
    const items = this.#items;
    let at = items.length;
    items.push(rank);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = items[above] as number;
      if (other <= rank) break;
      items[at] = other;
      at = above;
    }
    items[at] = rank;
  }

  /** Takes the smallest out; undefined where there is none. */
  take(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      const right = items[child + 1];
      if (right !== undefined && right < (items[child] as number)) child++;
      if ((items[child] as number) >= last) break;
      items[at] = items[child] as number;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
