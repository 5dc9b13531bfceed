// Counters: a search from sum to sum. Adds have nothing to do with each other but for who asks for
// a sum. So whoever must return next adds its amount, or else amounts come to a sum that somebody
// waits for; which of those that add the same is no matter but for who returns first.
import type { BoundName, Bounds, Searched } from './bounds.js';
import { CounterExplored } from './counter-explored.js';
import type { CounterLimits } from './counter-limits.js';
import { type CounterPart, counterKind } from './counter-part.js';
import { returnedBefore, type Stretch, unasked } from './counter-stretch.js';
import { Sums, type Supply } from './counter-sums.js';
import { Pending } from './pending.js';
import { Tallies } from './tallies.js';

/** Ways to add up that are looked at for each configuration that may be visited. */
const looksEach = 32;

/** Where to come back to, and what can be tried there. */
interface Frame {
  readonly rank: number;
  readonly sum: number;
  readonly used: number;
  readonly usedSum: number;
  readonly mask: Int32Array;
  /** What to try: whoever must return adds, or some come to a sum that is asked for. */
  readonly goals: readonly Goal[];
  next: number;
  sums: Sums | undefined;
}

/** The slot of who adds or asks; whether one of unknown outcome must take part. */
interface Goal {
  readonly slot: number;
  readonly way: 'add' | 'known' | 'unknown';
}

export class CounterSearch {
  configurations = 0;
  readonly #given: CounterPart;
  readonly #limits: CounterLimits;
  readonly #pending: Pending;
  readonly #explored: CounterExplored;
  readonly #tallies: Tallies;
  readonly #frames: Frame[] = [];
  #sum: number;
  /** How many of each amount were added by those of unknown outcome, and what they come to. */
  #used = 0;
  #usedSum = 0;
  #mask: Int32Array;
  /** Bits of those pending that read. */
  readonly #reads: Int32Array;
  readonly #end: number;
  #looks = 0;
  #deepest = 0;
  #begun = false;

  constructor(given: CounterPart, limits: CounterLimits, stretch: Stretch) {
    this.#given = unasked(given, stretch.from);
    this.#end = stretch.end;
    this.#limits = limits;
    const kinds = given.amounts.length + 1;
    this.#pending = new Pending(given.part, given.amountOf, kinds);
    const { words } = this.#pending.slots;
    this.#tallies = new Tallies(kinds);
    this.#explored = new CounterExplored(given.amounts, this.#tallies, words);
    this.#reads = new Int32Array(words);
    this.#mask = new Int32Array(words);
    this.#sum = returnedBefore(given, stretch.from);
    this.#pending.goTo(stretch.from);
  }

  /** Searches to the end or to a bound; from there it goes on when it is called again. */
  run(bounds: Bounds): Searched {
    const searched = (outcome: Searched['outcome']) => ({
      outcome,
      configurations: this.configurations,
    });
    const looksMax = looksEach * bounds.configurationsMax;
    if (!this.#begun && this.#begin()) return searched({ verdict: 'valid' });
    for (let top = this.#frames.at(-1); top !== undefined; top = this.#frames.at(-1)) {
      const bound = this.#boundMet(bounds);
      if (bound !== undefined) {
        return searched({ verdict: 'unknown', reached: this.#deepest, bound });
      }
      if (!this.#advance(top, looksMax)) {
        if (this.#looks >= looksMax) continue;
        this.#frames.pop();
        const before = this.#frames.at(-1);
        if (before !== undefined) this.#restore(before);
      } else if (!this.#isDoomed()) {
        if (this.#settle()) return searched({ verdict: 'valid' });
        if (!this.#visit()) this.#restore(top);
      } else {
        this.#restore(top);
      }
    }
    return searched({ verdict: 'invalid', stuck: this.#deepest });
  }

  #boundMet({ configurationsMax, bytesMax, progress }: Bounds): BoundName | undefined {
    if (this.configurations > configurationsMax) return 'configurationsMax';
    if (this.#looks >= looksEach * configurationsMax) return 'configurationsMax';
    if ((this.configurations & 255) !== 0) return undefined;
    progress?.(this.#deepest / this.#given.part.events.length);
    return this.#bytes > bytesMax ? 'bytesMax' : undefined;
  }

  /** True if there is nothing to search. */
  #begin(): boolean {
    this.#begun = true;
    this.#serve();
    if (this.#isDoomed()) return false;
    if (this.#settle()) return true;
    this.#visit();
    return false;
  }

  get #bytes(): number {
    const frames = this.#frames.length * (400 + 40 * this.#given.amounts.length);
    return this.#explored.bytes + this.#tallies.bytes + frames;
  }

  /** Remembers where it is; false if it has been there. */
  #visit(): boolean {
    const { rank } = this.#pending;
    const [mask, used, usedSum] = [this.#mask, this.#used, this.#usedSum];
    const reads = this.#readers();
    if (!this.#explored.add({ rank, mask, reads, used, usedSum })) return false;
    this.configurations++;
    this.#deepest = Math.max(this.#deepest, rank);
    const more = { goals: this.#goals(), next: 0, sums: undefined };
    this.#frames.push({ rank, sum: this.#sum, used, usedSum, mask: mask.slice(), ...more });
    return true;
  }

  /** Bits of those pending that read, or ask for nothing. */
  #readers(): Int32Array {
    const { operationIn } = this.#pending;
    this.#reads.fill(0);
    for (let slot = 0; slot < operationIn.length; slot++) {
      const at = operationIn[slot] as number;
      if (at < 0 || this.#given.kinds[at] === counterKind.add) continue;
      if (this.#given.kinds[at] === counterKind.bump) continue;
      this.#reads[slot >> 5] = (this.#reads[slot >> 5] as number) | (1 << (slot & 31));
    }
    return this.#reads;
  }

  #restore({ rank, sum, used, usedSum, mask }: Frame): void {
    this.#pending.back(rank);
    this.#sum = sum;
    this.#used = used;
    this.#usedSum = usedSum;
    this.#mask = mask.slice();
  }

  /** Passes calls, and returns of those that have taken effect. True at the end. */
  #settle(): boolean {
    const pending = this.#pending;
    const { events } = this.#given.part;
    for (; pending.rank < this.#end; pending.forth()) {
      const event = events[pending.rank] as number;
      const slot = pending.slots.slotOf[event >> 1] as number;
      if ((event & 1) === 1) {
        if (!this.#has(slot)) return false;
        this.#mark(slot);
      } else if (slot >= 0 && this.#isServed(event >> 1)) {
        this.#mark(slot);
      }
    }
    return true;
  }

  /** Whether somebody asks for nothing, or for what the sum is. */
  #isServed(at: number): boolean {
    const { kinds, wants } = this.#given;
    if (kinds[at] === counterKind.idle) return true;
    return kinds[at] === counterKind.read && wants[at] === this.#sum;
  }

  /** Whether the sum of a counter that only grows is too large for somebody. */
  #isDoomed(): boolean {
    if (!this.#given.grows) return false;
    const { rank, operationIn } = this.#pending;
    if (this.#sum > (this.#limits.sums[rank] as number)) return true;
    if (this.#usedSum > (this.#limits.unknown[rank] as number)) return true;
    const { kinds, wants } = this.#given;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const at = operationIn[slot] as number;
      if (at < 0 || (kinds[at] as number) < counterKind.read || this.#has(slot)) continue;
      if ((wants[at] as number) < this.#sum) return true;
    }
    return false;
  }

  /** Those of unknown outcome come last, and others before whoever must return adds alone. */
  #goals(): readonly Goal[] {
    const { kinds, part, amounts, amountOf, grows } = this.#given;
    const at = (part.events[this.#pending.rank] as number) >> 1;
    const asking = grows ? this.#leastAsked() : this.#asked();
    const goals: Goal[] = asking.map((slot) => ({ slot, way: 'known' }));
    if (kinds[at] === counterKind.add) {
      const after = this.#sum + (amounts[amountOf[at] as number] as number);
      const slot = this.#pending.slots.slotOf[at] as number;
      const passed = grows && asking.some((other) => this.#wantOf(other) < after);
      if (!passed) goals.push({ slot, way: 'add' });
    }
    for (const slot of asking) goals.push({ slot, way: 'unknown' });
    return goals;
  }

  #wantOf(slot: number): number {
    return this.#given.wants[this.#pending.operationIn[slot] as number] as number;
  }

  /** Slots of all that ask for a sum and have not had it, nearest first; of those alike one. */
  #asked(): readonly number[] {
    const { kinds, amountOf } = this.#given;
    const { operationIn } = this.#pending;
    const slots = this.#waiting((kind) => kind >= counterKind.read);
    const ways = new Set<string>();
    const firsts = slots.filter((slot) => {
      const at = operationIn[slot] as number;
      const way = `${kinds[at]} ${amountOf[at]} ${this.#wantOf(slot)}`;
      if (ways.has(way)) return false;
      ways.add(way);
      return true;
    });
    const distanceOf = (slot: number) => Math.abs(this.#wantOf(slot) - this.#sum);
    return firsts.sort((a, b) => distanceOf(a) - distanceOf(b) || a - b);
  }

  /** Of a counter that grows the least sum comes first, and reads before those that add to it. */
  #leastAsked(): readonly number[] {
    const { kinds } = this.#given;
    const { operationIn } = this.#pending;
    const slots = this.#waiting((kind) => kind >= counterKind.read);
    const kindOf = (slot: number) => kinds[operationIn[slot] as number] as number;
    let first = slots[0];
    for (const slot of slots) {
      const more = this.#wantOf(slot) - this.#wantOf(first as number);
      if (more < 0 || (more === 0 && kindOf(slot) < kindOf(first as number))) first = slot;
    }
    return first === undefined ? [] : [first];
  }

  /** Slots of those pending that have not taken effect, by return. */
  #waiting(among: (kind: number) => boolean): number[] {
    const { kinds, part } = this.#given;
    const { operationIn } = this.#pending;
    const slots: number[] = [];
    for (let slot = 0; slot < operationIn.length; slot++) {
      const at = operationIn[slot] as number;
      if (at >= 0 && !this.#has(slot) && among(kinds[at] as number)) slots.push(slot);
    }
    const returnOf = (slot: number) => part.returns[operationIn[slot] as number] as number;
    return slots.sort((a, b) => returnOf(a) - returnOf(b));
  }

  /** Tries what is next. */
  #advance(frame: Frame, looksMax: number): boolean {
    for (; frame.next < frame.goals.length; frame.next++) {
      const goal = frame.goals[frame.next] as Goal;
      if (goal.way === 'add') {
        frame.next++;
        this.#add(goal.slot);
        this.#serve();
        return true;
      }
      const adding = this.#waiting((kind) => kind === counterKind.add);
      const supply = this.#supply(adding);
      const missing = this.#wantOf(goal.slot) - this.#sum;
      frame.sums ??= new Sums(missing, supply, goal.way === 'unknown');
      const before = frame.sums.looks;
      const found = frame.sums.next(before + looksMax - this.#looks);
      this.#looks += frame.sums.looks - before;
      if (found) {
        this.#come(goal.slot, frame.sums.counts, adding, supply);
        return true;
      }
      if (this.#looks >= looksMax) return false;
      frame.sums = undefined;
    }
    return false;
  }

  /** What there is to add: of whoever must return next, none, as that is another way. */
  #supply(adding: readonly number[]): Supply & { readonly places: readonly number[] } {
    const { amounts, amountOf, kinds, part } = this.#given;
    const { operationIn, called } = this.#pending;
    const returning = (part.events[this.#pending.rank] as number) >> 1;
    const alone = kinds[returning] === counterKind.add ? (amountOf[returning] as number) : -1;
    const counts = new Int32Array(amounts.length);
    for (const slot of adding) {
      const place = amountOf[operationIn[slot] as number] as number;
      counts[place] = (counts[place] as number) + 1;
    }
    const places: number[] = [];
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let place = 0; place < amounts.length; place++) {
      if (place === alone) continue;
      const asked = called[place] as number;
      const left = asked > 0 ? asked - this.#tallies.count(this.#used, place) : 0;
      if (left + (counts[place] as number) === 0) continue;
      places.push(place);
      known.push(counts[place] as number);
      unknown.push(left);
    }
    return { places, amounts: places.map((place) => amounts[place] as number), known, unknown };
  }

  /** Amounts are added that come to what is asked for: of equal ones those that return first. */
  #come(
    slot: number,
    counts: Int32Array,
    adding: readonly number[],
    { places, known }: Supply & { readonly places: readonly number[] },
  ): void {
    const { amountOf, amounts } = this.#given;
    const { operationIn } = this.#pending;
    const left = new Map(places.map((place, nth) => [place, counts[nth] as number]));
    for (const own of adding) {
      const place = amountOf[operationIn[own] as number] as number;
      const more = left.get(place) ?? 0;
      if (more === 0) continue;
      left.set(place, more - 1);
      this.#add(own);
    }
    for (const [nth, place] of places.entries()) {
      const more = (counts[nth] as number) - (known[nth] as number);
      if (more <= 0) continue;
      this.#used = this.#tallies.with(this.#used, place, more);
      this.#usedSum += more * (amounts[place] as number);
      this.#sum += more * (amounts[place] as number);
    }
    this.#serve();
    if (this.#has(slot)) return;
    this.#add(slot);
    this.#serve();
  }

  #add(slot: number): void {
    const { amounts, amountOf } = this.#given;
    const at = this.#pending.operationIn[slot] as number;
    this.#sum += amounts[amountOf[at] as number] as number;
    this.#mark(slot);
  }

  /** Whoever reads has what the sum is. */
  #serve(): void {
    const { operationIn } = this.#pending;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const at = operationIn[slot] as number;
      if (at >= 0 && !this.#has(slot) && this.#isServed(at)) this.#mark(slot);
    }
  }

  #has(slot: number): boolean {
    return (((this.#mask[slot >> 5] as number) >>> (slot & 31)) & 1) === 1;
  }

  /** Somebody takes effect; or, who had, returns. */
  #mark(slot: number): void {
    this.#mask[slot >> 5] = (this.#mask[slot >> 5] as number) ^ (1 << (slot & 31));
  }
}
