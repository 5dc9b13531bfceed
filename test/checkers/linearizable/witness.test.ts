// What an invalid history is explained with: the shortest prefix, the operations that conflict, the
// longest orders, and the page that shows them.
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/checkers/checker.js';
import { checkOperations } from '../../../src/checkers/linearizable/check.js';
import { judgePictured, linearizable } from '../../../src/checkers/linearizable/linearizable.js';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import { models } from '../../../src/checkers/linearizable/models/index.js';
import { witnessOf as explain } from '../../../src/checkers/linearizable/witness.js';
import { history } from '../../../src/history/text.js';
import { isLinearizable } from './brute-force.js';
import { randomOperations, recipeOf } from './random-operations.js';
import { type Spec, specs } from './specs.js';

const stale = '0:w1 0:ok 0:w2 0:ok 1:r 1:ok1 2:w3 2:ok 2:r 2:ok3';

function witnessOf(spec: Spec, seed: number) {
  const operations = randomOperations(spec, recipeOf(seed, 8));
  const model = { ...(models.get(spec.model) as Model), init: spec.init };
  const { invalid } = checkOperations(operations, model);
  return invalid && explain(invalid.part, model, invalid);
}

describe('the witness', () => {
  it('names the operations that conflict, and no later ones', () => {
    const verdict = judge(linearizable, history(stale));
    expect(verdict).toMatchObject({ valid: false, anomalies: [{ ops: [0, 1, 2, 3, 4, 5] }] });
    expect(verdict).toMatchObject({ stats: { 'prefix-operations': 3 } });
  });

  it('says how far the longest order gets', () => {
    const { anomalies } = judge(linearizable, history(stale)) as never;
    expect(anomalies).toMatchObject([{ about: expect.stringContaining('which leaves 2') }]);
  });

  it.each(specs)('ends at the first return that makes a $model impossible', (spec) => {
    for (let seed = 1; seed <= 60; seed++) {
      const witness = witnessOf(spec, seed);
      if (witness === undefined) continue;
      const { operations } = witness.prefix;
      expect(isLinearizable(spec, operations), `seed ${seed}`).toBe(false);
      const last = operations[witness.stuck];
      const before = operations.map((operation) =>
        operation === last
          ? { ...operation, output: undefined, return: Number.POSITIVE_INFINITY }
          : operation,
      );
      expect(isLinearizable(spec, before), `seed ${seed}`).toBe(true);
    }
  });

  it.each(specs)('shows orders of a $model that explain all returns before the last', (spec) => {
    for (let seed = 1; seed <= 60; seed++) {
      const witness = witnessOf(spec, seed);
      if (witness === undefined) continue;
      expect(witness.partials.length).toBeGreaterThan(0);
      const done = witness.prefix.operations.flatMap((operation, at) =>
        operation.return === Number.POSITIVE_INFINITY || at === witness.stuck ? [] : [at],
      );
      for (const order of witness.partials) {
        expect(new Set(order).size).toBe(order.length);
        expect(done.filter((at) => !order.includes(at))).toEqual([]);
      }
    }
  });
});

describe('the picture', () => {
  it('is a page of its own with a bar for each operation', () => {
    const page = judgePictured(history(stale), linearizable.options).page() ?? '';
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.match(/<g class="bar/g)).toHaveLength(3);
    expect(page.match(/class="bar stuck/g)).toHaveLength(1);
    expect(page).not.toMatch(/(src|href)=|NaN|undefined/);
  });

  it('shows texts as texts', () => {
    const page = judgePictured(history('0:r 0:ok"<b>&"'), linearizable.options).page();
    expect(page).toContain('&lt;b&gt;&amp;');
    expect(page).not.toContain('<b>');
  });

  it('is not drawn for what is linearizable', () => {
    expect(judgePictured(history('0:w1 0:ok'), linearizable.options).page()).toBeUndefined();
  });
});
