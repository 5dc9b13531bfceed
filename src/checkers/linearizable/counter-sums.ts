// Ways to add up to a certain sum with amounts of which there are some each.

/** Amounts, and how many there are of each of known and of unknown outcome. */
export interface Supply {
  readonly amounts: readonly number[];
  readonly known: readonly number[];
  readonly unknown: readonly number[];
}

/**
 * All counts of amounts that come to a sum, but for those from which something can be left out.
 * Large amounts go first, so that the small ones are left. Exponential in the number of amounts.
 */
export class Sums {
  /** How many values of a count have been tried, ever. */
  looks = 0;
  readonly counts: Int32Array;
  readonly #amounts: readonly number[];
  readonly #known: readonly number[];
  readonly #all: readonly number[];
  /** Whether one of unknown outcome must be among them. */
  readonly #unsure: boolean;
  /** By place: the least and the most that the amounts from there on can come to. */
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  /** What all amounts from there on are multiples of. */
  readonly #divisors: Float64Array;
  /** By place: the least count there, and what amounts from there on must come to. */
  readonly #mins: Int32Array;
  readonly #rests: Float64Array;
  /** The place that is next; whether what stands there is a way. */
  #place = 0;
  #found = false;

  constructor(total: number, { amounts, known, unknown }: Supply, unsure: boolean) {
    const places = amounts.length;
    this.#amounts = amounts;
    this.#known = known;
    this.#all = unsure ? known.map((count, at) => count + (unknown[at] as number)) : known;
    this.#unsure = unsure;
    this.counts = new Int32Array(places);
    this.#mins = new Int32Array(places);
    this.#least = new Float64Array(places + 1);
    this.#most = new Float64Array(places + 1);
    this.#divisors = new Float64Array(places + 1);
    this.#rests = new Float64Array(places + 1);
    this.#rests[0] = total;
    for (let at = places - 1; at >= 0; at--) {
      const amount = amounts[at] as number;
      const all = amount * (this.#all[at] as number);
      const divisor = this.#divisors[at + 1] as number;
      this.#least[at] = (this.#least[at + 1] as number) + Math.min(0, all);
      this.#most[at] = (this.#most[at + 1] as number) + Math.max(0, all);
      this.#divisors[at] = all === 0 ? divisor : common(Math.abs(amount), divisor);
    }
  }

  /** Whether there is another way; then it stands in `counts`. */
  next(looksMax: number): boolean {
    while (this.#advance(looksMax)) {
      if (!this.#unsure || this.counts.some((count, at) => count > (this.#known[at] as number))) {
        return true;
      }
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
    const left = this.#rests[place] as number;
    if (place === this.counts.length) return false;
    if (left % (this.#divisors[place] as number) !== 0) return false;
    const amount = this.#amounts[place] as number;
    const size = Math.abs(amount);
    const more = left - (this.#least[place + 1] as number);
    const less = left - (this.#most[place + 1] as number);
    const [upper, lower] = amount > 0 ? [more, less] : [-less, -more];
    const all = this.#hasOpposite(place) ? 0 : (this.#all[place] as number);
    const max = Math.min(all, Math.floor(upper / size));
    const min = Math.max(0, Math.ceil(lower / size));
    if (max < min) return false;
    this.counts[place] = max;
    this.#mins[place] = min;
    return true;
  }

  #step(place: number): number {
    const come = (this.counts[place] as number) * (this.#amounts[place] as number);
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
    const amount = this.#amounts[place] as number;
    if (amount > 0) return false;
    const opposite = this.#amounts.indexOf(-amount);
    return opposite >= 0 && (this.counts[opposite] as number) > 0;
  }
}

function common(amount: number, other: number): number {
  let [a, b] = [amount, other];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
