// What makes two failing runs the same failure.
import { describe, expect, it } from 'vitest';
import { assess, type NamedJudgement } from '../../src/scenario/check.js';
import {
  failureName,
  failureNamed,
  failuresOf,
  isSame,
  shows,
} from '../../src/scenario/failure.js';
import type { Expectation } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

const fine = (name: string) => ({ name, builtIn: false, valid: true }) as NamedJudgement;
const unsure = (name: string) =>
  ({ name, builtIn: false, valid: 'unknown', reason: 'who knows' }) as NamedJudgement;
const wrong = (name: string, ...kinds: string[]) =>
  ({
    ...{ name, builtIn: false, valid: false },
    anomalies: kinds.map((kind) => ({ kind, about: `${kind}!`, ops: [] })),
  }) as unknown as NamedJudgement;

const judged = (expectation: Expectation, ...judgements: NamedJudgement[]) => ({
  scenario: { expect: expectation },
  assessment: assess(expectation, judgements),
});
const valid: Expectation = { expect: 'valid' };
const objects = (checker: string, anomaly?: string): Expectation => ({
  ...{ expect: 'object', checker, anomaly },
});
const names = (run: Parameters<typeof failuresOf>[0]) => failuresOf(run).map(failureName);

describe('the failures of a run', () => {
  it.each([
    ['that is valid', judged(valid, fine('a')), []],
    ['of which nobody knows', judged(valid, unsure('a')), []],
    [
      'are those of each judge',
      judged(valid, wrong('a', 'x', 'y'), wrong('b', 'z')),
      ['a/x', 'b/z'],
    ],
    ['that was cut short', judged(valid, wrong('a', 'x'), unsure('limits')), []],
    [
      'that crashed and was cut short',
      judged(valid, wrong('a', 'x'), wrong('crashes', 'crash'), unsure('limits')),
      ['crashes/crash'],
    ],
    ['that was to be objected to', judged(objects('a'), wrong('a', 'x')), []],
    ['to which nobody objects', judged(objects('a'), fine('a')), ['a/no-objection']],
    ['with another anomaly', judged(objects('a', 'x'), wrong('a', 'y')), ['a/another-objection']],
    [
      'that crashed instead',
      judged(objects('a'), wrong('a', 'x'), wrong('crashes', 'crash')),
      ['crashes/crash'],
    ],
  ])('%s', (_what, run, expected) => {
    expect(names(run)).toEqual(expected);
  });

  it('say what happened', () => {
    expect(failuresOf(judged(valid, wrong('a', 'x')))).toEqual([
      { judge: 'a', kind: 'x', about: 'x!' },
    ]);
  });

  it('are shown by a run that lists them second, too', () => {
    const run = judged(valid, wrong('a', 'x', 'y'));
    expect(shows(run, { judge: 'a', kind: 'y' })).toBe(true);
    expect(shows(run, { judge: 'a', kind: 'z' })).toBe(false);
    expect(shows(judged(objects('a'), wrong('a', 'x')), { judge: 'a', kind: 'x' })).toBe(false);
  });

  it('have names that can be read back, with judges from modules, too', () => {
    for (const failure of [
      { judge: 'set-full', kind: 'lost' },
      { judge: 'my/checker', kind: 'odd' },
    ]) {
      expect(failureNamed(failureName(failure))).toEqual(failure);
    }
    for (const name of ['', 'lost', '/lost', 'set-full/'])
      expect(failureNamed(name)).toBeUndefined();
  });

  it('are the same with another seed', () => {
    const scenario = {
      protocol: 'broadcast/flood',
      nodes: 3,
      workload: { name: 'broadcast', rate: 10 },
      network: { loss: '20%' },
      duration: '3s',
    };
    const [one] = failuresOf(simulate(scenario, 1));
    const [other] = failuresOf(simulate(scenario, 2));
    if (one === undefined || other === undefined) throw new Error('both runs fail');
    expect(one.about).not.toBe(other.about);
    expect(isSame(one, other)).toBe(true);
    expect(failureName(one)).toBe('set-full/lost');
  });
});
