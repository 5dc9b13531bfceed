// Who can still make a value. A configuration in which somebody pending asks for a value that
// nobody can make before that one returns leads nowhere, and is given up at once.

import type { Classes } from './classes.js';
import type { Pending } from './pending.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

export class Makers {
  readonly #classes: Classes;
  readonly #pending: Pending;
  readonly #returns: Int32Array;
  /** By value: where the ranks of the calls of its makers begin in `#calls`, ascending. */
  readonly #starts: Int32Array;
  readonly #calls: Int32Array;
  /** By value: the look in which a pending maker of it was last met. */
  readonly #met: Int32Array;
  #look = 0;

  constructor(classes: Classes, pending: Pending, { part, values }: RegisterPart) {
    this.#classes = classes;
    this.#pending = pending;
    this.#returns = part.returns;
    this.#met = new Int32Array(values);
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
   * The rank of the first return of somebody who has not taken effect, as the first words of
   * `masks` say, and who asks in vain; −1 for none. `left`: whether an unknown operation of a class
   * is left.
   */
  lack(masks: Int32Array, value: number, left: (own: number) => boolean): number {
    const { operationIn } = this.#pending;
    const { classOf, kinds, froms, tos } = this.#classes;
    this.#look++;
    const words = masks.length >> 1;
    let asking = false;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = operationIn[slot] as number;
      if (operation < 0) continue;
      if ((((masks[slot >> 5] as number) >>> (slot & 31)) & 1) === 1) continue;
      const own = classOf[operation] as number;
      const kind = kinds[own];
      if (kind === kindOf.write || kind === kindOf.cas) this.#met[tos[own] as number] = this.#look;
      if ((kind === kindOf.read || kind === kindOf.cas) && froms[own] !== value) asking = true;
    }
    if (!asking) return -1;
    let first = open;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = operationIn[slot] as number;
      if (operation < 0) continue;
      if ((((masks[slot >> 5] as number) >>> (slot & 31)) & 1) === 1) continue;
      if ((((masks[words + (slot >> 5)] as number) >>> (slot & 31)) & 1) === 1) continue;
      const own = classOf[operation] as number;
      const kind = kinds[own];
      const from = froms[own] as number;
      if ((kind !== kindOf.read && kind !== kindOf.cas) || from === value) continue;
      if (this.#met[from] === this.#look || this.#comes(from, operation)) continue;
      const done = this.#returns[operation] as number;
      if (done < first && !this.#unknownMakes(from, left)) first = done;
    }
    return first === open ? -1 : first;
  }

  /** Whether a maker of a value is called later, and before the operation returns. */
  #comes(value: number, operation: number): boolean {
    let low = this.#starts[value] as number;
    const end = this.#starts[value + 1] as number;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#calls[middle] as number) < this.#pending.rank) low = middle + 1;
      else high = middle;
    }
    return low < end && (this.#calls[low] as number) < (this.#returns[operation] as number);
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
