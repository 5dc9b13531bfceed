// Why a part is not linearizable: the shortest prefix that is not, the operations without which it
// would be, and how far one can get. Bounded; what it cannot find within its bounds it leaves out.
import { Automaton } from './automaton.js';
import type { Bounds } from './bounds.js';
import { decidePart } from './decide.js';
import { searchGenerally } from './general-search.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';
import { Partials } from './partials.js';
import { prefixOf, type Relaxation, relaxed } from './prefix.js';
import { open, type Part } from './timeline.js';

/** Why a part is not linearizable. */
export interface Witness {
  readonly model: string;
  /** The shortest bad prefix; in it, operations that had not returned are unknown. */
  readonly prefix: Part;
  /** Whether it is known to be the shortest. */
  readonly shortest: boolean;
  /** Positions in `prefix.operations`: the one whose return ends the prefix. */
  readonly stuck: number;
  /** Those that conflict, `stuck` among them: forget one of them, and an order may be. */
  readonly conflict: readonly number[];
  /** Longest partial linearizations, as positions in `prefix.operations`, and the states passed. */
  readonly partials: readonly Partial[];
}

/** An order that explains everything that had returned before the end of the prefix. */
interface Partial {
  readonly order: readonly number[];
  /** The state after each operation of the order. */
  readonly states: readonly unknown[];
}

/** How many longest partial linearizations are shown. */
const partialsMax = 8;
/** What explaining may cost, beside what deciding cost. */
const explainMax: Bounds = { configurationsMax: 20_000, bytesMax: 2 ** 27 };
/** What judging a history of which less is asked may cost, and how often that is done. */
const relaxedMax: Bounds = { configurationsMax: 300, bytesMax: 2 ** 24 };
const relaxationsMax = 48;
/** Operations before the end that are looked at for a conflict. */
const conflictWindow = 64;

/** Explains an invalid part; `guess` is the rank of a return that may end the shortest prefix. */
export function witnessOf(part: Part, model: Model, guess: number): Witness {
  const { last, shortest } = shortestEnd(part, model, guess);
  const prefix = prefixOf(part, last);
  const stuck = (part.events[last] as number) >> 1;
  const conflict = conflictIn(prefix, model, stuck);
  const partials = partialsOf(prefix, model, last);
  return { model: model.name, prefix, shortest, stuck, conflict, partials };
}

/**
 * The rank of the first return that makes the history invalid: by bisection, starting with the
 * guess that it is `guess`. Prefixes of prefixes only ask for less, so bisection is sound.
 */
function shortestEnd(part: Part, model: Model, guess: number) {
  const returns: number[] = [];
  for (let rank = 0; rank < part.events.length; rank++) {
    if (((part.events[rank] as number) & 1) === 1) returns.push(rank);
  }
  const verdictAt = (at: number) =>
    decidePart(prefixOf(part, returns[at] as number), model, explainMax).outcome.verdict;
  let [low, high] = [0, returns.length - 1];
  let shortest = true;
  const isBad = (at: number) => {
    const verdict = verdictAt(at);
    if (verdict === 'unknown') shortest = false;
    if (verdict === 'invalid') high = at;
    else low = at + 1;
    return verdict === 'invalid';
  };
  const first = returns.findIndex((rank) => rank >= guess);
  if (first >= 0 && first < high && !isBad(first)) {
    for (let step = 1; low < high && !isBad(Math.min(high - 1, low + step - 1)); step *= 4);
  } else {
    for (let step = 1; low < high && isBad(Math.max(low, high - step)); step *= 4);
  }
  while (low < high) isBad((low + high) >> 1);
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
  let judged = 0;
  const still = (group: readonly number[]): boolean => {
    judged++;
    const own = new Set(group);
    const less = relaxed(prefix, (at) => ways.get(at) ?? (own.has(at) ? giveUp(at) : 'keep'));
    return decidePart(less, model, relaxedMax).outcome.verdict === 'invalid';
  };
  const byReturn = known
    .filter((at) => at !== stuck)
    .sort((a, b) => (prefix.returns[a] as number) - (prefix.returns[b] as number));
  const early = byReturn.slice(0, Math.max(0, byReturn.length - conflictWindow));
  const groups = [early, byReturn.slice(early.length)].filter(({ length }) => length > 0);
  const kept: number[] = [];
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    if (judged < relaxationsMax && still(group)) {
      for (const at of group) ways.set(at, giveUp(at));
    } else if (group.length === 1 || judged >= relaxationsMax) {
      kept.push(...group);
    } else {
      const middle = group.length >> 1;
      groups.unshift(group.slice(0, middle), group.slice(middle));
    }
  }
  return [...kept, stuck].sort((a, b) => a - b);
}

function partialsOf(prefix: Part, model: Model, end: number): readonly Partial[] {
  const found = new Partials(end, partialsMax);
  let automaton = new Automaton(model, prefix.operations);
  searchGenerally(prefix, automaton, explainMax, found);
  if (found.orders.length === 0) {
    // What the last one was told rules out even what came before: leave it open.
    const before = prefixOf(prefix, end - 1);
    automaton = new Automaton(model, before.operations);
    searchGenerally(before, automaton, explainMax, found);
    return partialsFrom(found, before, automaton);
  }
  return partialsFrom(found, prefix, automaton);
}

function partialsFrom(found: Partials, prefix: Part, automaton: Automaton): readonly Partial[] {
  return found.orders.map((entries) => {
    const order = named(entries, prefix, automaton);
    let state = automaton.init;
    const states = order.map((at) => {
      state = automaton.next(state, automaton.actionOf[at] as number);
      return automaton.state(state);
    });
    return { order, states };
  });
}

/** Puts operations for entries −1 − action: those of unknown outcome, by call. */
function named(entries: readonly number[], prefix: Part, { actionOf }: Automaton) {
  const used = new Set<number>();
  return entries.map((entry) => {
    if (entry >= 0) return entry;
    const at = prefix.operations.findIndex(
      (_, at) => prefix.returns[at] === open && actionOf[at] === -1 - entry && !used.has(at),
    );
    used.add(at);
    return at;
  });
}

/** The operation at a position of the prefix. */
export function operationAt({ prefix }: Witness, at: number): Operation {
  return prefix.operations[at] as Operation;
}
