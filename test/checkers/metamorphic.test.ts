// What must not change a verdict: the names of processes, nodes and values, the order of
// completions that nothing tells apart, what the nemesis says, and how often one asks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckerOptions, judge } from '../../src/checkers/checker.js';
import { checkers } from '../../src/checkers/index.js';
import { type History, historyOf } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { historyText } from '../../src/history/text.js';
import { fixtures } from './fixture-files.js';
import { chaoticHistory, pinned, plausibleHistory } from './random-histories.js';

const anyHistory = fc.oneof(chaoticHistory, plausibleHistory(100_000));
const options: Readonly<Record<string, CheckerOptions>> = { availability: { minPpm: 700_000 } };

/** The same history with each operation changed, and numbered anew. */
function changed(history: History, change: (op: Op) => Op | readonly Op[]): History {
  return historyOf(history.ops.flatMap(change).map((op, index) => ({ ...op, index })));
}

/** Swaps neighbouring completions of two processes where `swap` says so; times stay in place. */
function permuted({ ops }: History, swap: (at: number) => boolean): History {
  const result = [...ops];
  for (let at = 0; at + 1 < result.length; at++) {
    const [a, b] = [result[at], result[at + 1]];
    if (a === undefined || b === undefined || a.process === b.process) continue;
    if (a.process === 'nemesis' || b.process === 'nemesis') continue;
    if (a.type === 'invoke' || b.type === 'invoke' || !swap(at)) continue;
    result[at] = { ...b, index: at, timeUs: a.timeUs };
    result[at + 1] = { ...a, index: at + 1, timeUs: b.timeUs };
  }
  return historyOf(result);
}

describe.each([...checkers.values()])('$name', (checker) => {
  const own = options[checker.name] ?? {};
  const ask = (history: History) => judge(checker, history, { options: own });
  /** The verdict without figures that name what was renamed. */
  const gist = (history: History) => {
    const verdict = ask(history);
    const { anomalies } = verdict.stats ?? {};
    return { valid: verdict.valid, anomalies };
  };

  it('does not care how processes are numbered', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 1, max: 9 }), (history, shift) => {
        const renamed = changed(history, (op) => ({
          ...op,
          process: Number(op.process) * 7 + shift,
        }));
        expect(gist(renamed), historyText(history)).toEqual(gist(history));
      }),
      pinned(500),
    );
  });

  it('does not care how nodes are named', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const renamed = changed(history, (op) =>
          op.node === undefined ? op : { ...op, node: `node-${9 - Number(op.node.slice(1))}` },
        );
        expect(gist(renamed)).toEqual(gist(history));
      }),
      pinned(500),
    );
  });

  it('does not care what values are', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const other = (value: unknown): unknown =>
          typeof value === 'number' ? { name: `v${value}`, odd: value % 2 === 1 } : value;
        const renamed = changed(history, (op) => ({
          ...op,
          value: Array.isArray(op.value) ? op.value.map(other) : other(op.value),
        }));
        expect(gist(renamed)).toEqual(gist(history));
      }),
      pinned(500),
    );
  });

  it('does not care in which order concurrent operations complete', () => {
    fc.assert(
      fc.property(
        anyHistory,
        fc.array(fc.boolean(), { minLength: 100, maxLength: 100 }),
        (h, swaps) => {
          const other = permuted(h, (at) => swaps[at % swaps.length] === true);
          expect(gist(other), historyText(h)).toEqual(gist(h));
        },
      ),
      pinned(1_000),
    );
  });

  it('does not hear the nemesis', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const loud = changed(history, (op) => [
          op,
          { ...op, process: 'nemesis', type: 'info', f: 'read', value: [0, 0, 99] },
        ]);
        expect(gist(loud)).toEqual(gist(history));
      }),
      pinned(300),
    );
  });

  it('says the same when asked twice', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        expect(ask(history)).toEqual(ask(history));
      }),
      pinned(200),
    );
  });

  it('shows operations of the history in every anomaly, in order', () => {
    const histories = fixtures().map(({ history }) => history);
    fc.assert(
      fc.property(fc.oneof(anyHistory, fc.constantFrom(...histories)), (history) => {
        const verdict = ask(history);
        if (verdict.valid !== false) return;
        for (const { ops, about } of verdict.anomalies) {
          expect(ops.length).toBeGreaterThan(0);
          expect(ops).toEqual([...new Set(ops)].sort((a, b) => a - b));
          expect(history.ops[ops.at(-1) ?? -1]).toBeDefined();
          expect(about).not.toMatch(/undefined|NaN|\[object/);
        }
      }),
      pinned(1_000),
    );
  });
});
