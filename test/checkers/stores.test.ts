// counter, queue and bank against what their definitions allow, tried out one by one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bank } from '../../src/checkers/bank.js';
import { judge } from '../../src/checkers/checker.js';
import { counter } from '../../src/checkers/counter.js';
import { queue } from '../../src/checkers/queue.js';
import type { History } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { history } from '../../src/history/text.js';
import { deep, deepTimeoutMs } from './deep.js';

interface Draw {
  readonly worker: number;
  readonly first: boolean;
  readonly value: number;
  readonly end: 'ok' | 'info' | 'fail';
}

const draws = (values: fc.Arbitrary<number>) =>
  fc.array(
    fc.record({
      worker: fc.nat({ max: 2 }),
      first: fc.boolean(),
      value: values,
      end: fc.constantFrom<Draw['end']>('ok', 'ok', 'ok', 'ok', 'info', 'fail'),
    }),
    { minLength: 2, maxLength: 12 },
  );

/** Workers begin and end operations in turn; `first` chooses between two functions. */
function textOf(all: readonly Draw[], [one, two]: readonly [string, string], tail: string): string {
  const numbers = [0, 1, 2];
  const open = new Map<number, Draw>();
  const parts: string[] = [];
  for (const draw of all) {
    const process = numbers[draw.worker] ?? 0;
    const begun = open.get(draw.worker);
    if (begun === undefined) {
      open.set(draw.worker, draw);
      parts.push(`${process}:${draw.first ? `${one}${draw.value}` : two}`);
      continue;
    }
    open.delete(draw.worker);
    const result = !begun.first && draw.end === 'ok' ? `(${draw.value})` : '';
    parts.push(`${process}:${draw.end}${result}`);
    if (draw.end === 'info') numbers[draw.worker] = process + 10;
  }
  return `${parts.join(' ')} ${tail}`;
}

const spanOf = (stream: History, op: Op) => ({
  op,
  from: op.index,
  done: stream.completionOf(op),
  to: stream.completionOf(op)?.index ?? Number.POSITIVE_INFINITY,
});

/**
 * Whether every read is the sum of some adds that had begun; a final one must have them all, and
 * where reads are current each must have those that were acknowledged before it.
 */
function summable(stream: History, current = false): boolean {
  const spans = stream.ops.filter(({ type }) => type === 'invoke').map((op) => spanOf(stream, op));
  const adds = spans.filter(({ op, done }) => op.f === 'add' && done?.type !== 'fail');
  return spans.every((read) => {
    if (read.op.f !== 'read' || read.done?.type !== 'ok') return true;
    const may = adds.filter(({ from }) => from < read.to);
    const final =
      read.op.final === true &&
      adds.every(({ from, done }) => from < read.from && (done?.index ?? 0) < read.from);
    const isSure = ({ done }: (typeof spans)[number]): boolean =>
      done?.type === 'ok' && (final || (current && done.index < read.from));
    const must = may.filter(isSure);
    return Array.from({ length: 2 ** may.length }, (_, bits) =>
      may.filter((_add, at) => (bits >> at) % 2 === 1),
    ).some(
      (some) =>
        must.every((add) => some.includes(add)) &&
        some.reduce((sum, { op }) => sum + Number(op.value), 0) === read.done?.value,
    );
  });
}

describe('counter', () => {
  it.each(['bounded', 'current'])(
    'passes exactly those reads that some adds explain, where reads are %s',
    (reads) => {
      const tally = { true: 0, false: 0, unknown: 0 };
      const deltas = fc.constantFrom(-2, 1, 3, 7, 20);
      fc.assert(
        fc.property(draws(deltas), fc.nat({ max: 30 }), (all, last) => {
          const text = textOf(all, ['a', 'r'], `| 90:r 90:ok${last}`);
          const stream = history(text);
          const { valid } = judge(counter, stream, { options: { reads } });
          tally[`${valid}`]++;
          if (valid === 'unknown') return;
          expect(valid, text).toBe(summable(stream, reads === 'current'));
        }),
        deep(1_500),
      );
      expect(tally.false).toBeGreaterThan(100);
      expect(tally.true).toBeGreaterThan(20);
    },
    deepTimeoutMs,
  );

  it('judges reads by their bounds where too many sums are possible', () => {
    const adds = [1, 10, 100, 1_000].map((delta, p) => `${p}:a${delta} ${p}:info`).join(' ');
    const text = `${adds} 8:r 8:ok500 | 9:r 9:ok1111`;
    expect(judge(counter, history(text))).toMatchObject({
      valid: false,
      anomalies: [{ kind: 'impossible-sum', about: expect.stringMatching(/500 .* no adds/) }],
      stats: { readsJudged: { exactly: 1, byBounds: 0 } },
    });
    expect(judge(counter, history(text), { options: { sumsMax: 4 } })).toMatchObject({
      valid: 'unknown',
      stats: { readsJudged: { exactly: 0, byBounds: 1 } },
    });
  });
});

/** Whether some order of the operations, each within its span, is that of a queue. */
function queueable(stream: History, fifo: boolean): boolean {
  const spans = stream.ops
    .filter(({ type }) => type === 'invoke')
    .map((op) => spanOf(stream, op))
    .filter(({ done }) => done?.type !== 'fail');
  const search = (
    left: readonly (typeof spans)[number][],
    content: readonly unknown[],
  ): boolean => {
    if (left.every(({ done }) => done?.type !== 'ok')) return true;
    return left.some((next) => {
      if (left.some((other) => other !== next && other.to < next.from)) return false;
      const rest = left.filter((other) => other !== next);
      if (next.op.f === 'enqueue') return search(rest, [...content, next.op.value]);
      const sure = next.done?.type === 'ok';
      const options = fifo ? content.slice(0, 1) : content;
      if (!sure)
        return (
          options.some((_, at) => search(rest, content.toSpliced(at, 1))) || search(rest, content)
        );
      const value = next.done?.value;
      if (value === null) return content.length === 0 && search(rest, content);
      const at = options.indexOf(value);
      return at >= 0 && search(rest, content.toSpliced(at, 1));
    });
  };
  return search(spans, []);
}

describe('queue', () => {
  it.each(['any', 'fifo'])(
    'refuses no history that a queue in the order %s can have',
    (order) => {
      const tally = { true: 0, false: 0, unknown: 0 };
      fc.assert(
        fc.property(draws(fc.integer({ min: 0, max: 5 })), (all) => {
          const text = textOf(all, ['enqueue', 'dequeue'], '').replaceAll('ok(0)', 'ok(null)');
          const stream = history(text.trim());
          const { valid } = judge(queue, stream, { options: { order } });
          tally[`${valid}`]++;
          if (valid === false) expect(queueable(stream, order === 'fifo'), text).toBe(false);
        }),
        deep(1_500),
      );
      expect(tally.false).toBeGreaterThan(100);
    },
    deepTimeoutMs,
  );

  it('accepts what a queue does, and refuses it with two values exchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), fc.nat(), (n, a, b) => {
        fc.pre(a % n !== b % n);
        const values = Array.from({ length: n }, (_, at) => at);
        const enqueues = values.map((value) => `0:enqueue${value} 0:ok`).join(' ');
        const taken = (list: readonly number[]) =>
          list.map((value) => `1:dequeue 1:ok${value}`).join(' ');
        const swapped = values.map((v) => (v === a % n ? b % n : v === b % n ? a % n : v));
        const ask = (list: readonly number[]) =>
          judge(queue, history(`${enqueues} ${taken(list)}`), { options: { order: 'fifo' } }).valid;
        expect(ask(values)).toBe(true);
        expect(ask(swapped)).toBe(false);
      }),
      deep(200),
    );
  });
});

describe('bank', () => {
  it('agrees with adding up every read', () => {
    const balances = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -1, max: 4 }));
    fc.assert(
      fc.property(fc.array(balances, { minLength: 1, maxLength: 4 }), (reads) => {
        const text = reads.map((read) => `0:r 0:ok${JSON.stringify(read)}`).join(' ');
        const right = reads.every((read) => {
          const values = Object.values(read);
          return values.every((v) => v >= 0) && values.reduce((sum, v) => sum + v, 0) === 4;
        });
        expect(judge(bank, history(text), { options: { total: 4 } }).valid).toBe(right);
      }),
      deep(1_000),
    );
  });
});
