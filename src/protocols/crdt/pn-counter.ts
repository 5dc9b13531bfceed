// The counter that goes up and down: two that only go up. Shapiro et al. 2011, §3.1.3.
import type { Crdt, Operation } from './crdt.js';
import { type Counts, counted, joinCounts, sumOf } from './g-counter.js';

interface State {
  readonly up: Counts;
  readonly down: Counts;
}

const zero: State = { up: new Map(), down: new Map() };

function deltaOf({ up, down }: State, { op, arg }: Operation, { actor }: { actor: string }): State {
  const amount = op === 'decrement' ? -Number(arg) : Number(arg);
  if (amount >= 0) return { up: counted(up, actor, amount), down: zero.down };
  return { up: zero.up, down: counted(down, actor, -amount) };
}

export const pnCounter: Crdt<State, { readonly actor: string; readonly amount: number }> = {
  bottom: zero,
  ops: ['increment', 'decrement'],
  delta: deltaOf,
  join: (a, b) => ({ up: joinCounts(a.up, b.up), down: joinCounts(a.down, b.down) }),
  effect: (_, { op, arg }, { actor }) => {
    return { actor, amount: op === 'decrement' ? -Number(arg) : Number(arg) };
  },
  apply: ({ up, down }, { actor, amount }) =>
    amount >= 0
      ? { up: new Map([...up, ...counted(up, actor, amount)]), down }
      : { up, down: new Map([...down, ...counted(down, actor, -amount)]) },
  value: ({ up, down }) => sumOf(up) - sumOf(down),
};
