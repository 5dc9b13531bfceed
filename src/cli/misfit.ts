// An operation that a model does not know.
import { type Model, UnknownActionError } from '../checkers/linearizable/model.js';
import type { Op } from '../history/op.js';
import { showValue } from '../history/value.js';

interface Misfit {
  readonly expected: string;
  readonly found: string;
}

/** What keeps an invocation from being one that a model knows; undefined if nothing does. */
export function misfitOf(op: Op, model: Model, keyed: boolean): Misfit | undefined {
  const { f, value } = op;
  if (keyed && !(Array.isArray(value) && value.length === 2)) {
    return { expected: 'as its value [key, value]', found: `${f} ${showValue(value)}` };
  }
  const input = keyed ? (value as readonly unknown[])[1] : value;
  const action = { f, input, output: undefined, known: false, client: Number(op.process) };
  try {
    model.step(model.init, action);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownActionError) {
      const known = error.message.replace(/, but a history has .*$/s, '');
      return { expected: `a function that ${known.replace(/^the model/, 'the model')}`, found: f };
    }
    if (error instanceof TypeError) {
      return { expected: error.message, found: `${f} ${showValue(input)}` };
    }
    throw error;
  }
}
