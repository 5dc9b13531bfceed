// Ways to add up to a certain sum with amounts of which there are some each.

/** Amounts, how many there are of each, and what they can come to. */
export class Amounts {
  readonly amounts: readonly number[];
  readonly counts: readonly number[];
  /** By place: the least and the most that the amounts from there on can come to. */
  readonly least: Float64Array;
  readonly most: Float64Array;
  /** What all amounts from there on are multiples of. */
  readonly divisors: Float64Array;

  constructor(amounts: readonly number[], counts: readonly number[]) {
    const places = amounts.length;
    this.amounts = amounts;
    this.counts = counts;
    this.least = new Float64Array(places + 1);
    this.most = new Float64Array(places + 1);
    this.divisors = new Float64Array(places + 1);
    for (let at = places - 1; at >= 0; at--) {
      const amount = amounts[at] as number;
      const all = amount * (counts[at] as number);
      const divisor = this.divisors[at + 1] as number;
      this.least[at] = (this.least[at + 1] as number) + Math.min(0, all);
      this.most[at] = (this.most[at + 1] as number) + Math.max(0, all);
      this.divisors[at] = all === 0 ? divisor : common(Math.abs(amount), divisor);
    }
  }

  /** Whether a sum is neither too small nor too large, nor between those that there can be. */
  allows(total: number): boolean {
    if (total === 0) return true;
    if (total < (this.least[0] as number) || total > (this.most[0] as number)) return false;
    return total % (this.divisors[0] as number) === 0;
  }
}

/**
 * All counts of amounts that come to a sum, but for those from which something can be left out.
 * Large amounts go first, so that the small ones are left. Exponential in the number of amounts.
 */
export class Sums {
  /** How many values of a count have been tried, ever. */
  looks = 0;
  readonly counts: Int32Array;
  readonly #from: Amounts;
  /** By place: counts of which there must be more somewhere. */
  readonly #beyond: readonly number[] | undefined;
  /** By place: the least count there, and what amounts from there on must come to. */
  readonly #mins: Int32Array;
  readonly #rests: Float64Array;
  /** The place that is next; whether what stands there is a way. */
  #place = 0;
  #found = false;

  constructor(total: number, from: Amounts, beyond?: readonly number[]) {
    const places = from.amounts.length;
    this.#from = from;
    this.#beyond = beyond;
    this.counts = new Int32Array(places);
    this.#mins = new Int32Array(places);
    this.#rests = new Float64Array(places + 1);
    this.#rests[0] = total;
  }

  /** Whether there is another way; then it stands in `counts`. */
  next(looksMax: number): boolean {
    while (this.#advance(looksMax)) {
      const beyond = this.#beyond;
      if (beyond === undefined) return true;
      if (this.counts.some((count, at) => count > (beyond[at] as number))) return true;
    }
    return false;
  }

  /** Where it met the bound on looks it goes on when it is called again. */
  #advance(looksMax: number): boolean {
    if (this.#found) this.#place = this.#back(this.#place);
    this.#found = false;
    while (this.#place >= 0 && this.looks < looksMax) {
      this.looks++;
      const place = this.#place;
      this.#found = this.#rests[place] === 0;
      if (this.#found) return true;
      this.#place = this.#enter(place) ? this.#step(place) : this.#back(place);
    }
    return false;
  }

  /** Counts at a place begin with the most; false if there is none. */
  #enter(place: number): boolean {
    const { amounts, counts, divisors, least, most } = this.#from;
    const left = this.#rests[place] as number;
    if (place === amounts.length || left % (divisors[place] as number) !== 0) return false;
    const amount = amounts[place] as number;
    const size = Math.abs(amount);
    const more = left - (least[place + 1] as number);
    const less = left - (most[place + 1] as number);
    const [upper, lower] = amount > 0 ? [more, less] : [-less, -more];
    const all = this.#hasOpposite(place) ? 0 : (counts[place] as number);
    const max = Math.min(all, Math.floor(upper / size));
    const min = Math.max(0, Math.ceil(lower / size));
    if (max < min) return false;
    this.counts[place] = max;
    this.#mins[place] = min;
    return true;
  }

  #step(place: number): number {
    const come = (this.counts[place] as number) * (this.#from.amounts[place] as number);
    this.#rests[place + 1] = (this.#rests[place] as number) - come;
    return place + 1;
  }

  /** To the place after the last one before `place` at which there can be one less; −1: none. */
  #back(place: number): number {
    for (let at = place - 1; at >= 0; at--) {
      if ((this.counts[at] as number) > (this.#mins[at] as number)) {
        this.counts[at] = (this.counts[at] as number) - 1;
        return this.#step(at);
      }
      this.counts[at] = 0;
    }
    return -1;
  }

  /** Whether as much was added as would be taken away: both could be left out. */
  #hasOpposite(place: number): boolean {
    const amount = this.#from.amounts[place] as number;
    if (amount > 0) return false;
    const opposite = this.#from.amounts.indexOf(-amount);
    return opposite >= 0 && (this.counts[opposite] as number) > 0;
  }
}

function common(amount: number, other: number): number {
  let [a, b] = [amount, other];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
