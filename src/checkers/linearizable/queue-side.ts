// One end of a FIFO queue: the operations of known outcome that put values in, or those that take
// them out. An order of them is built from its front; those that have had their turn are all that
// return before the front and some of those that are pending when it returns, a mask of slots.
import { open } from './timeline.js';

/** An operation at one end: ranks, the slot while it is pending, the value; −1 for no value. */
export interface QueueEntry {
  readonly operation: number;
  readonly call: number;
  readonly done: number;
  readonly slot: number;
  readonly value: number;
}

/** Entries go by place: in the order in which they return. */
export class QueueSide {
  readonly count: number;
  readonly operations: Int32Array;
  readonly calls: Int32Array;
  /** One more than there are entries: at the end comes `open`. */
  readonly returns: Int32Array;
  readonly slots: Int32Array;
  readonly values: Int32Array;
  /** By place: the last one before it with the same value, or −1. */
  readonly before: Int32Array;
  /** By place: where its list of places begins that are pending when it returns, itself first. */
  readonly starts: Int32Array;
  readonly pending: Int32Array;

  constructor(entries: readonly QueueEntry[]) {
    const byReturn = [...entries].sort((a, b) => a.done - b.done);
    this.count = byReturn.length;
    this.operations = Int32Array.from(byReturn, ({ operation }) => operation);
    this.calls = Int32Array.from(byReturn, ({ call }) => call);
    this.returns = Int32Array.from([...byReturn.map(({ done }) => done), open]);
    this.slots = Int32Array.from(byReturn, ({ slot }) => slot);
    this.values = Int32Array.from(byReturn, ({ value }) => value);
    const latest = new Map<number, number>();
    this.before = this.values.map((value, place) => {
      const before = latest.get(value) ?? -1;
      latest.set(value, place);
      return before;
    });
    const firsts = this.calls.map((call) => this.#firstAfter(call));
    this.starts = new Int32Array(this.count + 1);
    this.pending = this.#listed(firsts);
  }

  /** The first place that returns after a rank. */
  #firstAfter(rank: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.returns[middle] as number) <= rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #listed(firsts: Int32Array): Int32Array {
    const { starts, count } = this;
    /** By place: how many more are pending at its return than at the one before. */
    const more = new Int32Array(count + 1);
    for (let at = 0; at < count; at++) {
      const first = firsts[at] as number;
      more[first] = (more[first] as number) + 1;
      more[at + 1] = (more[at + 1] as number) - 1;
    }
    let there = 0;
    for (let at = 0; at < count; at++) {
      there += more[at] as number;
      starts[at + 1] = (starts[at] as number) + there;
    }
    const pending = new Int32Array(starts[count] as number);
    const next = starts.slice();
    for (let at = 0; at < count; at++) {
      for (let front = firsts[at] as number; front <= at; front++) {
        pending[next[front] as number] = at;
        next[front] = (next[front] as number) + 1;
      }
    }
    return pending;
  }
}
