// The observed-remove set: a remove takes away the additions that its replica has seen and no
// others, so an addition beside a remove wins. Without tombstones: the causal context tells what
// was removed from what was never seen. Bieniusa et al. 2012; Almeida, Shoker & Baquero 2018, §7.4.
import {
  type Context,
  contextOf,
  type DotName,
  hasSeen,
  nameOf,
  noContext,
  unite,
} from './causal-context.js';
import type { Crdt, Dot, Operation, Value } from './crdt.js';
import { inOrder } from './order.js';

interface State {
  /** The additions of each element that nobody has removed. */
  readonly dots: ReadonlyMap<Value, ReadonlySet<DotName>>;
  readonly context: Context;
}

function deltaOf({ dots }: State, { op, arg }: Operation, { actor, n }: Dot): State {
  const seen = [...(dots.get(arg) ?? [])];
  if (op === 'remove') return { dots: new Map(), context: contextOf(seen) };
  const dot = nameOf(actor, n);
  return { dots: new Map([[arg, new Set([dot])]]), context: contextOf([...seen, dot]) };
}

/** An addition stays if both have it, or one has it and the other has not seen it. */
function join(a: State, b: State): State {
  const dots = new Map<Value, ReadonlySet<DotName>>();
  for (const element of new Set([...a.dots.keys(), ...b.dots.keys()])) {
    const [inA, inB] = [
      a.dots.get(element) ?? new Set<DotName>(),
      b.dots.get(element) ?? new Set<DotName>(),
    ];
    const kept = [
      ...[...inA].filter((dot) => inB.has(dot) || !hasSeen(b.context, dot)),
      ...[...inB].filter((dot) => !inA.has(dot) && !hasSeen(a.context, dot)),
    ];
    if (kept.length > 0) dots.set(element, new Set(kept));
  }
  return { dots, context: unite(a.context, b.context) };
}

export const orSet: Crdt<State, State> = {
  bottom: { dots: new Map(), context: noContext },
  ops: ['add', 'remove'],
  delta: deltaOf,
  join,
  effect: deltaOf,
  apply: join,
  value: ({ dots }) => inOrder(dots.keys()),
};
