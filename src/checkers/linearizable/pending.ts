// Which operations are pending at each instant. Those with a known outcome have a slot while they
// are pending, a bit of a mask; at most as many slots are needed as operations are ever concurrent.
// Those whose outcome is unknown have none: they are pending for ever, and are counted by kind.
import { grown } from '../set-full/interner.js';
import type { Part } from './timeline.js';
import { open } from './timeline.js';

/** The slots of a part's operations. */
export interface Slots {
  /** By operation; −1 where the outcome is unknown. */
  readonly slotOf: Int32Array;
  readonly count: number;
  /** 32-bit words in a mask of all slots. */
  readonly words: number;
}

/** Each call takes the slot that was freed last. O(n). */
export function slotsOf({ events, returns }: Part): Slots {
  const slotOf = new Int32Array(returns.length).fill(-1);
  let free = new Int32Array(16);
  let [freeCount, count] = [0, 0];
  for (let rank = 0; rank < events.length; rank++) {
    const event = events[rank] as number;
    const operation = event >> 1;
    if ((event & 1) === 1) {
      if (freeCount === free.length) free = grown(free, freeCount + 1);
      free[freeCount++] = slotOf[operation] as number;
    } else if (returns[operation] !== open) {
      slotOf[operation] = freeCount > 0 ? (free[--freeCount] as number) : count++;
    }
  }
  return { slotOf, count, words: Math.max(1, (count + 31) >> 5) };
}

/**
 * A place among the events. It moves forth and back, and knows which operations are pending there:
 * called, and not returned before. O(1) for each event passed.
 */
export class Pending {
  /** All events of lower rank have been passed. */
  rank = 0;
  /** By slot: the operation that is pending there, or −1. */
  readonly operationIn: Int32Array;
  /** By kind: how many operations of unknown outcome have been called. */
  readonly called: Int32Array;
  readonly slots: Slots;
  readonly #events: Int32Array;
  readonly #kindOf: Int32Array;

  /** `kindOf`, by operation, matters only where the outcome is unknown. */
  constructor(part: Part, kindOf: Int32Array, kinds: number) {
    this.slots = slotsOf(part);
    this.operationIn = new Int32Array(this.slots.count).fill(-1);
    this.called = new Int32Array(kinds);
    this.#events = part.events;
    this.#kindOf = kindOf;
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
    if (slot >= 0) {
      this.operationIn[slot] = appears ? operation : -1;
    } else {
      const kind = this.#kindOf[operation] as number;
      this.called[kind] = (this.called[kind] as number) + (appears ? 1 : -1);
    }
  }
}
