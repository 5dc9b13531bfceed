// The register whose last writer wins: by time, then by the writer's name, so that equal times
// decide nothing differently anywhere. A writer that has seen a later time writes after it, however
// late its own clock thinks it is. Shapiro et al. 2011, §3.2.1; Lamport 1978.
import type { Crdt, Dot, Operation, Value } from './crdt.js';

interface State {
  readonly timeUs: number;
  readonly actor: string;
  readonly value: Value;
}

/** Whether `a` was written after `b`. */
function isLater(a: State, b: State): boolean {
  return a.timeUs === b.timeUs ? a.actor > b.actor : a.timeUs > b.timeUs;
}

function written(before: State, { arg }: Operation, { actor, timeUs }: Dot): State {
  return { timeUs: Math.max(timeUs, before.timeUs + 1), actor, value: arg };
}

const join = (a: State, b: State): State => (isLater(b, a) ? b : a);

export const lwwRegister: Crdt<State, State> = {
  bottom: { timeUs: -1, actor: '', value: null },
  ops: ['write'],
  delta: written,
  join,
  effect: written,
  apply: join,
  value: ({ value }) => value,
};
