// Who can still make a value. A configuration in which somebody pending asks for a value that
// nobody can make before that one returns leads nowhere, and is given up at once.

import type { Classes } from './classes.js';
import type { PendingMasks } from './pending-masks.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

export class Makers {
  readonly #classes: Classes;
  readonly #pending: PendingMasks;
  readonly #returns: Int32Array;
  /** By value: where the ranks of the calls of its makers begin in `#calls`, ascending. */
  readonly #starts: Int32Array;
  readonly #calls: Int32Array;
  constructor(classes: Classes, pending: PendingMasks, { part, values }: RegisterPart) {
    this.#classes = classes;
    this.#pending = pending;
    this.#returns = part.returns;
    this.#starts = new Int32Array(values + 1);
    this.#calls = new Int32Array(part.calls.length);
    this.#index(part.calls, values);
  }

  #index(calls: Int32Array, values: number): void {
    const { classOf, tos } = this.#classes;
    const starts = this.#starts;
    for (let at = 0; at < calls.length; at++) {
      const own = classOf[at] as number;
      const to = tos[own] as number;
      if (this.#makes(own)) starts[to + 1] = (starts[to + 1] as number) + 1;
    }
    for (let value = 0; value < values; value++) {
      starts[value + 1] = (starts[value + 1] as number) + (starts[value] as number);
    }
    const next = starts.slice();
    for (let at = 0; at < calls.length; at++) {
      const own = classOf[at] as number;
      if (!this.#makes(own)) continue;
      const to = tos[own] as number;
      const place = next[to] as number;
      this.#calls[place] = calls[at] as number;
      next[to] = place + 1;
    }
  }

  #makes(own: number): boolean {
    const kind = this.#classes.kinds[own];
    return kind === kindOf.write || kind === kindOf.cas;
  }

  /**
   * The rank of the first return of somebody who has not taken effect and must, as `masks` say, and
   * who asks in vain; −1 for none. `left`: whether an unknown operation of a class is left.
   */
  lack(masks: Int32Array, value: number, left: (own: number) => boolean): number {
    const { words, reads, cases, readsOf, takesOf, operationIn } = this.#pending;
    const { classOf, froms } = this.#classes;
    let first = open;
    for (let word = 0; word < words; word++) {
      const at = value * words + word;
      const served = (readsOf[at] as number) | (takesOf[at] as number);
      const exempt = (masks[word] as number) | (masks[words + word] as number) | served;
      let rest = ((reads[word] as number) | (cases[word] as number)) & ~exempt;
      while (rest !== 0) {
        const operation = operationIn[(word << 5) + 31 - Math.clz32(rest & -rest)] as number;
        const from = froms[classOf[operation] as number] as number;
        const own = from * words + word;
        const alike = rest & ((readsOf[own] as number) | (takesOf[own] as number));
        rest &= ~alike;
        if (this.#isPending(from, masks)) continue;
        const earliest = this.#earliest(from, alike, word);
        if (earliest < first && !this.#unknownMakes(from, left)) first = earliest;
      }
    }
    return first === open ? -1 : first;
  }

  /** Whether somebody who makes a value is pending and has not taken effect. */
  #isPending(value: number, masks: Int32Array): boolean {
    const { words, writesOf, setsOf } = this.#pending;
    for (let word = 0, at = value * words; word < words; word++, at++) {
      const making = (writesOf[at] as number) | (setsOf[at] as number);
      if ((making & ~(masks[word] as number)) !== 0) return true;
    }
    return false;
  }

  /** The earliest return of those in a word before which nobody is called who makes a value. */
  #earliest(value: number, asking: number, word: number): number {
    let earliest = open;
    for (let rest = asking; rest !== 0; rest &= rest - 1) {
      const slot = (word << 5) + 31 - Math.clz32(rest & -rest);
      const operation = this.#pending.operationIn[slot] as number;
      const done = this.#returns[operation] as number;
      if (done < earliest && !this.#comes(value, operation)) earliest = done;
    }
    return earliest;
  }

  /**
   * About how often the value that an operation takes will still be there: those who make it before
   * the operation returns, less the others who take it. Counted up to `max` only.
   */
  chances(operation: number, value: number, masks: Int32Array, max: number): number {
    const { words, writesOf, setsOf, takesOf } = this.#pending;
    let count = 1;
    for (let word = 0, at = value * words; word < words; word++, at++) {
      const undone = ~(masks[word] as number);
      count += ones(((writesOf[at] as number) | (setsOf[at] as number)) & undone);
      count -= ones((takesOf[at] as number) & undone);
    }
    const done = this.#returns[operation] as number;
    const end = this.#starts[value + 1] as number;
    for (let at = this.#nextCall(value); at < end && count < max; at++, count++) {
      if ((this.#calls[at] as number) > done) break;
    }
    return count;
  }

  /** Whether a maker of a value is called later, and before the operation returns. */
  #comes(value: number, operation: number): boolean {
    const at = this.#nextCall(value);
    if (at === this.#starts[value + 1]) return false;
    return (this.#calls[at] as number) < (this.#returns[operation] as number);
  }

  /** Where among the calls of a value's makers the next one stands, or the end of them. */
  #nextCall(value: number): number {
    let low = this.#starts[value] as number;
    let high = this.#starts[value + 1] as number;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#calls[middle] as number) < this.#pending.rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #unknownMakes(value: number, left: (own: number) => boolean): boolean {
    const { unknownWrites, unknownTo } = this.#classes;
    const own = unknownWrites[value] as number;
    if (own >= 0 && left(own)) return true;
    for (const other of unknownTo.get(value) ?? []) {
      if (left(other)) return true;
    }
    return false;
  }
}

function ones(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
