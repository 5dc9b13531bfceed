// Which operations conflict at the end of a bad prefix. Of a register: those of the shortest
// stretch before the end that nothing explains, whatever had happened before it. Of other models:
// known operations, ever smaller groups of which are given up as long as the rest is impossible.
import type { Bounds } from './bounds.js';
import { decidePart } from './decide.js';
import { type Layered, LayeredSearch } from './layered-search.js';
import type { Model } from './model.js';
import { type Relaxation, relaxed } from './prefix.js';
import { kindOf } from './register-action.js';
import { type RegisterPart, registerPart, registerPartOf } from './register-part.js';
import { open, type Part } from './timeline.js';
import { type Window, windowOf } from './windows.js';

/** What one look may cost. */
const looked: Bounds = { configurationsMax: 300, bytesMax: 2 ** 24 };
/** Events of the longest stretch that is looked at. */
const stretchMax = 128;
/** How many operations of it are tried to be left out. */
const leftOutMax = 24;
/** How often a history of which less is asked is judged, and events looked at meanwhile. */
const relaxationsMax = 48;
const relaxedEventsMax = 2;
/** Operations before the end that are looked at alone; all earlier ones are one group. */
const conflictWindow = 64;

/** Positions of operations that conflict, in a prefix that the event of rank `last` makes bad. */
export function conflictIn(prefix: Part, model: Model, last: number): readonly number[] {
  const stuck = (prefix.events[last] as number) >> 1;
  const registers = registerPartOf(prefix, model);
  if (registers === undefined) return givenUp(prefix, model, stuck);
  return provenConflict(registers, last) ?? besides(prefix, stuck);
}

/** Those that had not returned when an operation was called: named where no stretch proves it. */
export function besides({ calls, returns }: Part, stuck: number): readonly number[] {
  const from = calls[stuck] as number;
  return [...returns.keys()].filter(
    (at) => (returns[at] as number) >= from && returns[at] !== open,
  );
}

/**
 * The operations of the shortest stretch that proves a register's prefix to be bad, which ends with
 * the event of rank `last`; undefined where none does quickly.
 */
export function provenConflict(
  registers: RegisterPart,
  last: number,
): readonly number[] | undefined {
  for (let length = 4; length <= stretchMax && length < 2 * last; length *= 2) {
    const window = windowOf(registers, Math.max(0, last - length), last);
    const { verdict, complete } = lookAt(window);
    if (verdict === 'dead' && complete) return needed(registers, window);
    // A longer one would cost more still.
    if (verdict === 'unknown') return undefined;
  }
  return undefined;
}

function lookAt(window: Window): Layered {
  return new LayeredSearch(window.registers, looked).start(window, Number.POSITIVE_INFINITY);
}

function isDead(window: Window): boolean {
  const { verdict, complete } = lookAt(window);
  return verdict === 'dead' && complete;
}

/** Leaves out those that only observe, as long as the others are impossible. */
function needed({ part }: RegisterPart, { registers, ranks, ...more }: Window): readonly number[] {
  const kinds = registers.kinds.slice();
  const { part: own, from, to, values, plenty } = registers;
  const left = registerPart(own, { kinds, from, to }, values, { plenty });
  let tries = 0;
  for (let at = 0; at < kinds.length && tries < leftOutMax; at++) {
    const kind = kinds[at] as number;
    if (kind !== kindOf.read && kind !== kindOf.mismatch) continue;
    tries++;
    kinds[at] = kindOf.nothing;
    if (!isDead({ registers: left, ranks, ...more })) kinds[at] = kind;
  }
  const { calls } = own;
  const known = [...calls.keys()].filter(
    (at) => kinds[at] !== kindOf.nothing && registers.part.returns[at] !== open,
  );
  return known.map((at) => (part.events[ranks[calls[at] as number] as number] as number) >> 1);
}

function givenUp(prefix: Part, model: Model, stuck: number): readonly number[] {
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
    return decidePart(less, model, looked).outcome.verdict === 'invalid';
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
