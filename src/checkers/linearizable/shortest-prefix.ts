// Where the shortest bad prefix of an invalid part ends: at a return before which all can be
// explained, which an order shows, and with which it cannot. Bounded: what cannot be shown is not
// said to be the shortest.
import type { Clue, Outcome } from './bounds.js';
import { orderByChains } from './chain-order.js';
import { chainsOf } from './chains.js';
import { besides, provenConflict } from './conflict.js';
import { decidePart } from './decide.js';
import { longestOrders, type Order, registerOrders } from './longest-orders.js';
import type { Model } from './model.js';
import { prefixOf } from './prefix.js';
import { searchByLayers } from './register-decision.js';
import { headOf, type RegisterPart, registerPartOf } from './register-part.js';
import type { Part } from './timeline.js';

/** What finding it may cost, beside what deciding cost. */
const bytesMax = 2 ** 27;
/** Configurations for each event that are visited to find orders; and then, layer by layer. */
const configurationsEach = 1;
const layeredEach = 10;
const layeredMore = 1_000;
/** How often clues are followed. */
const cluesMax = 8;

/** Where the shortest bad prefix ends. */
interface End {
  /** The rank of its last event, a return. */
  readonly last: number;
  /** Whether it is known to be the shortest. */
  readonly shortest: boolean;
  /** Operations that conflict, where they have been found. */
  readonly conflict?: readonly number[] | undefined;
  /** Orders of all that returned before. */
  readonly orders: readonly Order[];
}

/** What came of a look at a prefix. */
interface Look {
  readonly outcome: Outcome;
  readonly orders: readonly Order[];
}

/** What a prefix is, and operations that conflict where it is bad. */
interface Verdict {
  readonly verdict: Outcome['verdict'];
  readonly conflict?: readonly number[];
}

/** Finds the end of the shortest bad prefix of an invalid part, near where a clue says. */
export function shortestBadPrefix(part: Part, model: Model, clue: Clue): End {
  const seeking = new Seeking(part, model, clue);
  return seeking.follow() ?? seeking.bisect();
}

class Seeking {
  readonly #part: Part;
  readonly #model: Model;
  readonly #clue: Clue;
  /** What deciding has cost. */
  readonly #spent: number;
  readonly #registers: RegisterPart | undefined;
  /** Whether chains of values can tell. */
  readonly #chained: boolean;
  /** The prefix that ends with the event of this rank is known to be valid. */
  #valid = -1;

  constructor(part: Part, model: Model, clue: Clue) {
    this.#part = part;
    this.#model = model;
    this.#clue = clue;
    this.#spent = clue.spent ?? 0;
    this.#registers = registerPartOf(part, model);
    this.#chained = this.#registers !== undefined && chainsOf(this.#registers) !== undefined;
  }

  /**
   * Follows clues: what comes before the return that a clue names is either fine or gives another
   * clue. undefined where clues lead nowhere.
   */
  follow(): End | undefined {
    const { events } = this.#part;
    let clue = this.#clue;
    for (let nth = 0; nth < cluesMax; nth++) {
      const last = events.findIndex((event, rank) => rank >= clue.stuck && (event & 1) === 1);
      if (last < 0) return undefined;
      const { outcome, orders } = this.#before(last);
      if (outcome.verdict === 'invalid') {
        clue = outcome;
        continue;
      }
      const shortest = outcome.verdict === 'valid';
      if (shortest) this.#valid = last - 1;
      if (clue.certain === true) return { last, shortest, conflict: clue.conflict, orders };
      // Whoever had not returned there may have been told something else.
      const { verdict, conflict } = this.#look(last);
      if (verdict === 'invalid') {
        return { last, shortest, conflict: clue.conflict ?? conflict, orders };
      }
      if (verdict === 'valid') this.#valid = last;
      return undefined;
    }
    return undefined;
  }

  /**
   * By bisection, starting near the clue. Prefixes of prefixes only ask for less, so bisection is
   * sound.
   */
  bisect(): End {
    const returns = [...this.#part.events.keys()].filter(
      (rank) => ((this.#part.events[rank] as number) & 1) === 1,
    );
    const from = Math.max(this.#clue.stuck, this.#valid + 1);
    let [low, high] = [returns.findIndex((rank) => rank > this.#valid), returns.length - 1];
    let shortest = true;
    let conflict: readonly number[] | undefined;
    const isBadAt = (at: number) => {
      const found = this.#look(returns[at] as number);
      if (found.verdict === 'unknown') shortest = false;
      if (found.verdict === 'invalid') [high, conflict] = [at, found.conflict];
      else low = at + 1;
      return found.verdict === 'invalid';
    };
    const first = returns.findIndex((rank) => rank >= from);
    if (first >= 0 && first < high && !isBadAt(first)) {
      for (let step = 1; low < high && !isBadAt(Math.min(high - 1, low + step - 1)); step *= 4);
    } else {
      for (let step = 1; low < high && isBadAt(Math.max(low, high - step)); step *= 4);
    }
    while (low < high) isBadAt((low + high) >> 1);
    const last = returns[high] as number;
    return { last, shortest, conflict, orders: this.#before(last).orders };
  }

  /** Whether all that came before the event of a rank can be explained, and how. */
  #before(last: number): Look {
    const registers = this.#registers;
    if (registers === undefined) return this.#generallyBefore(last);
    const before = () =>
      registerPartOf(prefixOf(this.#part, last - 1), this.#model) as RegisterPart;
    const chained = this.#chained ? orderByChains(before()) : undefined;
    if (chained !== undefined) {
      return { outcome: chained, orders: chained.order ? [chained.order] : [] };
    }
    const bounds = { configurationsMax: Number.POSITIVE_INFINITY, bytesMax };
    const valid = { verdict: 'valid' } as const;
    // What came later is a help, but may ask for more.
    const { orders } = registerOrders(headOf(registers, last), last, bounds, true);
    if (orders.length > 0) return { outcome: valid, orders };
    const given = before();
    const found = registerOrders(given, last, bounds);
    if (found.orders.length > 0) return { outcome: valid, orders: found.orders };
    if (found.outcome.verdict !== 'unknown') return { outcome: found.outcome, orders };
    const most = this.#spent > 0 ? this.#spent + layeredMore : layeredEach * last;
    const { outcome } = searchByLayers(given, { configurationsMax: most, bytesMax });
    return { outcome, orders };
  }

  #generallyBefore(last: number): Look {
    const prefix = prefixOf(this.#part, last);
    const orders = longestOrders(prefix, this.#model, last, this.#boundsOf(0));
    if (orders.length > 0) return { outcome: { verdict: 'valid' }, orders };
    const before = prefixOf(this.#part, last - 1);
    const { outcome } = decidePart(before, this.#model, this.#boundsOf(this.#spent));
    return { outcome, orders };
  }

  /** A verdict on the prefix that ends with the event of a rank: quick proofs, then a search. */
  #look(last: number): Verdict {
    if (this.#registers === undefined || this.#chained) return { verdict: this.#decide(last) };
    const prefix = prefixOf(this.#part, last);
    const registers = registerPartOf(prefix, this.#model);
    const proven = registers && provenConflict(registers, last);
    if (proven !== undefined) return { verdict: 'invalid', conflict: proven };
    const bounds = { configurationsMax: Number.POSITIVE_INFINITY, bytesMax };
    const { orders } = registerOrders(headOf(this.#registers, last), last + 1, bounds, true);
    if (orders.length > 0) return { verdict: 'valid' };
    const conflict = besides(prefix, (this.#part.events[last] as number) >> 1);
    return { verdict: this.#decide(last), conflict };
  }

  #decide(last: number): Outcome['verdict'] {
    const bounds = this.#boundsOf(2 * this.#spent);
    return decidePart(prefixOf(this.#part, last), this.#model, bounds).outcome.verdict;
  }

  /** `spent` is what deciding has cost. */
  #boundsOf(spent: number) {
    const few = 200 + configurationsEach * this.#part.events.length;
    return { configurationsMax: few + spent, bytesMax };
  }
}
