// Models without annotations: what only observes is guessed, and a wrong guess costs time, never a
// verdict.
import { describe, expect, it } from 'vitest';
import { checkOperations } from '../../../src/checkers/linearizable/check.js';
import type { Action, Model } from '../../../src/checkers/linearizable/model.js';
import type { Operation } from '../../../src/checkers/linearizable/operation.js';
import { historyOf, modelOf } from './families.js';
import { families } from './family-list.js';

/** A counter whose `look` adds one too, but only from three on. */
const tripwire: Model<number> = {
  name: 'tripwire',
  about: 'A counter that is not only looked at.',
  init: 0,
  step(total: number, { f, output }: Action) {
    if (f === 'add') return total + 1;
    if (f === 'read') return output === total ? total : undefined;
    return total >= 3 ? total + 1 : total;
  },
};

function operation(f: string, call: number, done: number, output?: unknown): Operation {
  return { client: call, f, input: undefined, output, call, return: done };
}

const adds = [0, 2, 4].map((at) => operation('add', at, at + 1));

describe('a model without annotations', () => {
  it('is judged right where a guess is wrong', () => {
    // Taken at once, as what only observes is, the look would change nothing.
    const looked = [...adds, operation('look', 0, 9), operation('read', 6, 8, 4)];
    expect(checkOperations(looked, tripwire as Model).verdict).toBe('valid');
    const impossible = [...looked, operation('read', 10, 11, 3)];
    expect(checkOperations(impossible, tripwire as Model).verdict).toBe('invalid');
  });

  it('is judged with as few configurations as one that says what observes', () => {
    const family = families.find(({ name }) => name === 'B03');
    if (family === undefined) throw new Error('no family B03');
    const { name, about, init, step, observes } = modelOf(family);
    const history = historyOf(family, 1);
    const plain = checkOperations(history, { name, about, init, step });
    const told = checkOperations(history, {
      name,
      about,
      init,
      step,
      ...(observes && { observes }),
    });
    expect(plain.verdict).toBe('valid');
    expect(plain.configurations).toBeLessThan(2 * told.configurations);
  });
});
