// The operations of a part as actions on a register, in integers.
import { Interner } from '../set-full/interner.js';
import type { Classes } from './classes.js';
import type { Model } from './model.js';
import { never, type Operation } from './operation.js';
import { kindOf } from './register-action.js';
import type { Part } from './timeline.js';
import { versionsOf } from './versions.js';

/** Equal values have equal numbers, the initial one 0. */
export interface RegisterPart {
  readonly part: Part;
  /** By operation: a number of `kindOf`. */
  readonly kinds: Uint8Array;
  /** The value read, written, or expected by a cas. */
  readonly from: Int32Array;
  /** The value that a cas leaves behind. */
  readonly to: Int32Array;
  /** How many values there are. */
  readonly values: number;
  /** A value that unknown operations can make as often as anybody wants, or −1. */
  readonly plenty: number;
  /** Its classes, where they are known already. */
  readonly classes: Classes | undefined;
}

/**
 * A register's part, always of one shape: the code of the first check that V8 compiles is then good
 * for all.
 */
export function registerPart(
  part: Part,
  { kinds, from, to }: Pick<RegisterPart, 'kinds' | 'from' | 'to'>,
  values: number,
  { plenty = -1, classes }: { readonly plenty?: number; readonly classes?: Classes } = {},
): RegisterPart {
  return { part, kinds, from, to, values, plenty, classes };
}

/**
 * What a part is to a register; undefined if its model is none, or if operations append and it
 * cannot be told from a value which appends made it.
 */
export function registerPartOf(part: Part, model: Model): RegisterPart | undefined {
  if (model.register === undefined) return undefined;
  const result = empty(part);
  const numbers = new Interner(part.operations.length);
  numbers.numberOf(model.init);
  const { kinds, from, to } = result;
  for (let at = 0; at < kinds.length; at++) {
    const action = actionOf(part.operations[at] as Operation, model.register);
    if (action.kind === 'append') return appendingPart(part, model, model.register);
    kinds[at] = kindOf[action.kind];
    if (action.kind === 'nothing') continue;
    const value = action.kind === 'read' || action.kind === 'write' ? action.value : action.from;
    from[at] = numbers.numberOf(value ?? null);
    if (action.kind === 'cas') to[at] = numbers.numberOf(action.to ?? null);
  }
  return registerPart(part, result, numbers.values.length);
}

/** The part up to the event of rank `last`; what was learned later is not forgotten. O(n). */
export function headOf(registers: RegisterPart, last: number): RegisterPart {
  const { part, kinds, from, to, values, plenty } = registers;
  const count = part.calls.findLastIndex((rank) => rank <= last) + 1;
  const events = part.events.subarray(0, last + 1);
  const [calls, returns] = [part.calls.subarray(0, count), part.returns.subarray(0, count)];
  const known = {
    kinds: kinds.subarray(0, count),
    from: from.subarray(0, count),
    to: to.subarray(0, count),
  };
  const head = { key: part.key, operations: [], events, calls, returns };
  return registerPart(head, known, values, { plenty });
}

type ActionOf = NonNullable<Model['register']>;

/** What an operation is to a register. */
export function actionOf(
  { f, input, output, client, return: done }: Operation,
  register: ActionOf,
) {
  const known = done !== never;
  return register({ f, input, output: known ? output : undefined, known, client });
}

function appendingPart(part: Part, { init }: Model, register: ActionOf): RegisterPart | undefined {
  const result = empty(part);
  const actions = part.operations.map((operation) => actionOf(operation, register));
  const values = versionsOf(actions, init, result);
  return values === undefined ? undefined : registerPart(part, result, values);
}

function empty(part: Part) {
  const count = part.operations.length;
  return {
    part,
    kinds: new Uint8Array(count).fill(kindOf.nothing),
    from: new Int32Array(count),
    to: new Int32Array(count),
  };
}
