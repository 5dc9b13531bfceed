// rw-register: what it finds, what it can prove, and when it cannot tell.
import { describe, expect, it } from 'vitest';
import { type CheckerOptions, judge } from '../../../src/checkers/checker.js';
import { rwRegister } from '../../../src/checkers/transactions/rw-register.js';
import { registers } from './txn-text.js';

const check = (text: string, options: CheckerOptions = {}) =>
  judge(rwRegister, registers(text), { options });
const kindsOf = (text: string, options: CheckerOptions = {}): readonly string[] => {
  const { stats } = check(text, options);
  return Object.keys({ ...(stats?.anomalies ?? {}), ...(stats?.allowed ?? {}) });
};

describe('rw-register finds', () => {
  it.each([
    ['G1a', 'wx1! rx1', ['G1a']],
    ['G1b', 'wx1wx2 rx1', ['G1b']],
    ['G1c', 'wx1ry1 wy1rx1', ['G1c']],
    ['G1c-realtime', '0:rx1 | 1:wx1', ['G1c-realtime']],
    ['G1c-process', '0:rx1 | 0:wx1', ['G1c-process']],
    ['G-single from the first value', 'wx1wy1 rxry1', ['G-single']],
    ['G-single after writes that follow reads', 'wx1 rx1wx2wy1 rx1ry1', ['G-single']],
    ['G-single-realtime', '0:wx1 | 1:rx', ['G-single-realtime']],
    ['G2-item', 'rxwy1 rywx1', ['G2-item']],
    ['G-nonadjacent', 'wx1 wy1 rxry1 rx1ry', ['G-nonadjacent']],
    ['lost updates', 'rxwx1 rxwx2', ['lost-update', 'G2-item']],
    ['reads that contradict each other', 'wx1 rx1rx', ['internal', 'G-single']],
    ['reads that miss their own writes', 'wx1rx', ['internal']],
    ['reads of what they write later', 'rx1wx1', ['future-read']],
    ['reads of what nobody wrote', 'rx1', ['garbage-read']],
    ['what comes back in real time', 'wx1 | wx2 | rx2 | rx1', ['not-strict-serializable']],
  ] as const)('%s: %s', (_, text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds);
    expect(check(text).valid).toBe(false);
  });

  it('cycles of writes, when keys are known to be linearizable', () => {
    const text = 'wx1wy1? wx2wy2? | rx1 | rx2 | ry2 | ry1';
    const linearizable = { linearizableKeys: true };
    expect(kindsOf(text, { ...linearizable, models: 'read-committed' })).toEqual([
      'G0',
      'G-single',
    ]);
    expect(check(text, { ...linearizable, models: 'read-committed' }).valid).toBe(false);
    expect(check(text, { ...linearizable, models: 'read-uncommitted' }).valid).toBe('unknown');
    expect(kindsOf(text, { models: 'read-committed' })).toEqual([]);
  });

  it('versions in a circle, when keys are known to be sequential', () => {
    const text = '0:rx1 1:rx2 2:wx1 3:wx2 | 0:rx2 1:rx1';
    expect(kindsOf(text, { sequentialKeys: true, models: 'read-committed' })).toEqual([
      'cyclic-versions',
    ]);
    expect(check(text, { models: 'read-committed' }).valid).toBe(true);
  });

  it('cycles of writes that follow reads', () => {
    const text = 'wx1wy1 | rx1wx2 rx2ry1wy2wx3 | ry2wz1 rx3rz';
    expect(check(text).valid).toBe(true);
    const cycle = '0:rx1wx2ry1wy3 1:rx2wx4ry3 2:wx1wy1';
    expect(check(cycle).valid).toBe(true);
    expect(kindsOf('0:wx1wy1 | 1:rx1wx2ry2wy3 2:rx2wx3ry1wy2')).toContain('G1c');
  });
});

describe('rw-register accepts what an order proves', () => {
  it.each([
    ['wx1 | rx1', 'strict-serializable'],
    ['wx1 wx2 | rx1 rx1', 'strict-serializable'],
    ['wx1 rx rx1', 'strict-serializable'],
    ['wx1? | rx', 'strict-serializable'],
    ['wx1? | rx | rx1', 'strict-serializable'],
    ['wx1wx2 rx2', 'strict-serializable'],
    ['0:wx1 | 1:rx', 'serializable'],
    ['rxwy1 rywx1', 'snapshot-isolation'],
    ['wx1wy1 rxry1', 'read-committed'],
  ])('%s for %s', (text, models) => {
    expect(check(text, { models })).toMatchObject({ valid: true });
  });
});

describe('rw-register refuses what no order explains', () => {
  it('though no cycle shows it', () => {
    // Whichever of the two writes to x comes last, one of the readers saw the other too late.
    const verdict = check('wx1wy1 wx2wy2 | rx1ry2', { models: ['serializable'] });
    expect(verdict).toMatchObject({ valid: false, anomalies: [{ kind: 'not-serializable' }] });
  });

  it('unless the search meets its bound', () => {
    const options = { models: ['serializable'], stepsMax: 1 };
    expect(check('wx1wy1 wx2wy2 | rx1ry2', options)).toMatchObject({
      valid: 'unknown',
      reason: 'no serial order of the transactions was found',
    });
  });
});

describe('rw-register is unknown and says why', () => {
  it.each([
    ['', 'no transaction was invoked'],
    ['wx1', 'no transaction that read committed'],
    ['wx1 wx1 | rx1', 'values are not unique: they do not tell who wrote'],
  ])('%s', (text, reason) => {
    expect(check(text)).toMatchObject({ valid: 'unknown', reason });
  });
});
