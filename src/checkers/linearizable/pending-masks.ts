// Which operations on a register are pending at each instant, as masks of slots: those of a kind,
// and of each value those that ask for it, make it, or found another one. What a search wants to
// know of all that are pending it learns from a few words.
import type { Classes } from './classes.js';
import { type Slots, slotsOf } from './pending.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';

/** A place among the events, as `Pending`. O(1) for each event passed. */
export class PendingMasks {
  /** All events of lower rank have been passed. */
  rank = 0;
  readonly slots: Slots;
  /** By slot: the operation that is pending there, or was last. */
  readonly operationIn: Int32Array;
  /** By class: how many operations of unknown outcome have been called. */
  readonly called: Int32Array;
  /** 32-bit words in a mask. */
  readonly words: number;
  /** Those that are pending, by kind: reads, writes, compare-and-sets, mismatches, the others. */
  readonly reads: Int32Array;
  readonly writes: Int32Array;
  readonly cases: Int32Array;
  readonly mismatches: Int32Array;
  readonly idle: Int32Array;
  /** The same by value, `words` each: those that read it, write it, take it, make it of another. */
  readonly readsOf: Int32Array;
  readonly writesOf: Int32Array;
  readonly takesOf: Int32Array;
  readonly setsOf: Int32Array;
  /** Those that found another value than this. */
  readonly mismatchesOf: Int32Array;
  readonly #events: Int32Array;
  readonly #classes: Classes;

  constructor({ part, values }: RegisterPart, classes: Classes) {
    this.slots = slotsOf(part);
    const { words, count } = this.slots;
    this.words = words;
    this.operationIn = new Int32Array(count).fill(-1);
    this.called = new Int32Array(classes.count);
    this.reads = new Int32Array(words);
    this.writes = new Int32Array(words);
    this.cases = new Int32Array(words);
    this.mismatches = new Int32Array(words);
    this.idle = new Int32Array(words);
    this.readsOf = new Int32Array(words * values);
    this.writesOf = new Int32Array(words * values);
    this.takesOf = new Int32Array(words * values);
    this.setsOf = new Int32Array(words * values);
    this.mismatchesOf = new Int32Array(words * values);
    this.#events = part.events;
    this.#classes = classes;
  }

  /** Passes the next event. */
  forth(): void {
    const event = this.#events[this.rank++] as number;
    this.#toggle(event >> 1, (event & 1) === 0);
  }

  /** Goes to any rank. */
  goTo(rank: number): void {
    while (this.rank < rank) this.forth();
    this.back(rank);
  }

  /** Goes back to an earlier rank. */
  back(rank: number): void {
    while (this.rank > rank) {
      const event = this.#events[--this.rank] as number;
      this.#toggle(event >> 1, (event & 1) === 1);
    }
  }

  #toggle(operation: number, appears: boolean): void {
    const slot = this.slots.slotOf[operation] as number;
    const { classOf, kinds, froms, tos } = this.#classes;
    const own = classOf[operation] as number;
    if (slot < 0) {
      this.called[own] = (this.called[own] as number) + (appears ? 1 : -1);
      return;
    }
    if (appears) this.operationIn[slot] = operation;
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    const at = (froms[own] as number) * this.words + word;
    switch (kinds[own]) {
      case kindOf.read:
        flip(this.reads, word, bit);
        return flip(this.readsOf, at, bit);
      case kindOf.write:
        flip(this.writes, word, bit);
        return flip(this.writesOf, at, bit);
      case kindOf.cas:
        flip(this.cases, word, bit);
        flip(this.takesOf, at, bit);
        return flip(this.setsOf, (tos[own] as number) * this.words + word, bit);
      case kindOf.mismatch:
        flip(this.mismatches, word, bit);
        return flip(this.mismatchesOf, at, bit);
      default:
        return flip(this.idle, word, bit);
    }
  }
}

function flip(masks: Int32Array, at: number, bit: number): void {
  masks[at] = (masks[at] as number) ^ bit;
}
