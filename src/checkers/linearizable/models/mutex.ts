// Locks. A mutex is free or held, by whomever, as Knossos has it; a lock knows its holder.
import { type Action, type Model, UnknownActionError } from '../model.js';

const known = ['acquire', 'release'];

/** Source: Knossos' mutex. */
export const mutex: Model<boolean> = {
  name: 'mutex',
  about: 'A mutex: acquire when it is free, release when it is held.',
  init: false,
  step(held, action) {
    const acquires = acquiresOf('mutex', action);
    if (action.known && action.output === false) return held === acquires ? held : undefined;
    if (held !== acquires) return acquires;
    return action.known ? undefined : held;
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
    if (action.known && action.output === false) return granted ? undefined : holder;
    if (granted) return acquires ? action.client : null;
    return action.known ? undefined : holder;
  },
};

function acquiresOf(model: string, action: Action): boolean {
  if (!known.includes(action.f)) throw new UnknownActionError(model, known, action);
  return action.f === 'acquire';
}
