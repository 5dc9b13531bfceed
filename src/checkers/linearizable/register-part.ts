// The operations of a part as actions on a register, in integers.
import { Interner } from '../set-full/interner.js';
import type { Model } from './model.js';
import { never } from './operation.js';
import { kindOf, type RegisterAction } from './register-action.js';
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
}

/**
 * What a part is to a register; undefined if its model is none, or if operations append and it
 * cannot be told from a value which appends made it.
 */
export function registerPartOf(part: Part, model: Model): RegisterPart | undefined {
  const { register } = model;
  if (register === undefined) return undefined;
  const actions = part.operations.map(({ f, input, output, client, return: done }) => {
    const known = done !== never;
    return register({ f, input, output: known ? output : undefined, known, client });
  });
  const numbers = new Interner();
  numbers.numberOf(model.init);
  const result = empty(part);
  if (actions.some(({ kind }) => kind === 'append')) {
    const values = versionsOf(actions, model.init, result);
    return values === undefined ? undefined : { ...result, values, plenty: -1 };
  }
  const { kinds, from, to } = result;
  for (let at = 0; at < actions.length; at++) {
    const action = actions[at] as RegisterAction;
    switch (action.kind) {
      case 'read':
      case 'write':
        kinds[at] = kindOf[action.kind];
        from[at] = numbers.numberOf(action.value ?? null);
        break;
      case 'cas':
      case 'mismatch':
        kinds[at] = kindOf[action.kind];
        from[at] = numbers.numberOf(action.from ?? null);
        if (action.kind === 'cas') to[at] = numbers.numberOf(action.to ?? null);
        break;
      default:
    }
  }
  return { ...result, values: numbers.values.length, plenty: -1 };
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
