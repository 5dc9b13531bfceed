// Locks. A mutex is free or held, by whomever, as Knossos has it; a lock knows its holder. Both are
// registers that are only compared and set.
import { type Action, type Model, UnknownActionError } from '../model.js';
import { mismatched, type Refusals } from '../refusals.js';
import type { RegisterAction } from '../register-action.js';

const known = ['acquire', 'release'];
const refusals: Refusals = new Map(known.map((f) => [f, [mismatched]]));

/** Source: Knossos' mutex. An `ok` with the value false was refused. */
export const mutex: Model<boolean> = {
  name: 'mutex',
  about: 'A mutex: acquire when it is free, release when it is held.',
  init: false,
  step(held, action) {
    const acquires = acquiresOf('mutex', action);
    if (isRefusal(action)) return held === acquires ? held : undefined;
    if (held !== acquires) return acquires;
    return action.known ? undefined : held;
  },
  observes: isRefusal,
  refusals,
  register(action): RegisterAction {
    const acquires = acquiresOf('mutex', action);
    if (isRefusal(action)) return { kind: 'read', value: acquires };
    return { kind: 'cas', from: !acquires, to: acquires };
  },
};

/** The state is the process that holds it, or null. An `ok` with the value false was refused. */
export const lock: Model<number | null> = {
  name: 'lock',
  about: 'A lock: acquire when it is free, release by whoever holds it.',
  init: null,
  clients: true,
  step(holder, action) {
    const acquires = acquiresOf('lock', action);
    const granted = acquires ? holder === null : holder === action.client;
    if (isRefusal(action)) return granted ? undefined : holder;
    if (granted) return acquires ? action.client : null;
    return action.known ? undefined : holder;
  },
  observes: isRefusal,
  refusals,
  register(action): RegisterAction {
    const { client } = action;
    const [from, to] = acquiresOf('lock', action) ? [null, client] : [client, null];
    return isRefusal(action) ? { kind: 'mismatch', from } : { kind: 'cas', from, to };
  },
};

function isRefusal({ known: told, output }: Action): boolean {
  return told && (output === false || output === mismatched);
}

function acquiresOf(model: string, action: Action): boolean {
  if (!known.includes(action.f)) throw new UnknownActionError(model, known, action);
  return action.f === 'acquire';
}
