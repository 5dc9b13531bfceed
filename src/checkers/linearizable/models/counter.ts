// A counter: a whole number that grows and shrinks.
import { type Action, type Model, UnknownActionError } from '../model.js';

const known = ['add', 'increment', 'decrement', 'add-and-get', 'read'];

/** `add-and-get` returns the sum; all but `read` may have the amount as argument, 1 without. */
export const counter: Model<number> = {
  name: 'counter',
  about: 'A counter: add, increment, decrement, add-and-get, read.',
  init: 0,
  step(total, action) {
    const { f, output } = action;
    if (f === 'read') return output === undefined || output === total ? total : undefined;
    const sum = total + amountOf(action);
    return f === 'add-and-get' && action.known && output !== sum ? undefined : sum;
  },
  observes: ({ f }) => f === 'read',
};

function amountOf(action: Action): number {
  const { f, input } = action;
  if (!known.includes(f)) throw new UnknownActionError('counter', known, action);
  const amount = input === undefined || input === null ? 1 : input;
  if (!Number.isSafeInteger(amount)) throw new TypeError(`${f} takes a whole number`);
  return f === 'decrement' ? -(amount as number) : (amount as number);
}
