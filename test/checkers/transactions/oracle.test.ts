// list-append and rw-register against the definitions, on small histories of databases at every
// isolation level. STORMGLASS_TXN_HISTORIES says how many; more than the usual few are tried
// before a release.
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/checkers/checker.js';
import { listAppend } from '../../../src/checkers/transactions/list-append.js';
import { rwRegister } from '../../../src/checkers/transactions/rw-register.js';
import type { History } from '../../../src/history/history.js';
import { historyText } from '../../../src/history/text.js';
import { databaseHistory, type Level, levels, type Plan } from './databases.js';
import { serializable, snapshotIsolated } from './oracle.js';

const histories = Number(process.env.STORMGLASS_TXN_HISTORIES ?? 3_000);

const planOf = (seed: number, more: Partial<Plan> = {}): Plan => ({
  level: levels[seed % levels.length] as Level,
  lists: true,
  txns: 3 + (seed % 4),
  workers: 3,
  keys: 1 + (seed % 3),
  operationsMax: 3,
  failing: 5,
  unknown: seed % 2 === 0 ? 0 : 15,
  lying: seed % 7 === 0 ? 30 : 0,
  ...more,
});

const both = [
  { checker: listAppend, lists: true },
  { checker: rwRegister, lists: false },
];

describe.each(both)('$checker.name agrees with every order tried out', ({ checker, lists }) => {
  const validFor = (history: History, models: string) =>
    judge(checker, history, { options: { models } }).valid;

  it('on what is serializable, strictly so, and snapshot isolated', () => {
    const seen: Record<string, number> = {};
    const note = (model: string, valid: unknown): void => {
      seen[`${model} ${valid}`] = (seen[`${model} ${valid}`] ?? 0) + 1;
    };
    for (let seed = 0; seed < histories; seed++) {
      const history = databaseHistory(seed, planOf(seed, { lists }));
      const text = (): string => `seed ${seed}: ${historyText(history)}`;
      for (const [model, isValid] of [
        ['serializable', serializable(history, false)],
        ['strict-serializable', serializable(history, true)],
      ] as const) {
        const valid = validFor(history, model);
        note(model, valid);
        if (valid === 'unknown') continue;
        if (valid !== isValid) expect(valid, `${model} ${text()}`).toBe(isValid);
      }
      if (seed % 4 !== 0) continue;
      const valid = validFor(history, 'snapshot-isolation');
      note('snapshot-isolation', valid);
      if (valid === 'unknown') continue;
      const isValid = snapshotIsolated(history);
      if (valid !== isValid) expect(valid, `snapshot-isolation ${text()}`).toBe(isValid);
    }
    if (histories > 10_000) process.stderr.write(`${JSON.stringify(seen)}\n`);
    for (const model of ['serializable', 'strict-serializable', 'snapshot-isolation']) {
      expect(seen[`${model} true`] ?? 0, model).toBeGreaterThan(histories / 100);
      expect(seen[`${model} false`] ?? 0, model).toBeGreaterThan(histories / 100);
    }
  });
});
