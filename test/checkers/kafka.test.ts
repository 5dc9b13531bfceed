// kafka: logs that are right are never refused, and what one breaks in them is named.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { kafka } from '../../src/checkers/kafka/kafka.js';
import { history } from '../../src/history/text.js';
import { deep, deepTimeoutMs } from './deep.js';

interface Draw {
  readonly process: number;
  readonly f: 'send' | 'poll' | 'commit' | 'list';
  readonly key: string;
  readonly gap: number;
  readonly size: number;
  readonly end: 'ok' | 'info' | 'fail';
  readonly happened: boolean;
}

const draws = fc.array(
  fc.record({
    process: fc.nat({ max: 2 }),
    f: fc.constantFrom<Draw['f']>('send', 'send', 'poll', 'poll', 'commit', 'list'),
    key: fc.constantFrom('k', 'l'),
    gap: fc.constantFrom(1, 1, 1, 2, 1_000_000_007),
    size: fc.integer({ min: 1, max: 3 }),
    end: fc.constantFrom<Draw['end']>('ok', 'ok', 'ok', 'ok', 'ok', 'info', 'fail'),
    happened: fc.boolean(),
  }),
  { minLength: 5, maxLength: 40 },
);

type Pair = [offset: number, message: number];

/** Logs that do everything right, and clients that poll them from where they left off. */
function correct(all: readonly Draw[], change: (f: string, result: unknown) => unknown): string {
  const logs: Record<string, Pair[]> = { k: [], l: [] };
  const committed: Record<string, number> = {};
  const positions = new Map<string, number>();
  const numbers = [0, 1, 2];
  const parts: string[] = [];
  let message = 0;
  const run = (worker: number, f: string, value: unknown, result: unknown, end: string): void => {
    const process = numbers[worker] ?? 0;
    const answer = end === 'ok' ? JSON.stringify(change(f, result)) : '';
    parts.push(`${process}:${f}${JSON.stringify(value)} ${process}:${end}${answer}`);
    if (end === 'info') numbers[worker] = process + 10;
  };
  const poll = (worker: number, key: string, size: number, end: string): void => {
    const from = positions.get(`${numbers[worker]} ${key}`) ?? 0;
    const found = (logs[key] ?? []).filter(([offset]) => offset >= from).slice(0, size);
    const last = found.at(-1);
    if (end === 'ok' && last) positions.set(`${numbers[worker]} ${key}`, last[0] + 1);
    run(worker, 'poll', { offsets: { [key]: from } }, { msgs: last ? { [key]: found } : {} }, end);
  };
  for (const { process, f, key, gap, size, end, happened } of all) {
    const log = logs[key] ?? [];
    if (f === 'poll') poll(process, key, size, end);
    else if (f === 'list') {
      const offsets = key in committed ? { [key]: committed[key] } : {};
      run(process, 'list_committed_offsets', { keys: [key] }, { offsets }, end);
    } else if (f === 'commit') {
      if (end === 'ok' || (end === 'info' && happened)) committed[key] = size * 10;
      run(process, 'commit_offsets', { offsets: { [key]: size * 10 } }, {}, end);
    } else {
      const offset = (log.at(-1)?.[0] ?? -1) + gap;
      message++;
      if (end === 'ok' || (end === 'info' && happened)) log.push([offset, message]);
      run(process, 'send', { key, msg: message }, { offset }, end);
    }
  }
  parts.push('|');
  for (const key of ['k', 'l']) poll(0, key, 1_000, 'ok');
  numbers[0] = 100;
  for (const key of ['k', 'l']) poll(0, key, 1_000, 'ok');
  return parts.join(' ');
}

const asIs = (_: string, result: unknown): unknown => result;
const runs = (text: string) => judge(kafka, history(text));
const kindsOf = (text: string): readonly string[] => {
  const verdict = runs(text);
  return verdict.valid === false ? verdict.anomalies.map(({ kind }) => kind) : [];
};

/** Breaks the nth answer of a function, and tells whether there was one to break. */
function breaking(wanted: string, nth: number, broken: (result: never) => unknown) {
  let [left, done] = [nth, false];
  return {
    change: (f: string, result: unknown): unknown => {
      if (f !== wanted || done) return result;
      const other = broken(result as never);
      if (other === undefined || left-- > 0) return result;
      done = true;
      return other;
    },
    done: () => done,
  };
}

type Polled = { readonly msgs: Readonly<Record<string, readonly Pair[]>> };

const inPoll =
  (atLeast: number, broken: (pairs: readonly Pair[]) => readonly Pair[]) =>
  ({ msgs }: Polled): unknown => {
    const [entry] = Object.entries(msgs);
    if (entry === undefined || entry[1].length < atLeast) return undefined;
    return { msgs: { [entry[0]]: broken(entry[1]) } };
  };

describe('kafka', () => {
  it(
    'accepts every log that is right',
    () => {
      fc.assert(
        fc.property(draws, (all) => {
          const text = correct(all, asIs);
          expect(runs(text).valid, text).not.toBe(false);
        }),
        deep(1_000),
      );
    },
    deepTimeoutMs,
  );

  it.each([
    [
      'poll',
      'a message at an offset of its own',
      ['inconsistent-offsets', 'duplicate', 'phantom'],
      inPoll(1, ([[offset] = [0]]) => [[offset, 9_999]]),
    ],
    [
      'poll',
      'a poll without its middle',
      ['int-poll-skip'],
      inPoll(3, (pairs) => [...pairs.slice(0, 1), ...pairs.slice(2)]),
    ],
    ['poll', 'a poll without its first', ['poll-skip'], inPoll(2, (pairs) => pairs.slice(1))],
    [
      'poll',
      'a poll that is turned round',
      ['int-nonmonotonic-poll'],
      inPoll(2, (pairs) => pairs.toReversed()),
    ],
    [
      'poll',
      'a poll that repeats a message',
      ['int-nonmonotonic-poll'],
      inPoll(1, (pairs) => [...pairs, ...pairs.slice(-1)]),
    ],
    [
      'list_committed_offsets',
      'an offset that nobody committed',
      ['phantom-commit'],
      ({ offsets }: { offsets: object }) => ({ offsets: { ...offsets, k: 77 } }),
    ],
    [
      'send',
      'a send told another offset',
      ['duplicate', 'inconsistent-offsets', 'nonmonotonic-send', 'lost-write'],
      ({ offset }: { offset: number }) => ({ offset: offset + 3 }),
    ],
  ] as const)('finds in %s %s', (f, _, kinds, broken) => {
    let tried = 0;
    fc.assert(
      fc.property(draws, fc.nat({ max: 4 }), (all, nth) => {
        const { change, done } = breaking(f, nth, broken as (result: never) => unknown);
        const text = correct(all, change);
        if (!done()) return;
        tried++;
        const found = kindsOf(text);
        // The only send of a log that nobody polls may lie anywhere.
        if (f === 'send' && found.length === 0) return;
        expect(
          kinds.some((kind) => found.includes(kind)),
          text,
        ).toBe(true);
      }),
      { seed: 20260, numRuns: 300 },
    );
    expect(tried).toBeGreaterThan(20);
  });
});

describe('figures of kafka', () => {
  it('say how far behind a poll was, and how often messages were polled', () => {
    const text =
      '0:send{"key":"k","msg":1} 0:ok{"offset":0} 0:send{"key":"k","msg":2} 0:ok{"offset":5} ' +
      '+9ms 1:poll{"offsets":{"k":0}} 1:ok{"msgs":{"k":[[0,1]]}} ' +
      '1:poll{"offsets":{"k":0}} 1:ok{"msgs":{"k":[[0,1],[5,2]]}}';
    const { stats } = runs(text);
    // The second message was known at 3 ms; the first poll began at 12 ms and did not have it.
    expect(stats?.lag).toMatchObject({
      worst: { key: 'k', process: 1, timeUs: 12_000, lagUs: 9_000 },
      quantilesUs: { count: 2, min: 0 },
    });
    expect(stats?.consumeCounts).toEqual({ 1: 1, 2: 1 });
  });
});
