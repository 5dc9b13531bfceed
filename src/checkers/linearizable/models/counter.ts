// A counter: a whole number that grows and shrinks.
import type { CounterAction } from '../counter-action.js';
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
  counter: counterAction,
};

function counterAction(action: Action): CounterAction {
  const { f, output, known: told } = action;
  if (f === 'read') {
    if (output === undefined) return { kind: 'nothing' };
    return Number.isSafeInteger(output)
      ? { kind: 'read', sum: output as number }
      : { kind: 'never' };
  }
  const amount = amountOf(action);
  if (f !== 'add-and-get' || !told) return { kind: 'add', amount };
  return Number.isSafeInteger(output)
    ? { kind: 'add-and-get', amount, sum: output as number }
    : { kind: 'never' };
}

function amountOf(action: Action): number {
  const { f, input } = action;
  if (!known.includes(f)) throw new UnknownActionError('counter', known, action);
  const amount = input === undefined || input === null ? 1 : input;
  if (!Number.isSafeInteger(amount)) throw new TypeError(`${f} takes a whole number`);
  return f === 'decrement' ? -(amount as number) : (amount as number);
}
