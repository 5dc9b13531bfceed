// Proofs that a register's history cannot be explained, from less than the history. What is found
// impossible although things were forgotten is impossible.
import type { Bounds } from './bounds.js';
import { LayeredSearch } from './layered-search.js';
import type { RegisterPart } from './register-part.js';
import { blurred, type Window, windowOf } from './windows.js';

/** Configurations of a layer in a first look, which is not to prove but to find quickly. */
const glance = 16;

export class Refutations {
  configurations = 0;
  readonly #registers: RegisterPart;
  readonly #bounds: Bounds;
  /** Values that do not suffice for a proof. */
  readonly #idle = new Set<number>();
  #at = -1;
  #length = 0;

  constructor(registers: RegisterPart, bounds: Bounds) {
    this.#registers = registers;
    this.#bounds = bounds;
  }

  /**
   * Looks for a proof that no order gets beyond about the event of rank `at`: with one value told
   * from all others, then in ever longer stretches around it. Returns the rank of a return that no
   * order reaches, or −1. `effort` is how many configurations may be visited.
   */
  refute(at: number, effort: number): number {
    const { part, from } = this.#registers;
    const { length } = part.events;
    const value = from[(part.events[at] as number) >> 1] as number;
    if (!this.#idle.has(value)) {
      const whole = blurred(windowOf(this.#registers, 0, length - 1), value);
      const found = this.#try(whole, effort + 4 * length, false);
      if (found.rank >= 0) return whole.ranks[found.rank] as number;
      if (found.idle) this.#idle.add(value);
    }
    if (this.#at !== at) [this.#at, this.#length] = [at, 8];
    for (; this.#length < 2 * length; this.#length *= 2) {
      const last = Math.min(length - 1, at + (this.#length >> 2));
      const window = windowOf(this.#registers, Math.max(0, at - this.#length), last);
      const found = this.#try(window, effort, true);
      if (found.rank >= 0) return window.ranks[found.rank] as number;
      if (!found.idle) break;
    }
    return -1;
  }

  /** `idle`: the window can be explained, so that it proves nothing. */
  #try(window: Window, effort: number, glancing: boolean) {
    const configurationsMax = Math.min(effort, this.#bounds.configurationsMax);
    const { bytesMax } = this.#bounds;
    const bounds = { configurationsMax, bytesMax };
    for (const widthMax of glancing
      ? [glance, Number.POSITIVE_INFINITY]
      : [Number.POSITIVE_INFINITY]) {
      const search = new LayeredSearch(window.registers, bounds);
      const { verdict, reached, complete } = search.start(window, widthMax);
      this.configurations += search.configurations;
      if (verdict === 'valid') return { rank: -1, idle: true };
      if (verdict === 'dead' && complete) return { rank: reached, idle: false };
    }
    return { rank: -1, idle: false };
  }
}
