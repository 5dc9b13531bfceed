// Which values pending operations ask for, in a configuration of a register; and of equal pending
// operations which one returns first.

import type { Classes } from './classes.js';
import type { Pending } from './pending.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';

/** Gathered anew for each configuration; O(pending + values asked for). */
export class Wanted {
  /** The first `count` are the values asked for. */
  readonly values: Int32Array;
  count = 0;
  /** Whether only what is asked for is wanted, not what it could be made from. */
  frugal = false;
  readonly #classes: Classes;
  readonly #pending: Pending;
  readonly #returns: Int32Array;
  /** By value and by class: the gathering in which they were last met. */
  readonly #valueMet: Int32Array;
  readonly #classMet: Int32Array;
  /** By class: the pending operation of it that returns first. */
  readonly #first: Int32Array;
  #gathering = 0;
  #any = false;

  constructor(classes: Classes, pending: Pending, { values, part }: RegisterPart) {
    this.values = new Int32Array(values);
    this.#classes = classes;
    this.#pending = pending;
    this.#returns = part.returns;
    this.#valueMet = new Int32Array(values);
    this.#classMet = new Int32Array(classes.count);
    this.#first = new Int32Array(classes.count);
  }

  /** Whether somebody asks for a value. */
  has(value: number): boolean {
    return this.#any || this.#valueMet[value] === this.#gathering;
  }

  /** Whether no equal pending operation that has not taken effect returns earlier. */
  isFirst(operation: number, own: number): boolean {
    return this.#first[own] === operation;
  }

  /** Whether an operation of a class and of known outcome is pending and has not taken effect. */
  isPending(own: number): boolean {
    return this.#classMet[own] === this.#gathering;
  }

  /**
   * Gathers what those ask for that have not taken effect, as the first words of `masks` say.
   * `future`: an unknown compare-and-set asks as well, for it may serve somebody who comes later.
   */
  gather(masks: Int32Array, value: number, future: boolean): void {
    this.count = 0;
    this.#gathering++;
    this.#any = false;
    const { operationIn } = this.#pending;
    const { classOf, kinds, froms } = this.#classes;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = operationIn[slot] as number;
      if (operation < 0) continue;
      if ((((masks[slot >> 5] as number) >>> (slot & 31)) & 1) === 1) continue;
      const own = classOf[operation] as number;
      const kind = kinds[own];
      const free = ((masks[(masks.length >> 1) + (slot >> 5)] as number) >>> (slot & 31)) & 1;
      this.#meet(operation, own, kind === kindOf.cas && free === 1);
      if (kind === kindOf.read || kind === kindOf.cas) this.#want(froms[own] as number);
      else if (kind === kindOf.mismatch && froms[own] === value) this.#any = true;
    }
    this.#close(future);
  }

  /** `free`: it need not take effect, so that it is no twin of those that must. */
  #meet(operation: number, own: number, free: boolean): void {
    if (this.#classMet[own] !== this.#gathering) this.#first[own] = -1;
    this.#classMet[own] = this.#gathering;
    if (free) return;
    const other = this.#first[own] as number;
    const returns = this.#returns;
    if (other < 0 || (returns[operation] as number) < (returns[other] as number)) {
      this.#first[own] = operation;
    }
  }

  #want(value: number): void {
    if (this.#valueMet[value] === this.#gathering) return;
    this.#valueMet[value] = this.#gathering;
    this.values[this.count++] = value;
  }

  /** Who can make a wanted value from another one wants that other one. */
  #close(future: boolean): void {
    const { unknownTo, unknownFrom, unknownWrites, froms } = this.#classes;
    if (this.#any) {
      for (let value = 0; value < unknownWrites.length; value++) {
        if (unknownWrites[value] !== -1) this.#want(value);
      }
    }
    if (unknownTo.size === 0 || this.frugal) return;
    if (future || this.#any) {
      for (const [from, classes] of unknownFrom) {
        if (classes.some((own) => (this.#pending.called[own] as number) > 0)) this.#want(from);
      }
    }
    for (let at = 0; at < this.count; at++) {
      for (const own of unknownTo.get(this.values[at] as number) ?? []) {
        if ((this.#pending.called[own] as number) > 0) this.#want(froms[own] as number);
      }
    }
  }
}
