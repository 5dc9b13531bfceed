// Where Maelstrom's verdict and ours part: each hole of its checkers, kept on request, and said.
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { checkers } from '../../src/checkers/index.js';
import { compareStrictness } from '../../src/checkers/strictness.js';
import { history } from '../../src/history/text.js';
import { fixtures } from './fixture-files.js';

type Case = [
  claim: string,
  checker: string,
  text: string,
  ours: boolean | 'unknown',
  maelstrom: boolean | 'unknown',
  difference: RegExp,
  options?: object,
];

const send = (message: number, offset: number): string =>
  `0:send{"key":"k","msg":${message}} 0:ok{"offset":${offset}}`;
const poll = (from: number, ...found: readonly (readonly [number, number])[]): string =>
  `1:poll{"offsets":{"k":${from}}} 1:ok${JSON.stringify({ msgs: { k: found } })}`;
const cas = { model: 'cas-register' };

const cases: Case[] = [
  [
    'a value is gone from one of three nodes',
    'set-full',
    '0@n0:b0 0:ok +10s | 0@n0:r 0:ok[0] 1@n1:r 1:ok[] 2@n2:r 2:ok[0]',
    false,
    true,
    /Maelstrom accepts it; Stormglass refuses it for lost: the value 0/,
  ],
  [
    'a read repeats a value',
    'set-full',
    '0:b0 0:ok | 0:r 0:ok[0,0]',
    false,
    true,
    /Stormglass refuses it for duplicate/,
  ],
  [
    'a read has a value that nobody added',
    'set-full',
    '0:b0 0:ok | 0:r 0:ok[0,9]',
    false,
    true,
    /for phantom/,
  ],
  [
    'a failed add is read',
    'set-full',
    '0:b0 0:ok 0:b1 0:fail | 0:r 0:ok[0,1]',
    false,
    true,
    /for failed-but-read/,
  ],
  [
    'a node gives no final read',
    'set-full',
    '0:b0 0:ok | 0@n0:r 0:ok[0] 1@n1:r 1:info',
    'unknown',
    true,
    /Stormglass cannot tell: no final read/,
  ],
  [
    'a value is lost and another one repeated',
    'set-full',
    '0:b0 0:ok 0:b1 0:ok | 0:r 0:ok[1,1]',
    false,
    false,
    /both refuse it, but Maelstrom does not see duplicate/,
  ],
  [
    'a counter shows too much on its way',
    'counter',
    '0:a1 0:ok 0:r 0:ok7 | 0:r 0:ok1',
    false,
    true,
    /for out-of-bounds/,
  ],
  ['nobody reads in the end', 'counter', '0:a1 0:ok', 'unknown', true, /no final read/],
  [
    'a final read has a fraction',
    'counter',
    '0:a1 0:ok | 0:r 0:ok1.5',
    'unknown',
    true,
    /no whole number/,
  ],
  [
    'a final read comes beside an add',
    'counter',
    '0:a1 0:ok | 1:a2 0:r 0:ok1 1:ok 0:r 0:ok3',
    true,
    false,
    /Maelstrom refuses it for wrong-final/,
  ],
  ['an id is missing', 'unique-ids', '0:g 0:ok1 0:g 0:ok(null)', false, true, /for no-id/],
  ['nobody gets an id', 'unique-ids', '0:g 0:info', 'unknown', true, /no id was acknowledged/],
  [
    'ids are of several kinds',
    'unique-ids',
    '0:g 0:ok1 0:g 0:ok"1"',
    true,
    'unknown',
    /Maelstrom cannot tell: ids of several kinds/,
  ],
  [
    'a read of a register that was written says that it is null',
    'linearizable',
    '0:w1 0:ok 0:r 0:ok(null)',
    false,
    true,
    /for not-linearizable/,
    cas,
  ],
  [
    'a read of a key that was written says that it is null',
    'linearizable',
    '0:w["x",1] 0:ok 0:r["x",null] 0:ok["x",null]',
    false,
    true,
    /for not-linearizable/,
    { ...cas, keyed: true },
  ],
  [
    'committed offsets go back',
    'kafka',
    `${send(1, 0)} ${poll(0, [0, 1])} 0:commit_offsets{"offsets":{"k":1}} 0:ok ` +
      '0:list_committed_offsets{"keys":["k"]} 0:ok{"offsets":{}}',
    false,
    true,
    /for lost-commit/,
  ],
  [
    'a message is polled that nobody sent',
    'kafka',
    `${send(1, 0)} ${poll(0, [0, 1], [1, 9])}`,
    false,
    true,
    /for phantom/,
  ],
  [
    'a poll leaves out what it was asked for first',
    'kafka',
    `${send(1, 0)} ${send(2, 1)} ${poll(0, [1, 2])} 2:poll{"offsets":{"k":0}} ` +
      '2:ok{"msgs":{"k":[[0,1],[1,2]]}}',
    false,
    true,
    /for poll-skip/,
  ],
  [
    'polls begin behind a message',
    'kafka',
    `${send(1, 0)} ${send(2, 1)} ${poll(1, [1, 2])}`,
    'unknown',
    false,
    /Maelstrom refuses it for lost-write/,
  ],
];

describe('Maelstrom and Stormglass', () => {
  it.each(cases)('part where %s', (_, name, text, ours, maelstrom, difference, options = {}) => {
    const checker = checkers.get(name);
    if (checker === undefined) throw new Error(`no checker ${name}`);
    const both = compareStrictness(checker, history(text), { options: { ...options } });
    expect([both.stormglass.valid, both.maelstrom.valid]).toEqual([ours, maelstrom]);
    expect(both.difference).toMatch(difference);
    const asked = { ...options, strictness: 'maelstrom' };
    expect(judge(checker, history(text), { options: asked }).valid).toBe(maelstrom);
  });

  it('agree where nothing is wrong, or both see it', () => {
    const setFull = checkers.get('set-full');
    const stats = checkers.get('stats');
    if (setFull === undefined || stats === undefined) throw new Error('no checker');
    const right = history('0:b0 0:ok | 0:r 0:ok[0]');
    expect(compareStrictness(setFull, right)).toMatchObject({
      stormglass: { valid: true },
      maelstrom: { valid: true },
      difference: undefined,
    });
    const wrong = history('0:b0 0:ok | 0:r 0:ok[]');
    expect(compareStrictness(setFull, wrong)).toMatchObject({
      maelstrom: { valid: false },
      difference: undefined,
    });
    // A checker without the option is Maelstrom's own.
    const { stormglass, maelstrom } = compareStrictness(stats, right);
    expect(maelstrom).toBe(stormglass);
  });

  it('is an option of two values', () => {
    for (const name of ['set-full', 'counter', 'unique-ids', 'linearizable', 'kafka']) {
      const checker = checkers.get(name);
      expect(checker?.options.strictness, name).toBe('stormglass');
      if (checker === undefined) continue;
      const verdict = judge(checker, history('0:r 0:ok'), { options: { strictness: 'lax' } });
      expect(verdict, name).toMatchObject({
        valid: 'unknown',
        reason: expect.stringMatching(/stormglass or maelstrom, not lax/),
      });
    }
  });

  it.each(fixtures('set-full/'))('have the figures of set-full: $name', ({ history: own }) => {
    const checker = checkers.get('set-full');
    if (checker === undefined) throw new Error('no checker');
    const { valid, stats } = judge(checker, own, { options: { strictness: 'maelstrom' } });
    expect(stats?.maelstrom).toMatchObject({ 'valid?': valid });
  });
});
