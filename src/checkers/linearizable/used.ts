// Which operations of unknown outcome a configuration of a register has used. What used less is
// better, for all that is left can still be used; and what used a compare-and-set is better than
// what used a write of the same value, for a write can do all that a compare-and-set can.

import type { Classes } from './classes.js';
import { Multisets } from './multisets.js';
import { kindOf } from './register-action.js';

/** Multisets of classes, numbered; the empty one is 0. */
export class Used {
  #sets = new Multisets();
  /** By element: how many have been used whatever the configuration. */
  #base: Int32Array;
  readonly #elements: () => Elements;
  /** By multiset: its size, how many make the same value as its greatest, and a signature. */
  #sizes = [0];
  #repeats = [0];
  #signatures = [0];

  constructor(classes: Classes) {
    this.#base = new Int32Array(classes.count);
    let known: Elements | undefined;
    this.#elements = () => {
      known ??= elementsOf(classes);
      return known;
    };
  }

  get bytes(): number {
    return this.#sets.bytes + 24 * this.#sizes.length;
  }

  with(multiset: number, own: number): number {
    return this.#sets.with(multiset, this.#elements().elementOf[own] as number);
  }

  count(multiset: number, own: number): number {
    const element = this.#elements().elementOf[own] as number;
    return (this.#base[element] as number) + this.#sets.count(multiset, element);
  }

  size(multiset: number): number {
    this.#know(multiset);
    return this.#sizes[multiset] as number;
  }

  /**
   * Sets apart what all of these multisets have, so that they get smaller, and forgets all others.
   * Returns what they are called from now on. Names from before go with what `mark` told before.
   */
  rebase(multisets: Iterable<number>): ReadonlyMap<number, number> {
    const old = this.#sets;
    const all = new Set(multisets);
    const common = new Map<number, number>();
    let first = true;
    for (const multiset of all) {
      const counts = new Map<number, number>();
      for (let rest = multiset; rest !== 0; rest = old.others(rest)) {
        const element = old.greatest(rest);
        counts.set(element, (counts.get(element) ?? 0) + 1);
      }
      if (first) for (const [element, count] of counts) common.set(element, count);
      for (const [element, count] of common) {
        common.set(element, Math.min(count, counts.get(element) ?? 0));
      }
      first = false;
    }
    this.#base = this.#base.slice();
    for (const [element, count] of common) {
      this.#base[element] = (this.#base[element] as number) + count;
    }
    this.#sets = new Multisets();
    [this.#sizes, this.#repeats, this.#signatures] = [[0], [0], [0]];
    return new Map([...all].map((multiset) => [multiset, this.#without(old, multiset, common)]));
  }

  /** Returns how to go back to the names of now. */
  mark(): () => void {
    const [sets, base] = [this.#sets, this.#base];
    const [sizes, repeats, signatures] = [this.#sizes, this.#repeats, this.#signatures];
    return () => {
      [this.#sets, this.#base] = [sets, base];
      [this.#sizes, this.#repeats, this.#signatures] = [sizes, repeats, signatures];
    };
  }

  #without(old: Multisets, multiset: number, common: ReadonlyMap<number, number>): number {
    const kept: number[] = [];
    let [element, skipped] = [-1, 0];
    for (let rest = multiset; rest !== 0; rest = old.others(rest)) {
      if (old.greatest(rest) !== element) [element, skipped] = [old.greatest(rest), 0];
      if (skipped < (common.get(element) ?? 0)) skipped++;
      else kept.push(element);
    }
    return kept.reduceRight((set, each) => this.#sets.with(set, each), 0);
  }

  /** Whether what is left after using `a` can do all that what is left after `b` can. */
  isAsGood(a: number, b: number): boolean {
    if (a === b) return true;
    this.#know(Math.max(a, b));
    if ((this.#sizes[a] as number) > (this.#sizes[b] as number)) return false;
    if (((this.#signatures[a] as number) & ~(this.#signatures[b] as number)) !== 0) return false;
    return this.#replaces(a, b);
  }

  /** Finds for each of `a` one of `b`: the same, or a write for a compare-and-set. */
  #replaces(a: number, b: number): boolean {
    const sets = this.#sets;
    const { madeBy, writes } = this.#elements();
    /** Of those that make `made`: compare-and-sets of `a` less spare writes of `b`, so far. */
    let [lacking, spare, made] = [0, 0, -1];
    let [x, y] = [a, b];
    while (x !== y || lacking > 0) {
      const next = x === 0 ? -1 : sets.greatest(x);
      const other = y === 0 ? -1 : sets.greatest(y);
      if (next === -1 && other === -1) return lacking === 0;
      const top = Math.max(next, other);
      const value = madeBy[top] as number;
      if (value !== made) {
        if (lacking > 0) return false;
        spare = 0;
        made = value;
      }
      if (next === other) {
        x = sets.others(x);
        y = sets.others(y);
      } else if (next > other) {
        x = sets.others(x);
        if (writes[next] === 1) return false;
        if (spare > 0) spare--;
        else lacking++;
      } else {
        y = sets.others(y);
        if (writes[other] === 0) continue;
        if (lacking > 0) lacking--;
        else spare++;
      }
    }
    return true;
  }

  /** Fills in what is known of multisets up to a number. */
  #know(multiset: number): void {
    const { madeBy } = this.#elements();
    for (let next = this.#sizes.length; next <= multiset; next++) {
      const rest = this.#sets.others(next);
      const value = madeBy[this.#sets.greatest(next)] as number;
      const same = rest !== 0 && madeBy[this.#sets.greatest(rest)] === value;
      const repeats = same ? (this.#repeats[rest] as number) + 1 : 1;
      this.#sizes.push((this.#sizes[rest] as number) + 1);
      this.#repeats.push(repeats);
      const bit = (Math.imul(value * 31 + repeats, 0x9e37_79b1) >>> 27) & 31;
      this.#signatures.push((this.#signatures[rest] as number) | (1 << bit));
    }
  }
}

/** Classes as elements of multisets. */
interface Elements {
  /** By class: its element; those that make the same value stand together. */
  readonly elementOf: Int32Array;
  /** By element: the value that it makes, and 1 for a write. */
  readonly madeBy: Int32Array;
  readonly writes: Uint8Array;
}

function elementsOf({ count, tos, kinds }: Classes): Elements {
  const order = Array.from({ length: count }, (_, own) => own).sort(
    (a, b) => (tos[a] as number) - (tos[b] as number) || a - b,
  );
  const elementOf = new Int32Array(count);
  for (const [element, own] of order.entries()) elementOf[own] = element;
  return {
    elementOf,
    madeBy: Int32Array.from(order, (own) => tos[own] as number),
    writes: Uint8Array.from(order, (own) => (kinds[own] === kindOf.write ? 1 : 0)),
  };
}
