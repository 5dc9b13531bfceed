// Equal actions on a register are interchangeable, whether their outcome is known or not: they form
// a class. What classes there are, and which of them make or take a value.
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';
import { TupleTable } from './tuple-table.js';

/** The classes of a part. All lists go by class, or by value where the name says so. */
export interface Classes {
  readonly count: number;
  readonly kinds: readonly number[];
  readonly froms: readonly number[];
  readonly tos: readonly number[];
  /** By operation. */
  readonly classOf: Int32Array;
  /** By value: the class of writes of it, where some have an unknown outcome; else −1. */
  readonly unknownWrites: Int32Array;
  /** By value: the classes of unknown compare-and-sets that make it, and that take it. */
  readonly unknownTo: ReadonlyMap<number, readonly number[]>;
  readonly unknownFrom: ReadonlyMap<number, readonly number[]>;
}

/**
 * A compare-and-set of a value to itself is a read, or nothing where its outcome is unknown.
 * Returned kinds are those of `kindOf`.
 */
export function classesOf({ part, kinds, from, to, values }: RegisterPart): Classes {
  const table = new TupleTable(3);
  const classes = { kinds: [] as number[], froms: [] as number[], tos: [] as number[] };
  const unknownWrites = new Int32Array(values).fill(-1);
  const unknownTo = new Map<number, number[]>();
  const unknownFrom = new Map<number, number[]>();
  const unknownCases = new Set<number>();
  const classOf = Int32Array.from(kinds, (given, at) => {
    const [a, unknown] = [from[at] as number, part.returns[at] === open];
    const idle = given === kindOf.cas && to[at] === a;
    const kind = idle ? (unknown ? kindOf.nothing : kindOf.read) : given;
    const b = kind === kindOf.cas ? (to[at] as number) : a;
    const { scratch } = table;
    scratch[0] = kind;
    scratch[1] = a;
    scratch[2] = b;
    const row = table.add();
    const own = row >= 0 ? row : classes.kinds.length;
    if (row < 0) {
      classes.kinds.push(kind);
      classes.froms.push(a);
      classes.tos.push(b);
    }
    if (unknown && kind === kindOf.write) unknownWrites[a] = own;
    if (unknown && kind === kindOf.cas && !unknownCases.has(own)) {
      unknownCases.add(own);
      push(unknownTo, b, own);
      push(unknownFrom, a, own);
    }
    return own;
  });
  const count = classes.kinds.length;
  return { ...classes, count, classOf, unknownWrites, unknownTo, unknownFrom };
}

function push(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
