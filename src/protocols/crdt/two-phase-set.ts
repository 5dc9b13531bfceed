// The two-phase set: an element is added once and removed once, for good. Shapiro et al. 2011,
// §3.3.2 (U-set, 2P-set).
import type { Crdt, Operation, Value } from './crdt.js';
import { gSet } from './g-set.js';
import { inOrder } from './order.js';

interface State {
  readonly added: ReadonlySet<Value>;
  readonly removed: ReadonlySet<Value>;
}

const empty: State = { added: new Set(), removed: new Set() };

function deltaOf({ added }: State, { op, arg }: Operation): State {
  if (op === 'add') return { added: new Set([arg]), removed: empty.removed };
  // Only what is there can be removed.
  return { added: empty.added, removed: added.has(arg) ? new Set([arg]) : empty.removed };
}

const join = (a: State, b: State): State => ({
  added: gSet.join(a.added, b.added),
  removed: gSet.join(a.removed, b.removed),
});

export const twoPhaseSet: Crdt<State, State> = {
  bottom: empty,
  ops: ['add', 'remove'],
  delta: deltaOf,
  join,
  effect: deltaOf,
  apply: join,
  value: ({ added, removed }) => inOrder([...added].filter((element) => !removed.has(element))),
};
