// What an invalid history is explained with: the shortest prefix, the operations that conflict, the
// longest orders, and the page that shows them.
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/checkers/checker.js';
import { checkOperations, type Finding } from '../../../src/checkers/linearizable/check.js';
import { judgePictured, linearizable } from '../../../src/checkers/linearizable/linearizable.js';
import { statesOf } from '../../../src/checkers/linearizable/longest-orders.js';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import { models } from '../../../src/checkers/linearizable/models/index.js';
import type { Operation } from '../../../src/checkers/linearizable/operation.js';
import { open } from '../../../src/checkers/linearizable/timeline.js';
import { witnessOf as explain, type Witness } from '../../../src/checkers/linearizable/witness.js';
import { history } from '../../../src/history/text.js';
import { isLinearizable } from './brute-force.js';
import { type Family, historyOf, modelOf } from './families.js';
import { families } from './family-list.js';
import { randomOperations, recipeOf } from './random-operations.js';
import { type Spec, specs } from './specs.js';

const stale = '0:w1 0:ok 0:w2 0:ok 1:r 1:ok1 2:w3 2:ok 2:r 2:ok3';

type Invalid = NonNullable<Finding['invalid']>;

function witnessOf(spec: Spec, seed: number, operationsMax = 8) {
  const operations = randomOperations(spec, recipeOf(seed, operationsMax));
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

  it('says of a lock that is free that it is', () => {
    const lock = models.get('lock') as Model;
    const acquired = { f: 'acquire', input: undefined, output: true };
    const operations = [
      { ...acquired, client: 2, call: 1, return: 4 },
      { ...acquired, client: 3, call: 2, return: 8 },
      { f: 'release', input: undefined, output: false, client: 2, call: 5, return: 11 },
    ];
    const { invalid } = checkOperations(operations, lock);
    const { prefix, partials } = explain((invalid as Invalid).part, lock, invalid as Invalid);
    expect(partials).toEqual([[0, 2, 1]]);
    expect(statesOf(prefix, lock, partials[0] ?? [])).toEqual([2, null, 3]);
  });

  it.each(['register', 'cas-register', 'kv', 'log'])(
    'shows orders that a longer history of a %s allows',
    (name) => {
      const spec = specs.find(({ model }) => model === name) as Spec;
      const model = { ...(models.get(name) as Model), init: spec.init };
      for (let seed = 1; seed <= 120; seed++) {
        const witness = witnessOf(spec, seed, 40);
        for (const order of witness?.partials ?? []) {
          expect(flawIn(order, witness as Witness, model), `seed ${seed}`).toBeUndefined();
        }
      }
    },
  );

  it.each([
    'A08',
    'B13',
    'B16',
    'C03',
    'C06',
    'E02',
    'E04',
    'E05',
    'E08',
    'E09',
    'G01',
    'G02',
    'G03',
    'G04',
    'G05',
    'G06',
    'G07',
    'G08',
    'G09',
    'G11',
    'G15',
  ])('knows the shortest bad prefix of %s, and an order of what came before', (name) => {
    const family = families.find((each) => each.name === name) as Family;
    const model = modelOf(family);
    const { invalid } = checkOperations(historyOf(family, 1), model);
    const witness = explain((invalid as Invalid).part, model, invalid as Invalid);
    expect(witness.shortest).toBe(true);
    expect(witness.partials.length).toBeGreaterThan(0);
    for (const order of witness.partials) expect(flawIn(order, witness, model)).toBeUndefined();
  });
});

/** What is wrong with an order of all that returned before the last return of a prefix. */
function flawIn(order: readonly number[], { prefix, stuck }: Witness, model: Model) {
  const { operations, calls, returns } = prefix;
  const placed = new Set(order);
  if (placed.size < order.length) return 'an operation takes effect twice';
  for (const [at, done] of returns.entries()) {
    if (done !== open && at !== stuck && !placed.has(at)) return `${at} does not take effect`;
  }
  let state: unknown = model.init;
  let called = -1;
  for (const at of order) {
    if ((returns[at] as number) < called) return `${at} had returned before`;
    called = Math.max(called, calls[at] as number);
    const { f, input, output, client } = operations[at] as Operation;
    const known = returns[at] !== open && at !== stuck;
    const after = model.step(state, {
      f,
      input,
      output: known ? output : undefined,
      known,
      client,
    });
    if (after === undefined) return `${at} is not allowed`;
    state = after;
  }
  return undefined;
}

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
