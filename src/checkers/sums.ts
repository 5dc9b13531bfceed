// All sums to which some of a number of whole numbers can come, as ranges: small numbers soon make
// one range of all between the least and the greatest. Source: Maelstrom, workload/pn_counter.clj.

/** At first the empty sum, 0, alone. */
export class Sums {
  /** By turns the first and the last of a range; ascending, with gaps between. */
  #ranges: readonly number[];
  readonly #rangesMax: number;
  #exact = true;

  constructor(rangesMax: number, ranges: readonly number[] = [0, 0]) {
    this.#rangesMax = rangesMax;
    this.#ranges = ranges;
  }

  /** Whether each sum in the ranges can be had, and not only those at the ends. */
  get exact(): boolean {
    return this.#exact;
  }

  /** How many sums there are. */
  get count(): number {
    return this.#ranges.reduce((sum, at, i) => (i % 2 === 0 ? sum - at + 1 : sum + at), 0);
  }

  get least(): number {
    return this.#ranges[0] ?? 0;
  }

  get greatest(): number {
    return this.#ranges[this.#ranges.length - 1] ?? 0;
  }

  copy(): Sums {
    const sums = new Sums(this.#rangesMax, this.#ranges);
    sums.#exact = this.#exact;
    return sums;
  }

  /** One more number may be among the summands. O(ranges). */
  add(delta: number): void {
    if (delta === 0) return;
    const ranges: number[] = [];
    const [own, other] = delta > 0 ? [0, delta] : [delta, 0];
    let [a, b] = [0, 0];
    while (a < this.#ranges.length || b < this.#ranges.length) {
      const left = (this.#ranges[a] ?? Number.POSITIVE_INFINITY) + own;
      const right = (this.#ranges[b] ?? Number.POSITIVE_INFINITY) + other;
      const last =
        left <= right ? (this.#ranges[a + 1] ?? 0) + own : (this.#ranges[b + 1] ?? 0) + other;
      const first = Math.min(left, right);
      if (left <= right) a += 2;
      else b += 2;
      const end = ranges.length - 1;
      const before = ranges[end];
      if (before !== undefined && first <= before + 1) ranges[end] = Math.max(before, last);
      else ranges.push(first, last);
    }
    this.#ranges = ranges;
    if (ranges.length <= 2 * this.#rangesMax) return;
    this.#exact = false;
    this.#ranges = [this.least, this.greatest];
  }

  /** O(log ranges). */
  has(sum: number): boolean {
    let [low, high] = [0, this.#ranges.length >> 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[2 * middle + 1] ?? 0) < sum) low = middle + 1;
      else high = middle;
    }
    return (this.#ranges[2 * low] ?? Number.POSITIVE_INFINITY) <= sum;
  }
}
