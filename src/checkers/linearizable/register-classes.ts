// Finds the classes of equal actions on a register, and which of them make or take a value.
import type { Classes } from './classes.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';
import { TupleTable } from './tuple-table.js';

/** The classes of a part, found once. O(n). */
export function classesOf(registers: RegisterPart): Classes {
  return registers.classes ?? new Classing(registers).classes;
}

/**
 * Numbers classes as they are met. A compare-and-set of a value to itself is a read, or nothing
 * where its outcome is unknown. Kinds are those of `kindOf`.
 */
class Classing {
  readonly #kinds: number[] = [];
  readonly #froms: number[] = [];
  readonly #tos: number[] = [];
  /** By value: the class of its reads, and of its writes; −1 for none yet. */
  readonly #reads: Int32Array;
  readonly #writes: Int32Array;
  readonly #others = new TupleTable(3);
  /** By row of `#others`: the class. */
  readonly #rows: number[] = [];
  readonly #unknownTo = new Map<number, number[]>();
  readonly #unknownFrom = new Map<number, number[]>();
  readonly classes: Classes;

  constructor({ part, kinds, from, to, values }: RegisterPart) {
    this.#reads = new Int32Array(values).fill(-1);
    this.#writes = new Int32Array(values).fill(-1);
    const unknownWrites = new Int32Array(values).fill(-1);
    const unknownCases = new Set<number>();
    const classOf = new Int32Array(kinds.length);
    for (let at = 0; at < kinds.length; at++) {
      const given = kinds[at] as number;
      const a = from[at] as number;
      const b = given === kindOf.cas ? (to[at] as number) : a;
      const unknown = part.returns[at] === open;
      const idle = given === kindOf.cas && b === a;
      const kind = idle ? (unknown ? kindOf.nothing : kindOf.read) : given;
      const own = this.#numberOf(kind, a, b);
      classOf[at] = own;
      if (unknown && kind === kindOf.write) unknownWrites[a] = own;
      if (!unknown || kind !== kindOf.cas || unknownCases.has(own)) continue;
      unknownCases.add(own);
      push(this.#unknownTo, b, own);
      push(this.#unknownFrom, a, own);
    }
    this.classes = {
      count: this.#kinds.length,
      kinds: this.#kinds,
      froms: this.#froms,
      tos: this.#tos,
      classOf,
      unknownWrites,
      unknownTo: this.#unknownTo,
      unknownFrom: this.#unknownFrom,
    };
  }

  #numberOf(kind: number, a: number, b: number): number {
    if (kind === kindOf.read || kind === kindOf.write) {
      const table = kind === kindOf.read ? this.#reads : this.#writes;
      const known = table[a] as number;
      if (known >= 0) return known;
      table[a] = this.#kinds.length;
      return this.#add(kind, a, b);
    }
    const { scratch } = this.#others;
    scratch[0] = kind;
    scratch[1] = a;
    scratch[2] = b;
    const row = this.#others.add();
    if (row >= 0) return this.#rows[row] as number;
    this.#rows.push(this.#kinds.length);
    return this.#add(kind, a, b);
  }

  #add(kind: number, a: number, b: number): number {
    this.#froms.push(a);
    this.#tos.push(b);
    return this.#kinds.push(kind) - 1;
  }
}

function push(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
