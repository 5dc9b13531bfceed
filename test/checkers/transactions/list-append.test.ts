// list-append: what it finds, how it says it, and which models that violates.
import { describe, expect, it } from 'vitest';
import { type CheckerOptions, judge } from '../../../src/checkers/checker.js';
import { listAppend } from '../../../src/checkers/transactions/list-append.js';
import { historyOf } from '../../../src/history/history.js';
import type { Op } from '../../../src/history/op.js';
import { lists } from './txn-text.js';

const check = (text: string, options: CheckerOptions = {}) =>
  judge(listAppend, lists(text), { options });
const kindsOf = (text: string, options: CheckerOptions = {}): readonly string[] => {
  const { stats } = check(text, options);
  return Object.keys({ ...(stats?.anomalies ?? {}), ...(stats?.allowed ?? {}) });
};

describe('list-append finds', () => {
  it.each([
    ['G0', 'ax1ay1 ax2ay2 | rx12ry21', ['G0']],
    ['G0 between appends of one transaction', 'ax1ax3 ax2 | rx123', ['G0']],
    ['G1a', 'ax1! rx1', ['G1a']],
    ['G1b', 'ax1ax2 rx1 | rx12', ['G1b', 'G-single']],
    ['G1c', 'ax1ry1 ay1rx1', ['G1c']],
    ['G-single', 'ax1ay1 rxry1 | rx1', ['G-single']],
    ['G2-item', 'rxay1 ryax1', ['G2-item']],
    ['G-nonadjacent', 'ax1 ay1 rxry1 rx1ry', ['G-nonadjacent']],
    ['G0-realtime', '0:ax1 | 1:ax2 | 2:rx21', ['G0-realtime']],
    ['G0-process', '0:ax1 | 0:ax2 | 2:rx21', ['G0-process']],
    ['G1c-process', '0:rx1 | 0:ax1', ['G1c-process']],
    ['G1c-realtime', '0:rx1 | 1:ax1', ['G1c-realtime']],
    ['G-single-process', '0:ax1 | 0:rx | 1:rx1', ['G-single-process']],
    ['G-single-realtime', '0:ax1 | 1:rx | 2:rx1', ['G-single-realtime']],
    ['G-nonadjacent-realtime', '0:ax1 1:ay1 | 2:rxry1 3:ryrx1', ['G-nonadjacent']],
    ['lost updates', 'rx1ax2 rx1ax3 ax1 | rx123', ['lost-update', 'G-single']],
    ['lost updates that nobody sees', 'rxax1 rxax2', ['lost-update', 'G2-item']],
    ['dirty updates', 'ax1! ax2 | rx12', ['G1a', 'dirty-update']],
    ['duplicate elements', 'ax1 | rx11', ['duplicate-elements']],
    ['incompatible orders', 'ax1 ax2 rx1 rx2', ['incompatible-order']],
    ['appends of one transaction in another order', 'ax1ax2 | rx21', ['incompatible-order', 'G1b']],
    ['reads that contradict each other', 'ax1 rx1rx | rx1', ['internal', 'G-single']],
    ['reads that miss their own appends', 'ax1rx', ['internal']],
    ['reads of what they append later', 'rx1ax1', ['future-read']],
    ['reads of what nobody wrote', 'rx1', ['garbage-read']],
    ['stale reads of what nobody reads', 'ax1 | rx', ['G-single-realtime']],
  ] as const)('%s: %s', (_, text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds);
    expect(check(text).valid).toBe(false);
  });
});

describe('list-append accepts', () => {
  it.each([
    'ax1 | rx1',
    'ax1ax2 | rx12',
    'ax1rx1ax2rx12 | rx12',
    'ax1ay1 ax2ay2 | rx12ry12',
    'ax1ay1 rxry | rx1',
    'rxay1 ry1ax1 | rx1',
    'ax1 rx',
    '0:ax1 0:rx1'.replace(' ', ' | '),
    'ax1? | rx',
    'ax1? | rx1',
    'ax1?  | rx | rx1',
    'ax1! | rx',
    'rx1ax2 ax1 | rx12',
    'ax1ay1? | rx1ry1',
  ])('%s', (text) => {
    expect(check(text)).toMatchObject({ valid: true });
  });
});

describe('list-append counts what is unknown only when it was observed', () => {
  it('in the order of what else it wrote', () => {
    // Whoever sees ax1 sees that ay1 took place; nobody may then miss it.
    expect(check('ax1ay1? | rx1 | ry').valid).toBe(false);
    expect(check('ax1ay1? | ry | rx1').valid).toBe(true);
  });

  it('and from when it was invoked, to no end', () => {
    expect(check('rx1 | ax1?').valid).toBe(false);
    expect(check('0:ax1? | rx | rx1').valid).toBe(true);
  });
});

describe('list-append judges by the models that are asked for', () => {
  it.each([
    ['ax1ay1 ax2ay2 | rx12ry21', 'read-uncommitted', false],
    ['ax1! rx1', 'read-uncommitted', true],
    ['ax1! rx1', 'read-committed', false],
    ['ax1ay1 rxry1 | rx1', 'PL-2', true],
    ['ax1ay1 rxry1 | rx1', 'snapshot-isolation', false],
    ['ax1ay1 rxry1 | rx1', 'PL-2+', false],
    ['ax1ay1 rxry1 | rx1', 'read-atomic', false],
    ['rxay1 ryax1', 'snapshot-isolation', true],
    ['rxay1 ryax1', 'repeatable-read', false],
    ['rxay1 ryax1', 'serializable', false],
    ['ax1 ay1 rxry1 rx1ry', 'consistent-view', true],
    ['ax1 ay1 rxry1 rx1ry', 'snapshot-isolation', false],
    ['0:ax1 | 1:rx | 2:rx1', 'serializable', true],
    ['0:ax1 | 1:rx | 2:rx1', 'strong-session-serializable', true],
    ['0:ax1 | 0:rx | 2:rx1', 'strong-session-serializable', false],
    ['0:ax1 | 0:rx | 2:rx1', 'strong-session-snapshot-isolation', false],
    ['0:ax1 | 0:rx | 2:rx1', 'strong-read-committed', true],
    ['ax1ay1? ax2ay2 | rx12ry21', 'read-uncommitted', 'unknown'],
  ] as const)('%s for %s: %s', (text, models, valid) => {
    expect(check(text, { models })).toMatchObject({ valid });
  });

  it('and says which are violated, and which may hold', () => {
    expect(check('rxay1 ryax1', { models: ['serializable'] }).stats).toMatchObject({
      anomalies: { 'G2-item': 1 },
      not: ['repeatable-read'],
      alsoNot: ['serializable', 'strong-session-serializable', 'strict-serializable'],
      mayBe: ['snapshot-isolation'],
    });
  });

  it('and refuses names of none', () => {
    const reason = expect.stringMatching(/models are among read-uncommitted.*serialisable/);
    expect(check('ax1', { models: ['serialisable'] })).toMatchObject({ valid: 'unknown', reason });
  });
});

describe('list-append is unknown and says why', () => {
  it.each([
    ['', 'no transaction was invoked'],
    ['ax1', 'no transaction that read committed'],
    ['ax1 ax1 | rx1', 'values are not unique: they do not tell who wrote'],
  ])('%s', (text, reason) => {
    expect(check(text)).toMatchObject({ valid: 'unknown', reason });
  });
});

describe('list-append compares replies with requests', () => {
  const answered = (asked: unknown, reply: unknown) => {
    const op = { timeUs: 0, process: 0, f: 'txn' } as const;
    const ops: Op[] = [
      { ...op, index: 0, type: 'invoke', value: asked },
      { ...op, index: 1, type: 'ok', value: reply },
    ];
    return judge(listAppend, historyOf(ops));
  };

  it.each([
    [[['r', 'x', null]], [], 'it has 0 operations, and 1 were asked for'],
    [[['r', 'x', null]], [['append', 'x', 1]], '["append","x",1], and ["r","x",null] was asked'],
    [
      [['append', 'x', 1]],
      [['append', 'x', 2]],
      '["append","x",2], and ["append","x",1] was asked',
    ],
    [[['r', 'x', null]], [['r', 'y', null]], '["r","y",null], and ["r","x",null] was asked'],
    [[['r', 'x', null]], [['r', 'x', 5]], 'its operation 0 read 5, no list'],
    [[['r', 'x', null]], 'done', 'it is "done", which is no list of operations'],
  ])('%j answered by %j', (asked, reply, about) => {
    const verdict = answered(asked, reply);
    expect(verdict).toMatchObject({ valid: false, anomalies: [{ kind: 'reply-mismatch' }] });
    expect(verdict.valid === false && verdict.anomalies[0].about).toContain(about);
  });

  it('and cannot judge requests that are none, or replies that were not recorded', () => {
    expect(answered([['w', 'x', 1]], [['w', 'x', 1]])).toMatchObject({ valid: 'unknown' });
    expect(answered([['r', 'x', null]], undefined)).toMatchObject({ valid: 'unknown' });
  });
});

describe('the witness of list-append', () => {
  it('explains a cycle edge by edge', () => {
    expect(check('ax1ay1 rxry1 | rx1')).toMatchObject({
      anomalies: [
        {
          kind: 'G-single',
          about:
            `let T1 = process 101's [["r","x",null],["r","y",[1]]] at 0.001000 s, ` +
            `T0 = process 100's [["append","x",1],["append","y",1]] at 0.000000 s; ` +
            'then T1 < T0, because T1 read x as null, before T0 appended 1 to x; ' +
            'but T0 < T1, because T0 appended 1 to y, and T1 read [1]: a contradiction',
          ops: [0, 1, 2, 3],
        },
      ],
    });
  });

  it('names the times of a cycle in real time', () => {
    const verdict = check('0:ax1 | 1:rx | 2:rx1');
    expect(verdict.valid === false && verdict.anomalies[0].about).toContain(
      'but T0 < T2, because T0 completed at 0.001000 s, before T2 was invoked at 0.002000 s',
    );
  });
});
