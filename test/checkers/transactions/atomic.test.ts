// Models between read committed and consistent view: against their definitions, on small histories.
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/checkers/checker.js';
import { listAppend } from '../../../src/checkers/transactions/list-append.js';
import { rwRegister } from '../../../src/checkers/transactions/rw-register.js';
import { historyText } from '../../../src/history/text.js';
import { atomicModels, isAtomic, txnsIn } from './atomic-oracle.js';
import { databaseHistory, levels } from './databases.js';
import { lists, registers } from './txn-text.js';

const histories = Number(process.env.STORMGLASS_TXN_HISTORIES ?? 1_200);

describe.each([
  { checker: listAppend, ofLists: true },
  { checker: rwRegister, ofLists: false },
])('$checker.name agrees with the definitions', ({ checker, ofLists }) => {
  it('of models between read committed and update atomic', () => {
    const seen: Record<string, number> = {};
    for (let seed = 0; seed < histories; seed++) {
      const history = databaseHistory(seed, {
        level: levels[seed % levels.length] as (typeof levels)[number],
        lists: ofLists,
        txns: 3 + (seed % 3),
        workers: 4,
        keys: 2 + (seed % 2),
        operationsMax: 3,
        failing: 5,
        unknown: seed % 3 === 0 ? 15 : 0,
        lying: seed % 2 === 0 ? 25 : 0,
      });
      const txns = txnsIn(history, ofLists);
      if (txns === undefined) continue;
      for (const model of atomicModels) {
        const { valid } = judge(checker, history, { options: { models: model } });
        seen[`${model} ${valid}`] = (seen[`${model} ${valid}`] ?? 0) + 1;
        if (valid === 'unknown') continue;
        const expected = isAtomic(txns, model, ofLists);
        if (valid !== expected) {
          expect(valid, `${model} seed ${seed}: ${historyText(history)}`).toBe(expected);
        }
      }
    }
    if (histories > 5_000) process.stderr.write(`${JSON.stringify(seen)}\n`);
    for (const model of atomicModels) {
      expect(seen[`${model} true`] ?? 0, model).toBeGreaterThan(histories / 10);
      expect(seen[`${model} false`] ?? 0, model).toBeGreaterThan(histories / 100);
    }
  });
});

describe('list-append finds', () => {
  it.each([
    ['OTV', 'ax1ay1 rx1ry', 'monotonic-atomic-view'],
    ['fractured-read', 'ax1ay1 ryrx1', 'read-atomic'],
    ['missed-update', 'ax1ay1 ax2ry | rx12ry1', 'update-atomic'],
    ['G-cursor', 'rxax2 ax1 | rx12', 'cursor-stability'],
  ] as const)('%s in %s', (kind, text, models) => {
    const verdict = judge(listAppend, lists(text), { options: { models } });
    expect(verdict).toMatchObject({ valid: false, anomalies: [{ kind }] });
  });

  it('nothing that a weaker model allows', () => {
    const ask = (text: string, models: string) =>
      judge(listAppend, lists(text), { options: { models } }).valid;
    expect(ask('ax1ay1 ryrx1', 'monotonic-atomic-view')).toBe(true);
    expect(ask('ax1ay1 ax2ry | rx12ry1', 'read-atomic')).toBe(true);
    expect(ask('rxax2 ax1 | rx12', 'monotonic-atomic-view')).toBe(true);
  });
});

describe('rw-register finds', () => {
  it.each([
    ['OTV', 'wx1wy1 rx1ry', 'monotonic-atomic-view'],
    ['fractured-read', 'wx1wy1 ryrx1', 'read-atomic'],
    ['fractured-read', 'wx1wy1 wx2wy2 rx1ry2 ry1rx2', 'read-atomic'],
  ] as const)('%s in %s', (kind, text, models) => {
    const verdict = judge(rwRegister, registers(text), { options: { models } });
    expect(verdict).toMatchObject({ valid: false, anomalies: [{ kind }] });
  });
});
