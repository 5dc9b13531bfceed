// rw-register on histories that are serializable, but not in the order in which they were seen.
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/checkers/checker.js';
import { rwRegister } from '../../../src/checkers/transactions/rw-register.js';
import { type History, historyOf } from '../../../src/history/history.js';
import type { Op } from '../../../src/history/op.js';
import { stream } from '../../../src/kernel/random.js';

type Operation = readonly [f: 'r' | 'w', key: number, value: number | null];

/** Transactions one after another, seen up to `shift` of them too late, some at a time. */
function serial(seed: number, txns: number, shift: number): History {
  const random = stream(`learned ${seed}`, 'transactions');
  const below = (bound: number): number => random.below(bound);
  const written = new Map<number, number>();
  const ran = Array.from({ length: txns }, (_, at) => {
    const operations = Array.from({ length: 1 + below(4) }, (): Operation => {
      const key = Math.floor(at / 200) * 10 + below(8);
      const value = written.get(key) ?? null;
      if (below(2) === 0) return ['r', key, value];
      written.set(key, (value ?? 0) + 1);
      return ['w', key, (value ?? 0) + 1];
    });
    return { operations, seen: at + below(shift + 1), at };
  }).sort((a, b) => a.seen - b.seen || a.at - b.at);
  const ops: Op[] = [];
  const add = (process: number, type: 'invoke' | 'ok', value: unknown): void => {
    ops.push({ index: ops.length, timeUs: ops.length, process, type, f: 'txn', value });
  };
  for (let from = 0; from < ran.length; from += 10) {
    const batch = ran.slice(from, from + 10).map(({ operations }) => operations);
    for (const [process, operations] of batch.entries()) {
      const asked = operations.map(([f, key, value]) => [f, key, f === 'r' ? null : value]);
      add(process, 'invoke', asked);
    }
    for (const [process, operations] of batch.entries()) add(process, 'ok', operations);
  }
  return historyOf(ops);
}

const ask = (history: History, models: string) =>
  judge(rwRegister, history, { options: { models } }).valid;

describe('an order that nobody saw', () => {
  it('is found, and never taken for none', () => {
    let unknown = 0;
    for (let seed = 0; seed < 150; seed++) {
      const history = serial(seed, 30 + seed, 1 + (seed % 40));
      const valid = ask(history, 'serializable');
      expect(valid, `seed ${seed}`).not.toBe(false);
      if (valid === 'unknown') unknown++;
    }
    expect(unknown).toBeLessThan(5);
  });

  it('is found in long histories, for weaker models too', () => {
    const history = serial(7, 3_000, 30);
    expect(ask(history, 'strict-serializable')).toBe(false);
    expect(ask(history, 'serializable')).toBe(true);
    expect(ask(history, 'snapshot-isolation')).toBe(true);
    expect(ask(history, 'read-committed')).toBe(true);
  });
});
