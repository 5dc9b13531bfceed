// Sequential objects written anew, as plainly as can be, so that tests do not judge the checker by
// its own models. An object says what an operation returns and leaves behind.

/** What happens when an operation is alone: what it returns and the state after it. */
type Apply = (
  state: unknown,
  f: string,
  input: unknown,
  client: number,
) => readonly [unknown, unknown];

/** An object, and the operations that a random history may ask of it. */
export interface Spec {
  readonly model: string;
  readonly init: unknown;
  readonly apply: Apply;
  /** Functions, some more likely than others, with their arguments. */
  readonly menu: readonly (readonly [f: string, input: (choose: Choose) => unknown])[];
}

export interface Choose {
  /** A whole number below `bound`. */
  below(bound: number): number;
  /** A value of the domain, or a fresh one where all values are to be unique. */
  value(): number;
  /** A value that may be there. */
  seen(): number;
}

const none = () => undefined;
const value = (choose: Choose) => choose.value();

const applyRegister: Apply = (state, f, input) => {
  if (f === 'read' || f === 'get') return [state, state];
  if (f === 'append') {
    return [undefined, Array.isArray(state) ? [...state, input] : `${state}${input}`];
  }
  if (f !== 'cas') return [undefined, input];
  const [from, to] = input as readonly [unknown, unknown];
  return state === from ? [true, to] : [false, state];
};

const cas = (choose: Choose) => [choose.seen(), choose.value()];
const token = (choose: Choose) => `${choose.value()};`;

const applySet: Apply = (state, f, input) => {
  const members = state as readonly number[];
  const has = members.includes(input as number);
  if (f === 'read') return [members, members];
  if (f === 'contains') return [has, members];
  if (f === 'add') {
    return [!has, has ? members : [...members, input as number].sort((a, b) => a - b)];
  }
  return [has, members.filter((member) => member !== input)];
};

const applyQueue: Apply = (state, f, input) => {
  const waiting = state as readonly unknown[];
  if (f === 'enqueue') return [undefined, [...waiting, input]];
  return waiting.length === 0 ? [null, waiting] : [waiting[0], waiting.slice(1)];
};

const applyMutex: Apply = (held, f) => [f === 'acquire' ? !held : held, f === 'acquire'];

const applyLock: Apply = (holder, f, _, client) => {
  const granted = f === 'acquire' ? holder === null : holder === client;
  return granted ? [true, f === 'acquire' ? client : null] : [false, holder];
};

const applyCounter: Apply = (state, f, input) => {
  const sum = f === 'decrement' ? Number(state) - Number(input) : Number(state) + Number(input);
  if (f === 'read') return [state, state];
  return [f === 'add-and-get' ? sum : undefined, sum];
};

const amount = (choose: Choose) => 1 + choose.below(2);

/** One object for each model; `kv` has one key here. */
export const specs: readonly Spec[] = [
  {
    model: 'register',
    init: 0,
    apply: applyRegister,
    menu: [
      ['read', none],
      ['write', value],
    ],
  },
  {
    model: 'cas-register',
    init: 0,
    apply: applyRegister,
    menu: [
      ['read', none],
      ['write', value],
      ['cas', cas],
      ['cas', cas],
    ],
  },
  {
    model: 'kv',
    init: '',
    apply: applyRegister,
    menu: [
      ['get', none],
      ['get', none],
      ['append', token],
      ['append', token],
      ['put', token],
    ],
  },
  {
    model: 'log',
    init: [],
    apply: applyRegister,
    menu: [
      ['read', none],
      ['append', value],
    ],
  },
  {
    model: 'set',
    init: [],
    apply: applySet,
    menu: [
      ['add', value],
      ['remove', (choose) => choose.seen()],
      ['contains', (choose) => choose.seen()],
      ['read', none],
    ],
  },
  {
    model: 'fifo-queue',
    init: [],
    apply: applyQueue,
    menu: [
      ['enqueue', value],
      ['dequeue', none],
    ],
  },
  {
    model: 'mutex',
    init: false,
    apply: applyMutex,
    menu: [
      ['acquire', none],
      ['release', none],
    ],
  },
  {
    model: 'lock',
    init: null,
    apply: applyLock,
    menu: [
      ['acquire', none],
      ['release', none],
    ],
  },
  {
    model: 'counter',
    init: 0,
    apply: applyCounter,
    menu: [
      ['add', amount],
      ['decrement', amount],
      ['add-and-get', amount],
      ['read', none],
    ],
  },
];
