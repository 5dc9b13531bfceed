// Operations in the order of their calls and returns, as integers, split by key. From here on an
// instant is a rank: the position of a call or a return among those of the same part.
import { assert } from '../../kernel/assert.js';
import { Interner } from '../set-full/interner.js';
import { never, type Operation } from './operation.js';

/** The operations of one key. Plain data: a part can be judged anywhere, alone. */
export interface Part {
  readonly key: unknown;
  /** By call. All else here goes by position in this list. */
  readonly operations: readonly Operation[];
  /** In order of time: twice the operation, plus one for its return. */
  readonly events: Int32Array;
  /** The rank of each call, and of each return; `open` where the outcome is unknown. */
  readonly calls: Int32Array;
  readonly returns: Int32Array;
}

/** The rank of a return that never comes. */
export const open = 0x7fff_ffff;

/** The parts of some operations, in the order in which their keys first appear. O(n log n). */
export function partsOf(
  operations: readonly Operation[],
  partition?: (operation: Operation) => unknown,
): readonly Part[] {
  return splitOf(operations, partition).parts;
}

/** Operations, and where they have gone. */
export interface Split {
  readonly operations: readonly Operation[];
  readonly parts: readonly Part[];
  /** By operation: its part, and its position in the part. */
  readonly partOf: Int32Array;
  readonly places: Int32Array;
}

/** The parts of some operations, and where each operation has gone. O(n log n). */
export function splitOf(
  operations: readonly Operation[],
  partition: (operation: Operation) => unknown = ({ key }) => key,
): Split {
  const events = eventsOf(operations);
  const interner = new Interner();
  const partOf = new Int32Array(operations.length);
  for (let at = 0; at < operations.length; at++) {
    partOf[at] = interner.numberOf(partition(operations[at] as Operation));
  }
  const keys = interner.values;
  const lengths = new Int32Array(keys.length);
  const counts = new Int32Array(keys.length);
  for (let at = 0; at < events.length; at++) {
    const event = events[at] as number;
    const part = partOf[event >> 1] as number;
    lengths[part] = (lengths[part] as number) + 1;
    if ((event & 1) === 0) counts[part] = (counts[part] as number) + 1;
  }
  const parts = keys.map((key, part) =>
    emptyPart(key, counts[part] as number, lengths[part] as number),
  );
  const places = filled(parts, { operations, events, partOf });
  return { operations, parts, partOf, places };
}

function emptyPart(key: unknown, count: number, length: number) {
  return {
    key,
    operations: [] as Operation[],
    events: new Int32Array(length),
    calls: new Int32Array(count),
    returns: new Int32Array(count).fill(open),
    length: 0,
  };
}

interface Flow {
  readonly operations: readonly Operation[];
  readonly events: Int32Array;
  readonly partOf: Int32Array;
}

/** Deals the events out to their parts; says where in its part each operation is. */
function filled(parts: readonly ReturnType<typeof emptyPart>[], flow: Flow): Int32Array {
  const { operations, events, partOf } = flow;
  const local = new Int32Array(operations.length);
  for (let at = 0; at < events.length; at++) {
    const event = events[at] as number;
    const global = event >> 1;
    const part = parts[partOf[global] as number] as ReturnType<typeof emptyPart>;
    const rank = part.length++;
    if ((event & 1) === 0) {
      const own = part.operations.push(operations[global] as Operation) - 1;
      local[global] = own;
      part.calls[own] = rank;
      part.events[rank] = own << 1;
    } else {
      const own = local[global] as number;
      part.returns[own] = rank;
      part.events[rank] = (own << 1) | 1;
    }
  }
  return local;
}

/** All calls and returns in order of time; at the same instant calls come first. */
function eventsOf(operations: readonly Operation[]): Int32Array {
  const count = operations.length;
  const calls = new Float64Array(count);
  const returns = new Float64Array(count);
  let open = 0;
  for (let at = 0; at < count; at++) {
    const operation = operations[at] as Operation;
    calls[at] = operation.call;
    returns[at] = operation.return;
    assert(operation.call <= operation.return, 'an operation returns after its call', { at });
    if (operation.return === never) open++;
  }
  return merged({ calls, returns, open, byCall: orderOf(calls), byReturn: orderOf(returns) });
}

interface Instants {
  readonly calls: Float64Array;
  readonly returns: Float64Array;
  readonly open: number;
  readonly byCall: Int32Array;
  readonly byReturn: Int32Array;
}

function merged({ calls, returns, open, byCall, byReturn }: Instants): Int32Array {
  const count = calls.length;
  const events = new Int32Array(2 * count - open);
  let [c, r] = [0, 0];
  for (let at = 0; at < events.length; at++) {
    const call = byCall[c] as number;
    const done = byReturn[r] as number;
    if (c < count && (calls[call] as number) <= (returns[done] as number)) {
      events[at] = call << 1;
      c++;
    } else {
      events[at] = (done << 1) | 1;
      r++;
    }
  }
  return events;
}

/** Positions by instant, then by position. Whole instants are sorted as packed numbers. */
function orderOf(instants: Float64Array): Int32Array {
  const count = instants.length;
  const order = new Int32Array(count);
  let [sorted, packable] = [true, true];
  let most = 0;
  for (let at = 0; at < count; at++) {
    const instant = instants[at] as number;
    order[at] = at;
    if (at > 0 && instant < (instants[at - 1] as number)) sorted = false;
    if (instant === never) continue;
    if (!Number.isInteger(instant) || instant < 0) packable = false;
    else if (instant > most) most = instant;
  }
  if (sorted) return order;
  if (!packable || most >= Number.MAX_SAFE_INTEGER / (count + 1) - 1) {
    return order.sort((a, b) => ascending(instants[a] as number, instants[b] as number) || a - b);
  }
  if (most < 8 * count + 64) return countingOrderOf(instants, most);
  const packed = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const instant = instants[at] as number;
    packed[at] = (instant === never ? most + 1 : instant) * count + at;
  }
  const ascended = Float64Array.from(packed).sort();
  for (let at = 0; at < count; at++) order[at] = (ascended[at] as number) % count;
  return order;
}

/** The same where instants are small whole numbers: by counting how many there are of each. */
function countingOrderOf(instants: Float64Array, most: number): Int32Array {
  const starts = new Int32Array(most + 3);
  const placeOf = (instant: number) => (instant === never ? most + 1 : instant);
  for (let at = 0; at < instants.length; at++) {
    const next = placeOf(instants[at] as number) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let place = 0; place <= most + 1; place++) {
    starts[place + 1] = (starts[place + 1] as number) + (starts[place] as number);
  }
  const order = new Int32Array(instants.length);
  for (let at = 0; at < instants.length; at++) {
    const place = placeOf(instants[at] as number);
    const rank = starts[place] as number;
    order[rank] = at;
    starts[place] = rank + 1;
  }
  return order;
}

function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
