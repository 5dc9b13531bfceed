// The hard histories of every family are decided, and as they should be, with few configurations.
import { describe, expect, it } from 'vitest';
import { checkOperations } from '../../../src/checkers/linearizable/check.js';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import { models } from '../../../src/checkers/linearizable/models/index.js';
import { historyOf, modelOf } from './families.js';
import { families } from './family-list.js';
import { objects } from './object-list.js';
import { randomOperations } from './random-operations.js';
import { specs } from './specs.js';

/** Configurations for each operation: what loses its way needs hundreds. */
const visitsEach = 20;

const hard = families.filter(({ name, operations }) => /^[BEG]/.test(name) && operations <= 1_000);

describe.each(hard)('a history of the family $name', (family) => {
  it('is decided without losing the way', () => {
    for (const seed of [1, 2]) {
      const operations = historyOf(family, seed);
      const bounds = { configurationsMax: visitsEach * operations.length, bytesMax: 2 ** 28 };
      const { verdict } = checkOperations(operations, modelOf(family), bounds);
      expect(verdict, `seed ${seed}`).not.toBe('unknown');
      if (family.bad === 'end') expect(verdict, `seed ${seed}`).toBe('invalid');
      if (family.bad === undefined) expect(verdict, `seed ${seed}`).toBe('valid');
    }
  });
});

describe('a queue of unique values', () => {
  it.each([0, 5])('is judged at once, %i of 100 operations lost', (crashes) => {
    const spec = specs.find(({ model }) => model === 'fifo-queue');
    if (spec === undefined) throw new Error('no queue');
    const recipe = { seed: 7, operations: 5_000, clients: 30, domain: 0, crashes };
    const model = { ...(models.get('fifo-queue') as Model), init: spec.init };
    const found = [0, 1].map((lies) =>
      checkOperations(randomOperations(spec, { ...recipe, lies }), model),
    );
    expect(found.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid']);
    expect(found.map(({ configurations }) => configurations)).toEqual([0, 0]);
  });
});

const repeatingNames = ['queue-4', 'queue-50', 'log-4', 'set-unique', 'set-4', 'set-50'];
const counterNames = ['counter-add-read', 'counter-up-down', 'counter-ones', 'counter-fives'];
const repeating = objects.filter(({ name }) => [...repeatingNames, ...counterNames].includes(name));

describe.each(repeating)('a history of the family $name', ({ spec, domain }) => {
  it.each([0, 5, 30])('is decided without losing the way, %i of 100 lost', (crashes) => {
    const model = { ...(models.get(spec.model) as Model), init: spec.init };
    for (const clients of [5, 30]) {
      const recipe = { seed: 7, operations: 1_000, clients, domain, crashes, lies: 0 };
      const operations = randomOperations(spec, recipe);
      const bounds = { configurationsMax: visitsEach * operations.length, bytesMax: 2 ** 28 };
      expect(checkOperations(operations, model, bounds).verdict).toBe('valid');
    }
  });
});
