// Failed compare-and-sets among chains. Blocks are put in one order, each value as early as can be;
// a failed one needs an instant between its call and its return at which another value is there. If
// it has none its value begins later, or another block that can wait comes in between. Where that
// does not do, another order may: then this file does not know.
import type { Blocks, Versions } from './blocks.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

/** The values in an order that explains all, and between which calls and returns each is there. */
export interface Spans {
  readonly order: readonly number[];
  /** By value: it is made just after the event of this rank; `open` where it never is. */
  readonly begins: Int32Array;
  /** By value: it is replaced just after the event of this rank; `open` where it never is. */
  readonly ends: Int32Array;
}

/** How often blocks are moved, and how many earlier ones are looked at for one that can wait. */
const roundsMax = 8;
const earlierMax = 64;

/** A span for each value, so that every mismatch has a place; undefined where none is found. */
export function spansOf(
  registers: RegisterPart,
  versions: Versions,
  blocks: Blocks,
): Spans | undefined {
  return new Placing(registers, versions, blocks).place();
}

class Placing {
  readonly #registers: RegisterPart;
  readonly #versions: Versions;
  readonly #blocks: Blocks;
  /** By twice a rank + 2: the block that comes then; odd places are for those that were moved. */
  readonly #starting: Int32Array;
  /** By block: its place, and its last value. */
  readonly #places: Int32Array;
  readonly #lasts: Int32Array;
  /** By value: which one of `#sequence` its block is. */
  readonly #nths: Int32Array;
  readonly #begins: Int32Array;
  readonly #ends: Int32Array;
  #order: number[] = [];
  /** Blocks in order. */
  #sequence: number[] = [];

  constructor(registers: RegisterPart, versions: Versions, blocks: Blocks) {
    this.#registers = registers;
    this.#versions = versions;
    this.#blocks = blocks;
    const { returns, calls } = blocks;
    this.#starting = new Int32Array(2 * registers.part.events.length + 4).fill(-1);
    // By where their zones begin: an order that respects time.
    this.#places = returns.map(
      (done, block) => 2 * Math.max(-1, Math.min(done, calls[block] as number)) + 2,
    );
    for (const [block, place] of this.#places.entries()) this.#starting[place] = block;
    this.#lasts = new Int32Array(returns.length);
    this.#nths = new Int32Array(registers.values);
    this.#begins = new Int32Array(registers.values);
    this.#ends = new Int32Array(registers.values);
  }

  place(): Spans | undefined {
    const { kinds, from, values } = this.#registers;
    if (!this.#schedule()) return undefined;
    const spans = () => ({ order: this.#order, begins: this.#begins, ends: this.#ends });
    if (!kinds.includes(kindOf.mismatch)) return spans();
    const mismatches = listsOf(values, kinds.length, (at) =>
      kinds[at] === kindOf.mismatch ? (from[at] as number) : -1,
    );
    for (let round = 0; round < roundsMax; round++) {
      const moved = this.#serve(mismatches);
      if (moved === 0) return spans();
      if (moved < 0 || !this.#schedule()) return undefined;
    }
    return undefined;
  }

  /** Begins every value as early as can be; false if one then begins too late. */
  #schedule(): boolean {
    const { makers, children, readCalls } = this.#versions;
    const { calls } = this.#registers.part;
    this.#order = [];
    this.#sequence = [];
    this.#begins.fill(open);
    this.#ends.fill(open);
    let [now, before] = [-1, -1];
    for (let place = 0; place < this.#starting.length; place++) {
      const block = this.#starting[place] as number;
      if (block < 0) continue;
      // What was moved waits for its place.
      if ((place & 1) === 1) now = Math.max(now, (place - 3) >> 1);
      const nth = this.#sequence.push(block) - 1;
      let value = this.#blocks.roots[block] as number;
      for (; value >= 0; value = children[value] as number) {
        const maker = makers[value] as number;
        if (maker >= 0) now = Math.max(now, calls[maker] as number);
        if (maker >= 0 && now > this.#latest(value)) return false;
        this.#begins[value] = maker < 0 ? -2 : now;
        if (before >= 0) this.#ends[before] = now;
        now = Math.max(now, readCalls[value] as number);
        before = value;
        this.#order.push(value);
        this.#nths[value] = nth;
      }
      this.#lasts[block] = before;
    }
    return true;
  }

  /** Serves all mismatches; returns how many blocks have been moved for it, −1 for in vain. */
  #serve(mismatches: Lists): number {
    const order = this.#order;
    let moved = 0;
    // A later beginning is a later end of the value before: from the last one to the first.
    for (let at = order.length - 1; at >= 0; at--) {
      const value = order[at] as number;
      const lacking = this.#lackingOf(mismatches, value);
      if (lacking === undefined) continue;
      const [call, done] = lacking;
      if (call <= this.#latest(value)) {
        this.#begins[value] = call;
        if (at > 0) this.#ends[order[at - 1] as number] = call;
      } else if (this.#interpose(mismatches, value, call, done)) {
        moved++;
      } else {
        return -1;
      }
    }
    return moved;
  }

  /** The last call and the first return of mismatches that find nothing but their value. */
  #lackingOf(mismatches: Lists, value: number, end = this.#ends[value] as number) {
    const { calls, returns } = this.#registers.part;
    const begin = this.#begins[value] as number;
    let [last, first] = [-1, open];
    mismatches.each(value, (at) => {
      const call = calls[at] as number;
      const done = returns[at] as number;
      if (call <= begin || done >= end) return;
      last = Math.max(last, call);
      first = Math.min(first, done);
    });
    return last < 0 ? undefined : ([last, first] as const);
  }

  /** The rank before which a value must begin; the initial one is there from the beginning. */
  #latest(value: number): number {
    const { makers, readReturns } = this.#versions;
    const maker = makers[value] as number;
    if (maker < 0) return -1;
    const { returns } = this.#registers.part;
    return Math.min(returns[maker] as number, readReturns[value] as number);
  }

  /** Moves a block that can wait to a place after a value, between a call and a return. */
  #interpose(mismatches: Lists, value: number, call: number, done: number): boolean {
    const { returns, calls } = this.#blocks;
    const nth = this.#nths[value] as number;
    const rank = Math.max(call, calls[this.#sequence[nth] as number] as number);
    const place = 2 * rank + 3;
    if (rank > done || this.#versions.children[value] !== -1) return false;
    if (this.#starting[place] !== -1) return false;
    for (let earlier = nth - 1; earlier > Math.max(0, nth - earlierMax); earlier--) {
      const block = this.#sequence[earlier] as number;
      const [from, to] = [calls[block] as number, returns[block] as number];
      if (from > to || from > rank || to < rank) continue;
      const before = this.#lasts[this.#sequence[earlier - 1] as number] as number;
      const root = this.#blocks.roots[this.#sequence[earlier + 1] as number] as number;
      if (this.#lackingOf(mismatches, before, this.#begins[root] as number)) continue;
      this.#starting[this.#places[block] as number] = -1;
      this.#starting[place] = block;
      this.#places[block] = place;
      return true;
    }
    return false;
  }
}

/** Lists of operations. */
interface Lists {
  /** Goes through a list from the last to the first. */
  each(list: number, hear: (at: number) => void): void;
}

/** Lists in two arrays; −1 puts an operation in none. */
export function listsOf(lists: number, count: number, listOf: (at: number) => number): Lists {
  const last = new Int32Array(lists).fill(-1);
  const before = new Int32Array(count).fill(-1);
  for (let at = 0; at < count; at++) {
    const list = listOf(at);
    if (list < 0) continue;
    before[at] = last[list] as number;
    last[list] = at;
  }
  return {
    each(list, hear) {
      for (let at = last[list] as number; at >= 0; at = before[at] as number) hear(at);
    },
  };
}
