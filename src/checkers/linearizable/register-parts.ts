// What all parts of a history are to registers, in one pass over the operations as they lie in
// memory: going from part to part, each would be looked for anew.
import { Interner } from '../set-full/interner.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';
import { kindOf } from './register-action.js';
import { actionOf, type RegisterPart, registerPart } from './register-part.js';
import type { Split } from './timeline.js';

/**
 * The same as `registerPartOf` says of each part; undefined where operations append or are none
 * that the model knows, for it to say more.
 */
export function registerPartsOf(
  split: Split,
  model: Model,
): readonly (RegisterPart | undefined)[] | undefined {
  if (model.register === undefined) return undefined;
  const { parts, operations } = split;
  const starts = startsOf(split);
  const count = operations.length;
  const columns = {
    kinds: new Uint8Array(count).fill(kindOf.nothing),
    from: new Int32Array(count),
    to: new Int32Array(count),
  };
  const left = new Uint8Array(parts.length);
  const numbers = new Interner(count);
  const init = numbers.numberOf(model.init);
  fill(columns, { split, starts, left, numbers, register: model.register });
  const local = new LocalNumbers(numbers.values.length);
  return parts.map((part, nth) => {
    if (left[nth] === 1) return undefined;
    const [start, end] = [starts[nth] as number, starts[nth + 1] as number];
    const kinds = columns.kinds.subarray(start, end);
    const from = columns.from.subarray(start, end);
    const to = columns.to.subarray(start, end);
    const values = local.renumber(init, kinds, from, to);
    return registerPart(part, { kinds, from, to }, values);
  });
}

/** Where the operations of each part begin, and where those of the last end. */
function startsOf({ parts }: Split): Int32Array {
  const starts = new Int32Array(parts.length + 1);
  for (let nth = 0; nth < parts.length; nth++) {
    starts[nth + 1] = (starts[nth] as number) + (parts[nth]?.operations.length ?? 0);
  }
  return starts;
}

interface Filling {
  readonly split: Split;
  readonly starts: Int32Array;
  /** By part: 1 once an operation of it is left to others. */
  readonly left: Uint8Array;
  readonly numbers: Interner;
  readonly register: NonNullable<Model['register']>;
}

/** Fills in what operations are; values by their numbers among all. */
function fill(columns: Pick<RegisterPart, 'kinds' | 'from' | 'to'>, filling: Filling): void {
  const { kinds, from, to } = columns;
  const { split, starts, left, numbers, register } = filling;
  const { operations, partOf, places } = split;
  for (let nth = 0; nth < operations.length; nth++) {
    const part = partOf[nth] as number;
    if (left[part] === 1) continue;
    const action = knownAction(operations[nth] as Operation, register);
    if (action === undefined || action.kind === 'append') {
      left[part] = 1;
      continue;
    }
    const at = (starts[part] as number) + (places[nth] as number);
    kinds[at] = kindOf[action.kind];
    if (action.kind === 'nothing') continue;
    const value = action.kind === 'read' || action.kind === 'write' ? action.value : action.from;
    from[at] = numbers.numberOf(value ?? null);
    if (action.kind === 'cas') to[at] = numbers.numberOf(action.to ?? null);
  }
}

function knownAction(operation: Operation, register: Filling['register']) {
  try {
    return actionOf(operation, register);
  } catch {
    return undefined; // Thrown again when the part's turn comes.
  }
}

/** Numbers values of one part, as they are met, by their numbers among those of all. */
class LocalNumbers {
  /** By number: the own one, where `#met` says that the part is the one at hand. */
  readonly #own: Int32Array;
  readonly #met: Int32Array;
  #part = 0;
  #count = 0;

  constructor(values: number) {
    this.#own = new Int32Array(values);
    this.#met = new Int32Array(values);
  }

  /** Replaces numbers; returns how many there are. The initial value is 0. */
  renumber(init: number, kinds: Uint8Array, from: Int32Array, to: Int32Array): number {
    this.#part++;
    this.#count = 0;
    this.#numberOf(init);
    for (let at = 0; at < kinds.length; at++) {
      if (kinds[at] === kindOf.nothing) continue;
      from[at] = this.#numberOf(from[at] as number);
      if (kinds[at] === kindOf.cas) to[at] = this.#numberOf(to[at] as number);
    }
    return this.#count;
  }

  #numberOf(value: number): number {
    if (this.#met[value] !== this.#part) {
      this.#met[value] = this.#part;
      this.#own[value] = this.#count++;
    }
    return this.#own[value] as number;
  }
}
