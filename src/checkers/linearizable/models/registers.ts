// Objects whose state is one value: registers, with compare-and-set, per key, and logs. Each says
// what its operations are to a register; what a register then does is said once.
import { keyOf } from '../../../history/value.js';
import { unreachable } from '../../../kernel/assert.js';
import { type Action, type Model, UnknownActionError } from '../model.js';
import { absent, mismatched, type Refusals } from '../refusals.js';
import type { RegisterAction } from '../register-action.js';

const nothing: RegisterAction = { kind: 'nothing' };

/** A key that does not exist has the value null. */
const refusals: Refusals = new Map([
  ['read', [absent]],
  ['get', [absent]],
  ['cas', [absent, mismatched]],
]);

/** Source: Knossos' register. A read of `undefined` says nothing. */
export const register: Model = registerModel({
  name: 'register',
  about: 'A value that is read and written.',
  init: null,
  known: ['read', 'write'],
});

/** Source: Knossos' cas-register. An `ok` cas with the value false found another value, or none. */
export const casRegister: Model = registerModel({
  name: 'cas-register',
  about: 'A value that is read, written, and compared and set: cas [from, to].',
  init: null,
  known: ['read', 'write', 'cas'],
});

/** Source: Porcupine's kv test, with the compare-and-set of Maelstrom's lin-kv. */
export const kv: Model = {
  ...registerModel({
    name: 'kv',
    about: 'A register for each key: get (or read), put (or write), append, cas.',
    init: null,
    known: ['get', 'read', 'put', 'write', 'append', 'cas'],
  }),
  keyed: true,
};

/** A list that grows at its end. */
export const log: Model = registerModel({
  name: 'log',
  about: 'A list: append adds a value at its end, read returns all of it.',
  init: [],
  known: ['append', 'read', 'get'],
});

interface Description {
  readonly name: string;
  readonly about: string;
  readonly init: unknown;
  readonly known: readonly string[];
}

function registerModel({ name, about, init, known }: Description): Model {
  const actionOf = (action: Action): RegisterAction => {
    if (!known.includes(action.f)) throw new UnknownActionError(name, known, action);
    return registerAction(action);
  };
  return {
    name,
    about,
    init,
    step: (state, action) => stepRegister(state, actionOf(action), action.known),
    observes: (action) => ['read', 'mismatch', 'nothing'].includes(actionOf(action).kind),
    ...(init === null && { refusals }),
    register: actionOf,
  };
}

function registerAction({ f, input, output, known }: Action): RegisterAction {
  switch (f) {
    case 'read':
    case 'get':
      return known && output !== undefined ? { kind: 'read', value: output } : nothing;
    case 'append':
      return { kind: 'append', value: input };
    case 'cas':
      return casAction(input, output);
    default:
      return { kind: 'write', value: input };
  }
}

function casAction(input: unknown, output: unknown): RegisterAction {
  if (!Array.isArray(input) || input.length !== 2) {
    throw new TypeError('the argument of cas is [from, to]');
  }
  const [from, to] = input as readonly unknown[];
  if (output === absent) return { kind: 'read', value: null };
  const refused = output === false || output === mismatched;
  return refused ? { kind: 'mismatch', from } : { kind: 'cas', from, to };
}

function stepRegister(state: unknown, action: RegisterAction, known: boolean): unknown {
  switch (action.kind) {
    case 'read':
      return same(state, action.value) ? state : undefined;
    case 'write':
      return stateOf(action.value);
    case 'cas':
      if (same(state, action.from)) return stateOf(action.to);
      return known ? undefined : state;
    case 'mismatch':
      return same(state, action.from) ? undefined : state;
    case 'append':
      return appended(state, action.value);
    case 'nothing':
      return state;
    default:
      return unreachable(action);
  }
}

/** To what has no value yet, null, a text is appended as to the empty text. */
function appended(state: unknown, value: unknown): unknown {
  if (Array.isArray(state)) return [...state, value];
  return `${state === null ? '' : String(state)}${String(value)}`;
}

/** A state is never undefined. */
function stateOf(value: unknown): unknown {
  return value === undefined ? null : value;
}

/** As a Map has it: 0 is −0, and NaN is NaN. */
function same(a: unknown, b: unknown): boolean {
  const [left, right] = [keyOf(a), keyOf(b)];
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}
