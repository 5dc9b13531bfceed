// Why a part is not linearizable: the shortest prefix that is not, the operations without which it
// would be, and how far one can get. Bounded: explaining is not to cost much more than deciding;
// what it cannot find within its bounds it leaves out.
import type { Bounds, Clue } from './bounds.js';
import { orderByChains } from './chain-order.js';
import { chainsOf } from './chains.js';
import { conflictIn } from './conflict.js';
import { decidePart } from './decide.js';
import { longestOrders, type Order, registerOrders } from './longest-orders.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';
import { prefixOf } from './prefix.js';
import { searchByLayers } from './register-decision.js';
import { headOf, type RegisterPart, registerPartOf } from './register-part.js';
import type { Part } from './timeline.js';

/** Why a part is not linearizable. */
export interface Witness {
  readonly model: Model;
  /** The shortest bad prefix; in it, operations that had not returned are unknown. */
  readonly prefix: Part;
  /** Whether it is known to be the shortest. */
  readonly shortest: boolean;
  /** Positions in `prefix.operations`: the one whose return ends the prefix. */
  readonly stuck: number;
  /** Those that conflict, `stuck` among them: whatever had happened before, they cannot be. */
  readonly conflict: readonly number[];
  /** Longest partial linearizations: orders of all that returned before the end of the prefix. */
  readonly partials: readonly Order[];
}

/** What explaining may cost, beside what deciding cost. */
const bytesMax = 2 ** 27;
/** Configurations for each event that are visited to find orders; and then, layer by layer. */
const configurationsEach = 1;
const layeredEach = 10;
/** How often the end of the prefix is sought by following clues. */
const cluesMax = 8;

/** Explains an invalid part. */
export function witnessOf(part: Part, model: Model, clue: Clue): Witness {
  const end = followed(part, model, clue) ?? bisected(part, model, clue);
  const { last, shortest, conflict, orders } = end;
  const prefix = prefixOf(part, last);
  const stuck = (part.events[last] as number) >> 1;
  return {
    model,
    prefix,
    shortest,
    stuck,
    conflict: ascending(conflict ?? conflictIn(prefix, model, last), stuck),
    partials: orders ?? longestOrders(prefix, model, last, boundsOf(prefix, 0)),
  };
}

function ascending(conflict: readonly number[], stuck: number): readonly number[] {
  return [...new Set([...conflict, stuck])].sort((a, b) => a - b);
}

/** `spent` is what deciding has cost. */
function boundsOf({ events }: Part, spent = 0): Bounds {
  const few = 200 + configurationsEach * events.length;
  return { configurationsMax: few + spent, bytesMax };
}

/** Where the shortest bad prefix ends. */
interface End {
  readonly last: number;
  readonly shortest: boolean;
  readonly conflict?: readonly number[] | undefined;
  readonly orders?: readonly Order[];
}

/**
 * Follows clues: what comes before the return that a clue names is either fine, which an order of
 * it shows, or gives another clue. undefined where clues lead nowhere.
 */
function followed(part: Part, model: Model, first: Clue): End | undefined {
  const registers = registerPartOf(part, model);
  let clue = first;
  for (let nth = 0; nth < cluesMax; nth++) {
    const last = part.events.findIndex((event, rank) => rank >= clue.stuck && (event & 1) === 1);
    if (last < 0) return undefined;
    const asked = { part, model, last, spent: first.spent ?? 0 };
    const { outcome, orders } = registers
      ? explainedRegister(registers, asked)
      : explainedBefore(asked);
    const { conflict, certain } = clue;
    if (outcome.verdict === 'unknown') return { last, shortest: false, conflict, orders };
    if (outcome.verdict === 'valid') {
      // Whoever had not returned there may have been told something else.
      const bad = certain || isBad(prefixOf(part, last), model, first.spent);
      return bad ? { last, shortest: true, conflict, orders } : undefined;
    }
    clue = outcome;
  }
  return undefined;
}

/** What is asked: whether all before the event of rank `last` can be explained, and how. */
interface Asked {
  readonly part: Part;
  readonly model: Model;
  readonly last: number;
  /** What deciding has cost. */
  readonly spent: number;
}

/** Chains tell, or a quick search that knows what came later, or a thorough one that does not. */
function explainedRegister(registers: RegisterPart, { part, model, last, spent }: Asked) {
  if (chainsOf(registers) !== undefined) {
    const before = registerPartOf(prefixOf(part, last - 1), model);
    const chained = before && orderByChains(before);
    if (chained !== undefined)
      return { outcome: chained, orders: chained.order ? [chained.order] : [] };
  }
  const bounds = { configurationsMax: Number.POSITIVE_INFINITY, bytesMax };
  const valid = { verdict: 'valid' } as const;
  const { orders } = registerOrders(headOf(registers, last), last, bounds, true);
  if (orders.length > 0) return { outcome: valid, orders };
  const before = registerPartOf(prefixOf(part, last - 1), model) as RegisterPart;
  const found = registerOrders(before, last, bounds);
  if (found.orders.length > 0) return { outcome: valid, orders: found.orders };
  if (found.outcome.verdict !== 'unknown') return { outcome: found.outcome, orders };
  const most = Math.max(spent, layeredEach * last);
  const { outcome } = searchByLayers(before, { configurationsMax: most, bytesMax });
  return { outcome, orders };
}

function explainedBefore({ part, model, last, spent }: Asked) {
  const prefix = prefixOf(part, last);
  const orders = longestOrders(prefix, model, last, boundsOf(prefix));
  if (orders.length > 0) return { outcome: { verdict: 'valid' } as const, orders };
  const before = prefixOf(part, last - 1);
  const { outcome } = decidePart(before, model, boundsOf(prefix, spent));
  return { outcome, orders };
}

function isBad(prefix: Part, model: Model, spent = 0): boolean {
  const bounds = boundsOf(prefix, 2 * spent);
  return decidePart(prefix, model, bounds).outcome.verdict === 'invalid';
}

/**
 * The rank of the first return that makes the history invalid: by bisection, starting with the
 * guess that it is `guess`. Prefixes of prefixes only ask for less, so bisection is sound.
 */
function bisected(part: Part, model: Model, { stuck: guess, spent = 0 }: Clue): End {
  const returns: number[] = [];
  for (let rank = 0; rank < part.events.length; rank++) {
    if (((part.events[rank] as number) & 1) === 1) returns.push(rank);
  }
  const verdictAt = (at: number) =>
    decidePart(prefixOf(part, returns[at] as number), model, boundsOf(part, spent)).outcome.verdict;
  let [low, high] = [0, returns.length - 1];
  let shortest = true;
  const isBadAt = (at: number) => {
    const verdict = verdictAt(at);
    if (verdict === 'unknown') shortest = false;
    if (verdict === 'invalid') high = at;
    else low = at + 1;
    return verdict === 'invalid';
  };
  const first = returns.findIndex((rank) => rank >= guess);
  if (first >= 0 && first < high && !isBadAt(first)) {
    for (let step = 1; low < high && !isBadAt(Math.min(high - 1, low + step - 1)); step *= 4);
  } else {
    for (let step = 1; low < high && isBadAt(Math.max(low, high - step)); step *= 4);
  }
  while (low < high) isBadAt((low + high) >> 1);
  return { last: returns[high] as number, shortest };
}

/** The operation at a position of the prefix. */
export function operationAt({ prefix }: Witness, at: number): Operation {
  return prefix.operations[at] as Operation;
}
