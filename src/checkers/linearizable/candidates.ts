// Who among those that are pending can take effect next, in a configuration of a register: of equal
// operations the one that returns first.
import type { Classes } from './classes.js';
import type { Makers } from './makers.js';
import type { PendingMasks } from './pending-masks.js';
import type { Wanted } from './wanted.js';

/** A compare-and-set with no more chances than this takes effect as soon as it can. */
const urgentMax = 2;

export class Candidates {
  /** Masks of slots: compare-and-sets that will hardly have another chance, and all others. */
  readonly urgent: Int32Array;
  readonly others: Int32Array;
  /** Whether a pending write must still be placed: then even one of the same value is of use. */
  exposed = false;
  readonly #classes: Classes;
  readonly #pending: PendingMasks;
  readonly #wanted: Wanted;
  readonly #makers: Makers;

  constructor(classes: Classes, pending: PendingMasks, wanted: Wanted, makers: Makers) {
    this.#classes = classes;
    this.#pending = pending;
    this.#wanted = wanted;
    this.#makers = makers;
    this.urgent = new Int32Array(pending.words);
    this.others = new Int32Array(pending.words);
  }

  /**
   * Finds them, but for who is in the slot `returning`. What is wanted has been gathered; `masks`
   * say who has taken effect, and then who is hidden.
   */
  find(masks: Int32Array, value: number, returning: number): void {
    const { words } = this.#pending;
    this.exposed = this.#isExposed(masks);
    for (let word = 0; word < words; word++) {
      const own = returning >> 5 === word ? 1 << (returning & 31) : 0;
      const takes = this.#takesIn(word, masks, value) & ~own;
      const urgent = this.#urgentOf(takes, word, masks, value);
      this.urgent[word] = urgent;
      this.others[word] = (takes & ~urgent) | (this.#writesIn(word, masks, value) & ~own);
    }
  }

  #isExposed(masks: Int32Array): boolean {
    const { words, writes } = this.#pending;
    for (let word = 0; word < words; word++) {
      const placed = (masks[word] as number) | (masks[words + word] as number);
      if (((writes[word] as number) & ~placed) !== 0) return true;
    }
    return false;
  }

  /** Compare-and-sets of the value. */
  #takesIn(word: number, masks: Int32Array, value: number): number {
    const { words, takesOf, operationIn } = this.#pending;
    const takes = (takesOf[value * words + word] as number) & ~(masks[word] as number);
    const free = masks[words + word] as number;
    let found = takes & free;
    for (let rest = takes & ~free; rest !== 0; rest &= rest - 1) {
      const operation = operationIn[(word << 5) + 31 - Math.clz32(rest & -rest)] as number;
      const own = this.#classes.classOf[operation] as number;
      if (this.#wanted.isFirst(operation, own)) found |= rest & -rest;
    }
    return found;
  }

  #urgentOf(takes: number, word: number, masks: Int32Array, value: number): number {
    let urgent = 0;
    for (let rest = takes; rest !== 0; rest &= rest - 1) {
      const slot = (word << 5) + 31 - Math.clz32(rest & -rest);
      const operation = this.#pending.operationIn[slot] as number;
      const chances = this.#makers.chances(operation, value, masks, urgentMax + 1);
      if (chances <= urgentMax) urgent |= rest & -rest;
    }
    return urgent;
  }

  /** Writes that somebody wants. */
  #writesIn(word: number, masks: Int32Array, value: number): number {
    const { writes, operationIn } = this.#pending;
    const { classOf, tos } = this.#classes;
    let found = 0;
    let rest = (writes[word] as number) & ~(masks[word] as number);
    for (; rest !== 0; rest &= rest - 1) {
      const operation = operationIn[(word << 5) + 31 - Math.clz32(rest & -rest)] as number;
      const own = classOf[operation] as number;
      const to = tos[own] as number;
      if ((to === value && !this.exposed) || !this.#wanted.has(to)) continue;
      if (this.#wanted.isFirst(operation, own)) found |= rest & -rest;
    }
    return found;
  }
}
