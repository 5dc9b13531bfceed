// The language of tests: what each entry means, that it can be written back, and what it refuses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { history, historyText } from '../../src/history/text.js';
import { chaoticHistory, pinned, plausibleHistory } from '../checkers/random-histories.js';

const ops = (text: string) => history(text).ops;

describe('the language of histories', () => {
  it('reads the example of the style guide', () => {
    expect(ops('0:w1 1:r? 0:ok 1:ok1')).toEqual([
      { index: 0, timeUs: 0, process: 0, type: 'invoke', f: 'write', value: 1 },
      { index: 1, timeUs: 1_000, process: 1, type: 'invoke', f: 'read', value: undefined },
      { index: 2, timeUs: 2_000, process: 0, type: 'ok', f: 'write', value: 1 },
      { index: 3, timeUs: 3_000, process: 1, type: 'ok', f: 'read', value: 1 },
    ]);
  });

  it('has nodes, which completions share, and final operations', () => {
    expect(ops('0@n2:r 0:ok[1,2] | 1@n0:r 1:fail!timeout')).toMatchObject([
      { node: 'n2' },
      { node: 'n2', value: [1, 2] },
      { node: 'n0', final: true },
      { node: 'n0', final: true, type: 'fail', error: 'timeout', value: undefined },
    ]);
    expect(ops('0:r | 0:ok')[1]).not.toHaveProperty('final');
  });

  it('has pauses, the first of which moves the beginning', () => {
    const times = (text: string) => ops(text).map(({ timeUs }) => timeUs);
    expect(times('0:r +250ms 0:ok +0s 0:r +1s +1us 0:ok')).toEqual([
      0, 250_000, 250_000, 1_250_001,
    ]);
    expect(times('+2s 0:r 0:ok')).toEqual([2_000_000, 2_001_000]);
  });

  it.each([
    ['0:a1', 'add', 1],
    ['0:b-1', 'broadcast', -1],
    ['0:c[1,2]', 'cas', [1, 2]],
    ['0:e"a b"', 'echo', 'a b'],
    ['0:g', 'generate', undefined],
    ['0:w{"k": [1, null]}', 'write', { k: [1, null] }],
    ['0:w(true)', 'write', true],
    ['0:w( null )', 'write', null],
    ['0:commit-offsets{"k":1}', 'commit-offsets', { k: 1 }],
    ['0:list_offsets["k"]', 'list_offsets', ['k']],
    ['0:txn1.5e3', 'txn', 1_500],
  ])('reads %s', (text, f, value) => {
    expect(ops(text)).toMatchObject([{ type: 'invoke', f, value }]);
  });

  it('lets the nemesis act at any time', () => {
    expect(ops('nemesis:crash["n1"] nemesis:heal')).toMatchObject([
      { process: 'nemesis', type: 'info', f: 'crash', value: ['n1'] },
      { process: 'nemesis', type: 'info', f: 'heal', value: undefined },
    ]);
  });

  it('gives an ok without a result the argument, unless it says none', () => {
    expect(
      ops('0:w1 0:ok 0:w2 0:ok? 0:w3 0:ok(null) 0:w4 0:info').map(({ value }) => value),
    ).toEqual([...[1, 1, 2, undefined, 3, null, 4, undefined]]);
  });

  it('may spread over lines', () => {
    expect(ops('\n  0:w1\n\t0:ok\n')).toHaveLength(2);
  });
});

describe('a history in words', () => {
  it.each([
    '0:w1 1:r 0:ok 1:ok1',
    '+2s 0@n1:b{"k":1} +0s 0:info!timeout nemesis:heal | 1@n1:r +10s 1:ok["a b",2] 2@n1:r',
    '0:e(true) 0:ok(false) 0:w"x" 0:ok? 0:txn[] 0:fail(0)',
  ])('reads back as %s', (text) => {
    expect(historyText(history(text)).replace('(0)', '0')).toBe(text.replace('(0)', '0'));
  });

  it('reads back as the same history', () => {
    fc.assert(
      fc.property(fc.oneof(chaoticHistory, plausibleHistory(100_000)), (found) => {
        const text = historyText(found);
        const again = history(text);
        expect(historyText(again)).toBe(text);
        const withoutFinal = found.ops.map(({ final: _, ...op }) => op);
        expect(again.ops.map(({ final: _, ...op }) => op)).toEqual(withoutFinal);
      }),
      pinned(1_000),
    );
  });
});

describe('the language refuses', () => {
  it.each([
    ['w1', 1, /a process number, nemesis, \+ or \|, found 'w1'/],
    ['0 w1', 2, /':', found ' w1'/],
    ['0:', 3, /a name, ok, fail or info, found the end/],
    ['0:x1', 3, /one of a b c e g r w or a word, found 'x1'/],
    ['0:ok', 3, /an invocation first, found 'ok'/],
    ['0:r 0:ok 0:ok', 12, /an invocation first/],
    ['0:r 0:w1', 5, /a process without an open operation/],
    ['0:r 0:info 0:r', 12, /a new process number after an info/],
    ['0:w[1', 6, /',' or '\]'/],
    ['0:w(1', 6, /'\)', found the end/],
    ['0:w1x', 5, /white space, found 'x'/],
    ['+5 0:r', 1, /a pause such as \+250ms, found '\+5 0:r'/],
    ['0:r!', 4, /white space, found '!'/],
  ])('%s', (text, column, message) => {
    expect(() => history(text)).toThrow(message);
    expect(() => history(text)).toThrow(`line 1, column ${column}:`);
  });

  it('and says in which line', () => {
    expect(() => history('0:w1\n0:ok\n  1;r')).toThrow(
      "line 3, column 4: expected ':', found ';r'",
    );
  });
});
