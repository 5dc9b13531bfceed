// Why a part is not linearizable: the shortest prefix that is not, the operations without which it
// would be, and how far one can get. Bounded: explaining is not to cost much more than deciding;
// what it cannot find within its bounds it leaves out.
import type { Bounds, Clue } from './bounds.js';
import { decidePart } from './decide.js';
import { longestOrders, type Order } from './longest-orders.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';
import { prefixOf, type Relaxation, relaxed } from './prefix.js';
import { open, type Part } from './timeline.js';

/** Why a part is not linearizable. */
export interface Witness {
  readonly model: Model;
  /** The shortest bad prefix; in it, operations that had not returned are unknown. */
  readonly prefix: Part;
  /** Whether it is known to be the shortest. */
  readonly shortest: boolean;
  /** Positions in `prefix.operations`: the one whose return ends the prefix. */
  readonly stuck: number;
  /** Those that conflict, `stuck` among them: forget one of them, and an order may be. */
  readonly conflict: readonly number[];
  /** Longest partial linearizations: orders of all that returned before the end of the prefix. */
  readonly partials: readonly Order[];
}

/** What explaining may cost, beside what deciding cost. */
const bytesMax = 2 ** 27;
/** Configurations for each event that are visited to find orders. */
const configurationsEach = 1;
/** What judging a history of which less is asked may cost, and how often that is done. */
const relaxedMax: Bounds = { configurationsMax: 300, bytesMax: 2 ** 24 };
const relaxationsMax = 48;
/** Events that are looked at while a conflict is sought, for each event of the prefix. */
const relaxedEventsMax = 8;
/** Operations before the end that are looked at for a conflict. */
const conflictWindow = 64;
/** How often the end of the prefix is sought by following clues. */
const cluesMax = 8;

/** Explains an invalid part. */
export function witnessOf(part: Part, model: Model, clue: Clue): Witness {
  const end = followed(part, model, clue) ?? bisected(part, model, clue.stuck);
  const { last, shortest, conflict, orders } = end;
  const prefix = prefixOf(part, last);
  const stuck = (part.events[last] as number) >> 1;
  return {
    model,
    prefix,
    shortest,
    stuck,
    conflict: ascending(conflict ?? conflictIn(prefix, model, stuck), stuck),
    partials: orders ?? longestOrders(prefix, model, last, boundsOf(prefix)),
  };
}

function ascending(conflict: readonly number[], stuck: number): readonly number[] {
  return [...new Set([...conflict, stuck])].sort((a, b) => a - b);
}

function boundsOf({ events }: Part): Bounds {
  return { configurationsMax: 200 + configurationsEach * events.length, bytesMax };
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
  let clue = first;
  for (let nth = 0; nth < cluesMax; nth++) {
    const last = part.events.findIndex((event, rank) => rank >= clue.stuck && (event & 1) === 1);
    if (last < 0) return undefined;
    const prefix = prefixOf(part, last);
    const orders = longestOrders(prefix, model, last, boundsOf(prefix));
    const { conflict } = clue;
    if (orders.length > 0) {
      return isBad(prefix, model) ? { last, shortest: true, conflict, orders } : undefined;
    }
    const { outcome } = decidePart(prefixOf(part, last - 1), model, boundsOf(prefix));
    if (outcome.verdict === 'unknown') return { last, shortest: false, conflict, orders };
    if (outcome.verdict === 'valid') {
      return isBad(prefix, model) ? { last, shortest: true, conflict, orders } : undefined;
    }
    clue = outcome;
  }
  return undefined;
}

function isBad(prefix: Part, model: Model): boolean {
  return decidePart(prefix, model, boundsOf(prefix)).outcome.verdict === 'invalid';
}

/**
 * The rank of the first return that makes the history invalid: by bisection, starting with the
 * guess that it is `guess`. Prefixes of prefixes only ask for less, so bisection is sound.
 */
function bisected(part: Part, model: Model, guess: number): End {
  const returns: number[] = [];
  for (let rank = 0; rank < part.events.length; rank++) {
    if (((part.events[rank] as number) & 1) === 1) returns.push(rank);
  }
  const verdictAt = (at: number) =>
    decidePart(prefixOf(part, returns[at] as number), model, boundsOf(part)).outcome.verdict;
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

/** Known operations of which nothing can be given up: found by giving up ever smaller groups. */
function conflictIn(prefix: Part, model: Model, stuck: number): readonly number[] {
  const known = prefix.operations.flatMap((_, at) => (prefix.returns[at] === open ? [] : [at]));
  const ways = new Map<number, Relaxation>();
  const observes = prefix.operations.map((operation) => {
    const { f, input, output, client } = operation;
    return model.observes?.({ f, input, output, known: true, client }) === true;
  });
  const giveUp = (at: number): Relaxation => (observes[at] ? 'drop' : 'unknown');
  const eventsMax = Math.max(relaxedEventsMax * prefix.events.length, 8 * conflictWindow);
  let [judged, events] = [0, 0];
  const isSpent = () => judged >= relaxationsMax || events >= eventsMax;
  const still = (group: readonly number[]): boolean => {
    judged++;
    const own = new Set(group);
    const less = relaxed(prefix, (at) => ways.get(at) ?? (own.has(at) ? giveUp(at) : 'keep'));
    events += less.events.length;
    return decidePart(less, model, relaxedMax).outcome.verdict === 'invalid';
  };
  const byReturn = known
    .filter((at) => at !== stuck)
    .sort((a, b) => (prefix.returns[a] as number) - (prefix.returns[b] as number));
  const early = byReturn.slice(0, Math.max(0, byReturn.length - conflictWindow));
  const groups = [early, byReturn.slice(early.length)].filter(({ length }) => length > 0);
  const kept: number[] = [];
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    if (!isSpent() && still(group)) {
      for (const at of group) ways.set(at, giveUp(at));
    } else if (group.length === 1 || isSpent()) {
      kept.push(...group);
    } else {
      const middle = group.length >> 1;
      groups.unshift(group.slice(0, middle), group.slice(middle));
    }
  }
  return kept;
}

/** The operation at a position of the prefix. */
export function operationAt({ prefix }: Witness, at: number): Operation {
  return prefix.operations[at] as Operation;
}
