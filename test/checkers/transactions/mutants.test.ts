// Databases that isolate less than they claim are caught; those that do as they claim never are.
// And what must not change a verdict: the names of keys, values and processes, and the nemesis.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { judge } from '../../../src/checkers/checker.js';
import { checkers } from '../../../src/checkers/index.js';
import { type History, historyOf } from '../../../src/history/history.js';
import type { Op } from '../../../src/history/op.js';
import { historyText } from '../../../src/history/text.js';
import { databaseHistory, type Level, type Plan } from './databases.js';

interface Mutant {
  readonly name: string;
  readonly level: Level;
  readonly claims: readonly string[];
  readonly expect: readonly string[];
}

const path = new URL('../../../fixtures/mutants/transactions.yaml', import.meta.url);
const mutants = parse(readFileSync(path, 'utf8')) as readonly Mutant[];
const caught = mutants.flatMap((mutant) =>
  mutant.expect.map((name) => ({ ...mutant, checker: name })),
);

const plan = (level: Level, checker: string, more: Partial<Plan> = {}): Plan => ({
  level,
  lists: checker === 'list-append',
  txns: 12,
  workers: 4,
  keys: 3,
  operationsMax: 4,
  failing: 5,
  unknown: 10,
  lying: 0,
  ...more,
});

function judged(name: string, history: History, models: readonly string[]) {
  const checker = checkers.get(name);
  if (checker === undefined) throw new Error(`no checker ${name}`);
  return judge(checker, history, { options: { models } });
}

describe('a database with', () => {
  it.each(caught)('$name is caught by $checker', ({ level, claims, checker }) => {
    const verdicts = Array.from({ length: 40 }, (_, seed) => {
      const history = databaseHistory(seed, plan(level, checker));
      return judged(checker, history, claims).valid;
    });
    expect(verdicts.filter((valid) => valid === false).length).toBeGreaterThan(1);
  });

  const honest = [
    ['strict', 'strict-serializable'],
    ['shuffled', 'serializable'],
    ['snapshot', 'snapshot-isolation'],
    ['snapshot', 'strong-snapshot-isolation'],
    ['committed', 'read-committed'],
    ['committed', 'strong-read-committed'],
  ] as const;
  const all = honest.flatMap(([level, model]) =>
    ['list-append', 'rw-register'].map((checker) => ({ level, model, checker })),
  );

  it.each(all)('$level isolation is never refused as $model by $checker', (one) => {
    let passed = 0;
    for (let seed = 0; seed < 200; seed++) {
      const txns = 4 + (seed % 30);
      const history = databaseHistory(seed, plan(one.level, one.checker, { txns }));
      const verdict = judged(one.checker, history, [one.model]);
      expect(verdict.valid, `seed ${seed}: ${historyText(history)}`).not.toBe(false);
      if (verdict.valid === true) passed++;
    }
    expect(passed).toBeGreaterThan(30);
  });
});

describe.each(['list-append', 'rw-register'])('%s', (checker) => {
  const histories = Array.from({ length: 200 }, (_, seed) =>
    databaseHistory(seed, plan(seed % 2 === 0 ? 'strict' : 'snapshot', checker)),
  );
  const gist = (history: History) => {
    const { valid, stats } = judged(checker, history, ['strict-serializable']);
    return { valid, anomalies: stats?.anomalies };
  };
  type Operation = readonly [f: string, key: string, value: unknown];
  const mapped = (history: History, change: (operation: Operation) => Operation): History =>
    historyOf(
      history.ops.map((op) => ({ ...op, value: (op.value as readonly Operation[]).map(change) })),
    );

  it('does not care what keys are called', () => {
    const names: Readonly<Record<string, unknown>> = { x: 7, y: { id: 'y' }, z: 'x' };
    for (const history of histories) {
      const renamed = mapped(history, ([f, key, value]) => [f, names[key] as string, value]);
      expect(gist(renamed)).toEqual(gist(history));
    }
  });

  it('does not care what values are', () => {
    const other = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(other);
      return typeof value === 'number' && value % 2 === 0 ? { value: `v${value}` } : value;
    };
    for (const history of histories) {
      expect(gist(mapped(history, ([f, key, value]) => [f, key, other(value)]))).toEqual(
        gist(history),
      );
    }
  });

  it('does not care how processes are numbered, nor what the nemesis says', () => {
    for (const history of histories) {
      const renumbered = history.ops.map((op) => ({ ...op, process: Number(op.process) * 7 + 3 }));
      const noise = {
        process: 'nemesis',
        type: 'info',
        f: 'txn',
        value: [['r', 'x', [9]]],
      } as const;
      const loud = renumbered.flatMap((op): Op[] => [op, { ...op, ...noise }]);
      const other = historyOf(loud.map((op, index) => ({ ...op, index })));
      expect(gist(other)).toEqual(gist(history));
    }
  });

  it('says the same when asked twice', () => {
    for (const history of histories.slice(0, 50)) {
      const ask = () => judged(checker, history, ['strict-serializable']);
      expect(ask()).toEqual(ask());
    }
  });
});
