// What must not change the verdict of small random histories: names of processes and of values, the
// order of concurrent completions, and whether several keys are judged together or apart.
import { describe, expect, it } from 'vitest';
import { checkOperations } from '../../../src/checkers/linearizable/check.js';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import { models } from '../../../src/checkers/linearizable/models/index.js';
import type { Operation } from '../../../src/checkers/linearizable/operation.js';
import { randomOperations, recipeOf } from './random-operations.js';
import { type Spec, specs } from './specs.js';

const runs = 60;

function modelOf(spec: Spec): Model {
  return { ...(models.get(spec.model) as Model), init: spec.init };
}

function verdictOf(spec: Spec, operations: readonly Operation[]): string {
  return checkOperations(operations, modelOf(spec)).verdict;
}

function each(spec: Spec, check: (operations: readonly Operation[], seed: number) => void): void {
  for (let seed = 1; seed <= runs; seed++) check(randomOperations(spec, recipeOf(seed, 20)), seed);
}

describe.each(specs)('$model', (spec) => {
  it('does not care how processes are numbered', () => {
    each(spec, (operations) => {
      const renamed = operations.map((each) => ({ ...each, client: 1_000 - 7 * each.client }));
      expect(verdictOf(spec, renamed)).toBe(verdictOf(spec, operations));
    });
  });

  it('does not care in which order operations are listed', () => {
    each(spec, (operations) => {
      expect(verdictOf(spec, operations.toReversed())).toBe(verdictOf(spec, operations));
    });
  });

  it('does not care in which order neighbouring calls or returns come', () => {
    each(spec, (operations) => {
      const instants = operations.flatMap(({ call, return: done }) => [
        { at: call, call: true },
        { at: done, call: false },
      ]);
      const finite = instants
        .filter(({ at }) => at !== Number.POSITIVE_INFINITY)
        .sort((a, b) => a.at - b.at);
      // Runs of calls, or of returns, at one instant.
      const group = new Map<number, number>();
      let now = 0;
      for (const [nth, { at, call }] of finite.entries()) {
        if (nth > 0 && finite[nth - 1]?.call !== call) now++;
        group.set(at, now);
      }
      const joined = operations.map((each) => ({
        ...each,
        call: group.get(each.call) ?? 0,
        return: group.get(each.return) ?? Number.POSITIVE_INFINITY,
      }));
      expect(verdictOf(spec, joined)).toBe(verdictOf(spec, operations));
    });
  });

  it('judges several keys as it judges each', () => {
    each(spec, (operations, seed) => {
      const others = randomOperations(spec, recipeOf(seed + 10_000, 12));
      const both = [
        ...operations.map((each) => ({ ...each, key: 'a' })),
        ...others.map((each) => ({ ...each, key: 'b' })),
      ];
      const verdicts = [verdictOf(spec, operations), verdictOf(spec, others)];
      expect(verdictOf(spec, both)).toBe(verdicts.includes('invalid') ? 'invalid' : 'valid');
    });
  });
});

describe('values', () => {
  it.each(['register', 'cas-register', 'fifo-queue', 'log'])('of a %s may be anything', (name) => {
    const spec = specs.find(({ model }) => model === name) as Spec;
    const other = (value: unknown): unknown => {
      if (typeof value === 'number') return { name: `v${value}`, odd: value % 2 === 1 };
      return Array.isArray(value) ? value.map(other) : value;
    };
    each(spec, (operations) => {
      const renamed = operations.map((each) => ({
        ...each,
        input: other(each.input),
        output: other(each.output),
      }));
      const model = { ...modelOf(spec), init: other(spec.init) };
      expect(checkOperations(renamed, model).verdict).toBe(verdictOf(spec, operations));
    });
  });
});
