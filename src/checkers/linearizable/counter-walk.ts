// Where a search for a counter is, and how it goes on. Adds have nothing to do with each other but
// for who asks for a sum. So whoever must return next adds its amount, or else amounts come to a
// sum that somebody waits for; which of those that add the same is no matter but for who returns
// first.
import type { CounterExplored } from './counter-explored.js';
import type { CounterLimits } from './counter-limits.js';
import { type CounterPart, counterKind } from './counter-part.js';
import { returnedBefore, type Stretch, unasked } from './counter-stretch.js';
import { Amounts, Sums } from './counter-sums.js';
import { Pending } from './pending.js';
import { Tallies } from './tallies.js';

/** Where to come back to, and what can be tried there. */
export interface Frame {
  readonly rank: number;
  readonly sum: number;
  readonly used: number;
  readonly usedSum: number;
  readonly mask: Int32Array;
  /** How many wait for a sum. */
  readonly waiting: number;
  /** What to try: whoever must return adds, or some come to a sum that is asked for. */
  readonly goals: readonly Goal[];
  next: number;
  /** What there is to add, once somebody has looked, and the ways that are being tried. */
  supply: Supply | undefined;
  sums: Sums | undefined;
}

/** Amounts that can be added, of known outcome and of all. */
interface Supply {
  /** Slots of those of known outcome, by return. */
  readonly adding: readonly number[];
  /** The places of the amounts. */
  readonly places: readonly number[];
  readonly known: Amounts;
  /** undefined where nobody of unknown outcome is left. */
  readonly all: Amounts | undefined;
}

/** The slot of who adds or asks; whether one of unknown outcome must take part. */
interface Goal {
  readonly slot: number;
  readonly way: 'add' | 'known' | 'unknown';
}

export class CounterWalk {
  readonly tallies: Tallies;
  /** How many ways to add up have been looked at. */
  looks = 0;
  readonly #given: CounterPart;
  readonly #limits: CounterLimits;
  readonly #pending: Pending;
  #sum: number;
  /** How many of each amount were added by those of unknown outcome, and what they come to. */
  #used = 0;
  #usedSum = 0;
  #mask: Int32Array;
  /** Bits of those pending that read. */
  readonly #reads: Int32Array;
  readonly #end: number;

  constructor(given: CounterPart, limits: CounterLimits, stretch: Stretch) {
    this.#given = unasked(given, stretch.from);
    this.#end = stretch.end;
    this.#limits = limits;
    const kinds = given.amounts.length + 1;
    this.#pending = new Pending(given.part, given.amountOf, kinds);
    this.tallies = new Tallies(kinds);
    this.#reads = new Int32Array(this.words);
    this.#mask = new Int32Array(this.words);
    this.#sum = returnedBefore(given, stretch.from);
    this.#pending.goTo(stretch.from);
    this.serve();
  }

  /** 32-bit words of a mask. */
  get words(): number {
    return this.#pending.slots.words;
  }

  /** Where to come back to; undefined if a search has been where it is, or at a better place. */
  visit(explored: CounterExplored): Frame | undefined {
    const { rank } = this.#pending;
    const [mask, used, usedSum] = [this.#mask, this.#used, this.#usedSum];
    const reads = this.#readers();
    if (!explored.add({ rank, mask, reads, used, usedSum })) return undefined;
    const waiting = this.#waiting((kind) => kind >= counterKind.read).length;
    const more = { goals: this.#goals(), next: 0, supply: undefined, sums: undefined };
    return { rank, sum: this.#sum, used, usedSum, mask: mask.slice(), waiting, ...more };
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

  restore({ rank, sum, used, usedSum, mask }: Frame): void {
    this.#pending.goTo(rank);
    this.#sum = sum;
    this.#used = used;
    this.#usedSum = usedSum;
    this.#mask = mask.slice();
  }

  /** Passes calls, and returns of those that have taken effect. True at the end. */
  settle(): boolean {
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
  isDoomed(): boolean {
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
  advance(frame: Frame, looksMax: number): boolean {
    for (; frame.next < frame.goals.length; frame.next++) {
      const goal = frame.goals[frame.next] as Goal;
      if (goal.way === 'add') {
        frame.next++;
        this.#add(goal.slot);
        this.serve();
        return true;
      }
      frame.supply ??= this.#supply();
      const { supply } = frame;
      frame.sums ??= this.#sumsFor(goal, supply);
      if (frame.sums === undefined) continue;
      const before = frame.sums.looks;
      const found = frame.sums.next(before + looksMax - this.looks);
      this.looks += frame.sums.looks - before;
      if (found) {
        this.#come(goal.slot, frame.sums.counts, supply);
        return true;
      }
      if (this.looks >= looksMax) return false;
      frame.sums = undefined;
    }
    return false;
  }

  #sumsFor({ slot, way }: Goal, { known, all }: Supply): Sums | undefined {
    const missing = this.#wantOf(slot) - this.#sum;
    if (way === 'known') return known.allows(missing) ? new Sums(missing, known) : undefined;
    return all?.allows(missing) ? new Sums(missing, all, known.counts) : undefined;
  }

  /** What there is to add: of whoever must return next, none, as that is another way. */
  #supply(): Supply {
    const { amounts, amountOf, kinds, part } = this.#given;
    const { operationIn, called } = this.#pending;
    const adding = this.#waiting((kind) => kind === counterKind.add);
    const returning = (part.events[this.#pending.rank] as number) >> 1;
    const alone = kinds[returning] === counterKind.add ? (amountOf[returning] as number) : -1;
    const counts = new Int32Array(amounts.length);
    for (const slot of adding) {
      const place = amountOf[operationIn[slot] as number] as number;
      counts[place] = (counts[place] as number) + 1;
    }
    const places: number[] = [];
    const [known, all]: [number[], number[]] = [[], []];
    let unknown = 0;
    for (let place = 0; place < amounts.length; place++) {
      if (place === alone) continue;
      const asked = called[place] as number;
      const left = asked > 0 ? asked - this.tallies.count(this.#used, place) : 0;
      const count = counts[place] as number;
      if (left + count === 0) continue;
      places.push(place);
      known.push(count);
      all.push(count + left);
      unknown += left;
    }
    const own = places.map((place) => amounts[place] as number);
    const more = unknown > 0 ? new Amounts(own, all) : undefined;
    return { adding, places, known: new Amounts(own, known), all: more };
  }

  /** Amounts are added that come to what is asked for: of equal ones those that return first. */
  #come(slot: number, counts: Int32Array, { adding, places, known }: Supply): void {
    const { amountOf, amounts } = this.#given;
    const { operationIn } = this.#pending;
    const left = counts.slice();
    for (const own of adding) {
      const nth = places.indexOf(amountOf[operationIn[own] as number] as number);
      if (nth < 0 || left[nth] === 0) continue;
      left[nth] = (left[nth] as number) - 1;
      this.#add(own);
    }
    for (const [nth, place] of places.entries()) {
      const more = (counts[nth] as number) - (known.counts[nth] as number);
      if (more <= 0) continue;
      this.#used = this.tallies.with(this.#used, place, more);
      this.#usedSum += more * (amounts[place] as number);
      this.#sum += more * (amounts[place] as number);
    }
    this.serve();
    if (this.#has(slot)) return;
    this.#add(slot);
    this.serve();
  }

  #add(slot: number): void {
    const { amounts, amountOf } = this.#given;
    const at = this.#pending.operationIn[slot] as number;
    this.#sum += amounts[amountOf[at] as number] as number;
    this.#mark(slot);
  }

  /** Whoever reads has what the sum is. */
  serve(): void {
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
