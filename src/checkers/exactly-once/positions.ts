// Positions of a sink that have been read: few stretches, however many positions.

/** From `begin` to before `end`. */
type Stretch = readonly [begin: number, end: number];

export class Positions {
  /** In order, apart from each other. */
  #stretches: Stretch[] = [];

  /** Takes all from `begin` to before `end`; returns those that had not been taken, in order. */
  take(begin: number, end: number): readonly Stretch[] {
    const fresh: Stretch[] = [];
    const others: Stretch[] = [];
    let [from, to, next] = [begin, end, begin];
    for (const stretch of this.#stretches) {
      if (stretch[1] < begin || stretch[0] > end) {
        others.push(stretch);
        continue;
      }
      if (stretch[0] > next) fresh.push([next, stretch[0]]);
      next = Math.max(next, stretch[1]);
      [from, to] = [Math.min(from, stretch[0]), Math.max(to, stretch[1])];
    }
    if (next < end) fresh.push([next, end]);
    if (from < to) others.push([from, to]);
    this.#stretches = others.sort((a, b) => a[0] - b[0]);
    return fresh;
  }
}
