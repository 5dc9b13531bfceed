// What is written as EDN reads back as it was, and looks as Jepsen's does.
import { describe, expect, it } from 'vitest';
import { readEdn } from '../../../src/history/formats/edn.js';
import { ednOfOp, formatEdnLines, textLineOf } from '../../../src/history/formats/edn-text.js';
import type { Op } from '../../../src/history/op.js';

const read = (text: string): unknown => readEdn({ text, at: 0 });
const op = (more: Partial<Op>): Op => {
  return { index: 3, timeUs: 1_500, process: 2, type: 'ok', f: 'read', value: undefined, ...more };
};

describe('EDN', () => {
  it.each([
    ['texts with every escape', 'a "quoted" \\ back\\slash, \b\f\n\r\t\u0000 ü €'],
    ['what looks like an escape', '\\b and \\\\f'],
    ['numbers', [0, -1, 1.5, 1e21, 2 ** 53 - 1]],
    ['nothing', [null, true, false]],
    ['records within lists within records', { a: [{ b: { 'c d': [] } }], 'valid?': true }],
  ])('keeps %s', (_, value) => {
    expect(read(formatEdnLines({ value }))).toEqual({ value });
  });

  it('writes fields as keywords where they can be such, quantiles as numbers', () => {
    expect(formatEdnLines({ 'valid?': true, '0.5': 1, 'two words': 2 })).toBe(
      '{:valid? true,\n 0.5 1,\n "two words" 2}',
    );
  });

  it('writes what is no finite number as nil', () => {
    expect(formatEdnLines({ a: Number.NaN, b: [Number.POSITIVE_INFINITY] })).toBe(
      '{:a nil,\n :b [nil]}',
    );
  });

  it('breaks records that are too long for a line, and no others', () => {
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`field-${at}`, at]));
    const lines = formatEdnLines({ small: { a: 1 }, wide }).split('\n');
    expect(lines[0]).toBe('{:small {:a 1},');
    expect(lines).toHaveLength(21);
  });
});

describe('an operation', () => {
  it('has nanoseconds and keywords', () => {
    expect(ednOfOp(op({ value: [1, 2], node: 'n1', final: true }))).toBe(
      '{:index 3, :time 1500000, :type :ok, :process 2, :f :read, :value [1 2], ' +
        ':node "n1", :final? true}',
    );
  });

  it('names the functions of micro-operations by keywords, which elle wants', () => {
    const value = [
      ['r', 1, null],
      ['append', 2, 3],
    ];
    expect(ednOfOp(op({ f: 'txn', value }))).toContain(':value [[:r 1 nil] [:append 2 3]]');
  });

  it('is one line of history.txt, with its error', () => {
    const line = textLineOf(op({ process: 'nemesis', type: 'info', error: 'timeout: 5 s' }));
    expect(line).toBe(':nemesis\t:info\t:read\tnil\t"timeout: 5 s"');
  });
});
