// Which values pending operations ask for, in a configuration of a register; and of equal pending
// operations which one returns first.

import type { Classes } from './classes.js';
import type { PendingMasks } from './pending-masks.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';

/** Gathered anew for each configuration; O(pending + values asked for). */
export class Wanted {
  /** The first `count` are the values asked for; listed only where outcomes are unknown. */
  readonly values: Int32Array;
  count = 0;
  /** Whether only what is asked for is wanted, not what it could be made from. */
  frugal = false;
  readonly #classes: Classes;
  readonly #pending: PendingMasks;
  readonly #returns: Int32Array;
  /** Whether no outcome that makes a value is unknown: then masks tell all. */
  readonly #known: boolean;
  /** By value: the gathering in which it was last met. */
  readonly #met: Int32Array;
  #gathering = 0;
  /** What has taken effect, then what is hidden. */
  #masks: Int32Array;
  #any = false;

  constructor(classes: Classes, pending: PendingMasks, { values, part }: RegisterPart) {
    this.#classes = classes;
    this.#pending = pending;
    this.#returns = part.returns;
    this.#known = classes.unknownTo.size === 0 && classes.unknownWrites.every((own) => own < 0);
    this.values = new Int32Array(this.#known ? 0 : values);
    this.#met = new Int32Array(this.#known ? 0 : values);
    this.#masks = new Int32Array(2 * pending.words);
  }

  /** Whether somebody asks for a value. */
  has(value: number): boolean {
    if (this.#any) return true;
    return this.#known ? this.#isAsked(value) : this.#met[value] === this.#gathering;
  }

  #isAsked(value: number): boolean {
    const { words, readsOf, takesOf } = this.#pending;
    for (let word = 0, at = value * words; word < words; word++, at++) {
      const asking = (readsOf[at] as number) | (takesOf[at] as number);
      if ((asking & ~(this.#masks[word] as number)) !== 0) return true;
    }
    return false;
  }

  /**
   * Whether no equal pending operation that has not taken effect returns earlier. One that need not
   * take effect is no twin of those that must.
   */
  isFirst(operation: number, own: number): boolean {
    const { words, operationIn } = this.#pending;
    const cas = this.#classes.kinds[own] === kindOf.cas;
    const done = this.#returns[operation] as number;
    for (let word = 0; word < words; word++) {
      const free = cas ? (this.#masks[words + word] as number) : 0;
      for (let rest = this.#alike(own, word) & ~free; rest !== 0; rest &= rest - 1) {
        const slot = (word << 5) + 31 - Math.clz32(rest & -rest);
        if ((this.#returns[operationIn[slot] as number] as number) < done) return false;
      }
    }
    return true;
  }

  /** Whether an operation of a class and of known outcome is pending and has not taken effect. */
  isPending(own: number): boolean {
    for (let word = 0; word < this.#pending.words; word++) {
      if (this.#alike(own, word) !== 0) return true;
    }
    return false;
  }

  /** Those of a class of writes or compare-and-sets that are pending and have not taken effect. */
  #alike(own: number, word: number): number {
    const { words, writesOf, takesOf, setsOf } = this.#pending;
    const { kinds, froms, tos } = this.#classes;
    const from = (froms[own] as number) * words + word;
    const undone = ~(this.#masks[word] as number);
    if (kinds[own] === kindOf.write) return (writesOf[from] as number) & undone;
    const to = (tos[own] as number) * words + word;
    return (takesOf[from] as number) & (setsOf[to] as number) & undone;
  }

  /**
   * Gathers what those ask for that have not taken effect, as the first words of `masks` say.
   * `future`: an unknown compare-and-set asks as well, for it may serve somebody who comes later.
   */
  gather(masks: Int32Array, value: number, future: boolean): void {
    const { words, mismatchesOf } = this.#pending;
    this.#masks = masks;
    this.#any = false;
    for (let word = 0; word < words; word++) {
      const refusing = mismatchesOf[value * words + word] as number;
      if ((refusing & ~(masks[word] as number)) !== 0) this.#any = true;
    }
    if (this.#known) return;
    this.count = 0;
    this.#gathering++;
    this.#list(masks);
    this.#close(future);
  }

  #list(masks: Int32Array): void {
    const { words, reads, cases, operationIn } = this.#pending;
    const { classOf, froms } = this.#classes;
    for (let word = 0; word < words; word++) {
      const asking = (reads[word] as number) | (cases[word] as number);
      for (let rest = asking & ~(masks[word] as number); rest !== 0; rest &= rest - 1) {
        const operation = operationIn[(word << 5) + 31 - Math.clz32(rest & -rest)] as number;
        this.#want(froms[classOf[operation] as number] as number);
      }
    }
  }

  #want(value: number): void {
    if (this.#met[value] === this.#gathering) return;
    this.#met[value] = this.#gathering;
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
