// The grow-only set: its states are sets, its join their union. Shapiro et al. 2011, §3.3.1.
import type { Crdt, Value } from './crdt.js';
import { inOrder } from './order.js';

export const gSet: Crdt<ReadonlySet<Value>, Value> = {
  bottom: new Set(),
  ops: ['add'],
  delta: (_, { arg }) => new Set([arg]),
  join: (a, b) => new Set([...a, ...b]),
  effect: (_, { arg }) => arg,
  apply: (state, added) => new Set([...state, added]),
  value: (state) => inOrder(state),
};
