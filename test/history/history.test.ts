// Histories: pairing, and what is no history.
import { describe, expect, it } from 'vitest';
import { flawOf, historyOf } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { history } from '../../src/history/text.js';

const op = (index: number, change: Partial<Op>): Op => ({
  ...{ index, timeUs: index, process: 0, type: 'invoke', f: 'read', value: undefined },
  ...change,
});

describe('a history', () => {
  it('pairs each invocation with its completion', () => {
    const { ops, completionOf, invocationOf } = history('0:w1 1:r 0:ok 1:fail 0:w2');
    expect(ops.map((each) => completionOf(each)?.index)).toEqual([2, 3, 0, 1, undefined]);
    expect(ops.slice(2, 4).map((each) => invocationOf(each).index)).toEqual([0, 1]);
  });

  it('leaves what the nemesis does unpaired', () => {
    const { ops, completionOf } = history('nemesis:cut 0:r nemesis:heal 0:ok');
    expect(ops.map((each) => completionOf(each)?.index)).toEqual([undefined, 3, undefined, 1]);
  });

  it('asserts that a completion has an invocation', () => {
    const { ops, invocationOf } = history('nemesis:cut');
    const [cut] = ops;
    expect(() => cut && invocationOf(cut)).toThrow('a completion has an invocation');
  });
});

const flaws: readonly (readonly [string, readonly Op[], object])[] = [
  ['a gap in the indices', [op(0, {}), op(2, { type: 'ok' })], { index: 1, field: 'index' }],
  [
    'a time that runs back',
    [op(0, { timeUs: 5 }), op(1, { timeUs: 4, type: 'ok' })],
    { index: 1, field: 'timeUs', found: '4' },
  ],
  [
    'a completion without an invocation',
    [op(0, { type: 'ok' })],
    { index: 0, field: 'process', expected: 'a process with an open operation' },
  ],
  [
    'a second completion',
    [op(0, {}), op(1, { type: 'ok' }), op(2, { type: 'info' })],
    { index: 2, field: 'process' },
  ],
  [
    'two open operations of a process',
    [op(0, {}), op(1, {})],
    { index: 1, field: 'process', found: 'process 0, open since operation 0' },
  ],
  [
    'a completion of another function',
    [op(0, {}), op(1, { type: 'ok', f: 'write' })],
    { index: 1, field: 'f', expected: "'read', as invoked", found: "'write'" },
  ],
  [
    'a process that comes back after an info',
    [op(0, {}), op(1, { type: 'info' }), op(2, {})],
    { index: 2, field: 'process', expected: 'a new process number after an info' },
  ],
];

describe('what is no history', () => {
  it.each(flaws)('%s is named', (_, ops, flaw) => {
    expect(flawOf(ops)).toMatchObject(flaw);
  });

  it.each(flaws)('%s fails an assertion when the history is ours', (_, ops) => {
    expect(() => historyOf(ops)).toThrow(/^operation \d has, as its/);
  });

  it('is nothing that a well-formed history has', () => {
    expect(flawOf(history('0:r 1:w1 0:fail 1:info 0:r 2:r nemesis:cut').ops)).toBeUndefined();
  });
});
