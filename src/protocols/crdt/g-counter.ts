// The grow-only counter: each replica counts its own increments; the join takes the larger count of
// each. Shapiro et al. 2011, §3.1.1.
import type { Crdt, Dot, Operation } from './crdt.js';

/** Counts by replica. */
export type Counts = ReadonlyMap<string, number>;

/** The larger count of each replica. */
export function joinCounts(a: Counts, b: Counts): Counts {
  const joined = new Map(a);
  for (const [actor, count] of b) joined.set(actor, Math.max(count, joined.get(actor) ?? 0));
  return joined;
}

export function sumOf(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

const amountOf = ({ arg }: Operation): number => Number(arg);

/** `actor`'s count, `amount` higher. */
export function counted(counts: Counts, actor: string, amount: number): Counts {
  return new Map([[actor, (counts.get(actor) ?? 0) + amount]]);
}

export const gCounter: Crdt<Counts, { readonly actor: string; readonly amount: number }> = {
  bottom: new Map(),
  ops: ['increment'],
  delta: (state, operation, { actor }: Dot) => counted(state, actor, amountOf(operation)),
  join: joinCounts,
  effect: (_, operation, { actor }) => ({ actor, amount: amountOf(operation) }),
  apply: (state, { actor, amount }) => new Map([...state, ...counted(state, actor, amount)]),
  value: sumOf,
};
