// An order that chains of values give away: block after block, of each value its maker and its
// reads. Linear, where a search would look for what is known.
import type { Blocks, Versions } from './blocks.js';
import type { Outcome } from './bounds.js';
import { chainsOf } from './chains.js';
import { inOrder, placesMismatches, spansOf } from './mismatches.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

/** What chains say of a part, with an order where there is one. */
type InOrder = Outcome & { readonly order?: readonly number[] };

/** undefined where chains do not tell. O(n). */
export function orderByChains(registers: RegisterPart): InOrder | undefined {
  const chained = chainsOf(registers);
  if (chained === undefined || 'verdict' in chained) return chained;
  const { versions, blocks } = chained;
  if (!placesMismatches(registers, versions, blocks)) return undefined;
  return { verdict: 'valid', order: ordered(registers, chained) };
}

interface Chained {
  readonly versions: Versions;
  readonly blocks: Blocks;
}

function ordered(registers: RegisterPart, chained: Chained): readonly number[] {
  const { part, kinds, from, values } = registers;
  const { makers, children } = chained.versions;
  const { refusals, idle } = othersOf(registers, chained);
  const reads = listsOf(values, kinds.length, (at) =>
    kinds[at] === kindOf.read && part.returns[at] !== open ? (from[at] as number) : -1,
  );
  const order: number[] = [];
  let before = -1;
  for (const root of inOrder(chained.blocks, part.events.length)) {
    for (let value = root; value >= 0; value = children[value] as number) {
      const maker = makers[value] as number;
      if (maker >= 0) order.push(maker);
      if (before >= 0) refusals.appendTo(order, before);
      reads.appendTo(order, value);
      before = value;
    }
  }
  return withIdle(order, idle);
}

/**
 * Those that found another value: some have to wait until theirs is replaced. The others, and those
 * that demand nothing, can take effect when they are called.
 */
function othersOf(registers: RegisterPart, { versions, blocks }: Chained) {
  const { part, kinds, from, values } = registers;
  const { begins, ends } = spansOf(part, values, { versions, blocks });
  const idle: number[] = [];
  const refusals = listsOf(values, kinds.length, (at) => {
    const refuses = kinds[at] === kindOf.mismatch;
    if (part.returns[at] === open || !(refuses || kinds[at] === kindOf.nothing)) return -1;
    const [value, call] = [from[at] as number, part.calls[at] as number];
    const waits = (begins[value] as number) < call && (ends[value] as number) > call;
    if (refuses && waits) return value;
    idle.push(at);
    return -1;
  });
  return { refusals, idle };
}

/** Lists of operations by value, all in two arrays. */
function listsOf(values: number, count: number, valueAt: (at: number) => number) {
  const last = new Int32Array(values).fill(-1);
  const before = new Int32Array(count).fill(-1);
  for (let at = 0; at < count; at++) {
    const value = valueAt(at);
    if (value < 0) continue;
    before[at] = last[value] as number;
    last[value] = at;
  }
  return {
    appendTo(order: number[], value: number): void {
      for (let at = last[value] as number; at >= 0; at = before[at] as number) order.push(at);
    },
  };
}

/** Puts idle operations before whoever is called later. Positions go by call. */
function withIdle(order: readonly number[], idle: readonly number[]): readonly number[] {
  if (idle.length === 0) return order;
  const all: number[] = [];
  let next = 0;
  for (const at of order) {
    while (next < idle.length && (idle[next] as number) < at) all.push(idle[next++] as number);
    all.push(at);
  }
  return [...all, ...idle.slice(next)];
}
