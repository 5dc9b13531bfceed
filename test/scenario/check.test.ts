// Verdicts, expectations and exit codes.
import { describe, expect, it } from 'vitest';
import type { Checker } from '../../src/checkers/checker.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { assess, judgeRun, type NamedJudgement } from '../../src/scenario/check.js';
import { readScenario } from '../../src/scenario/read.js';
import type { Expectation, ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

const named = (name: string, judgement: object): NamedJudgement =>
  ({ name, builtIn: false, ...judgement }) as NamedJudgement;
const fine = (name: string) => named(name, { valid: true });
const unsure = (name: string) => named(name, { valid: 'unknown', reason: 'who knows' });
const wrong = (name: string, kind = 'lost') =>
  named(name, { valid: false, anomalies: [{ kind, about: 'gone', ops: [] }] });

const valid: Expectation = { expect: 'valid' };
const objects = (checker: string, anomaly?: string): Expectation => ({
  expect: 'object',
  checker,
  anomaly,
});

describe('an assessment', () => {
  it.each([
    ['all is well', valid, [fine('a'), fine('b')], true, 0],
    ['nobody judges', valid, [], true, 0],
    ['one objects', valid, [fine('a'), wrong('b')], false, 1],
    ['one is unsure', valid, [fine('a'), unsure('b')], 'unknown', 2],
    ['one objects and one is unsure', valid, [unsure('a'), wrong('b')], false, 1],
    ['the run was cut short', valid, [fine('a'), unsure('limits')], 'unknown', 2],
    ['one objects to half a run', valid, [wrong('a'), unsure('limits')], 'unknown', 2],
    [
      'a handler threw in half a run',
      valid,
      [wrong('crashes', 'crash'), unsure('limits')],
      false,
      1,
    ],
    ['the expected one objects', objects('a'), [wrong('a'), fine('b')], false, 0],
    ['others object as well', objects('a'), [wrong('a'), wrong('b')], false, 0],
    ['only others object', objects('a'), [fine('a'), wrong('b')], false, 1],
    ['nobody objects', objects('a'), [fine('a')], true, 1],
    ['the expected one is unsure', objects('a'), [unsure('a')], 'unknown', 2],
    ['it finds what was expected', objects('a', 'lost'), [wrong('a')], false, 0],
    ['it finds something else', objects('a', 'stale'), [wrong('a')], false, 1],
    ['a handler threw as well', objects('a'), [wrong('a'), wrong('crashes', 'crash')], false, 1],
    ['a handler was to throw', objects('crashes'), [wrong('crashes', 'crash')], false, 0],
    ['the run was cut short before', objects('a'), [wrong('a'), unsure('limits')], 'unknown', 2],
    ['the run was to be cut short', objects('limits'), [unsure('limits')], 'unknown', 0],
  ] as const)('when %s', (_when, expectation, judgements, verdict, exitCode) => {
    const assessment = assess(expectation, judgements);
    expect(assessment).toMatchObject({ valid: verdict, exitCode, expected: exitCode === 0 });
    expect(assessment.surprise === undefined).toBe(exitCode === 0);
  });
});

const input: ScenarioInput = {
  protocol: 'broadcast/flood',
  nodes: 2,
  workload: { name: 'broadcast', rate: 20, timeout: '500ms' },
  duration: '1s',
  recovery: '1s',
};

/** What the built-in judges say of a run. */
const builtIns = (scenario: ScenarioInput) =>
  simulate(scenario).assessment.judgements.filter(({ builtIn }) => builtIn);

const protocolWith = (on: object, more: object = {}): AnyProtocol =>
  ({ name: 'mine', about: '', options: {}, init: () => ({}), on, ...more }) as AnyProtocol;

const silent = { broadcast: () => {}, read: () => {} };

describe('the built-in judges', () => {
  it('say nothing of a sound run', () => {
    expect(builtIns(input)).toEqual([]);
  });

  it('object if nothing was acknowledged', () => {
    const [judgement] = builtIns({ ...input, protocol: protocolWith(silent) });
    expect(judgement).toMatchObject({
      name: 'acknowledged',
      valid: false,
      anomalies: [{ kind: 'nothing-acknowledged' }],
    });
  });

  it('object if nothing was asked', () => {
    const scenario = {
      ...input,
      workload: { name: 'unique-ids', rate: 0 },
      protocol: 'unique-ids/counter',
    };
    expect(builtIns(scenario)).toMatchObject([{ name: 'acknowledged', valid: false }]);
  });

  it('do not ask for acknowledgements where there are no clients', () => {
    const { workload: _, ...quiet } = input;
    expect(builtIns({ ...quiet, protocol: protocolWith(silent, { invariant() {} }) })).toEqual([]);
  });

  it('are unsure where nobody could object', () => {
    const { workload: _, ...quiet } = input;
    expect(builtIns(quiet)).toMatchObject([{ name: 'acknowledged', valid: 'unknown' }]);
  });

  it('object to a handler that throws, with what it threw', () => {
    const throws = () => {
      throw new Error('oh no');
    };
    const judgements = builtIns({ ...input, protocol: protocolWith({ ...silent, read: throws }) });
    const crashes = judgements.find(({ name }) => name === 'crashes');
    expect(crashes).toHaveProperty('anomalies.0.kind', 'crash');
    expect(JSON.stringify(crashes)).toMatch(/n\d threw in on\.read at .*: oh no/);
  });

  it('object to a broken invariant', () => {
    const invariant = () => {
      throw new Error('two leaders');
    };
    const judgements = builtIns({ ...input, protocol: protocolWith(silent, { invariant }) });
    const crashes = judgements.find(({ name }) => name === 'crashes');
    expect(crashes).toHaveProperty('anomalies.length', 2); // One a node, however often.
    expect(JSON.stringify(crashes)).toMatch(
      /broke its invariant at 0\.000000 s and \d+ times more/,
    );
  });

  it('are unsure about a run that met a limit', () => {
    const { assessment } = simulate({ ...input, limits: { events: 10 } });
    expect(assessment).toMatchObject({ valid: 'unknown', exitCode: 2 });
    expect(JSON.stringify(assessment.judgements)).toMatch(/met its limit of 10 events at/);
  });

  it('judge what they are given and not what they expect', () => {
    const scenario = readScenario({
      version: 1,
      about: 'x',
      expect: 'valid',
      protocol: 'echo',
      workload: 'echo',
      nodes: 1,
    });
    const { result } = simulate(input);
    expect(judgeRun(scenario, { ...result, end: 'interrupted' })).toMatchObject([
      { name: 'limits', valid: 'unknown' },
    ]);
  });
});

describe('a checker', () => {
  const checker = (check: Checker['check']): Checker => ({
    name: 'mine',
    about: '',
    options: { minPpm: 5 },
    check,
  });

  it('that throws is unsure', () => {
    const throws = checker(() => {
      throw new Error('lost my glasses');
    });
    const { assessment } = simulate({ ...input, checkers: [throws] });
    expect(assessment).toMatchObject({ valid: 'unknown', exitCode: 2 });
    expect(assessment.judgements).toMatchObject([
      { name: 'mine', valid: 'unknown', reason: 'the checker mine gave up: lost my glasses' },
    ]);
  });

  it('gets its options and what the run counted', () => {
    let seen: unknown;
    const looks = checker((_history, options, counts) => {
      seen = [options, counts?.messages.all.sent];
      return { valid: true };
    });
    simulate({ ...input, checkers: [{ name: looks, options: { min: '1%' } }] });
    expect(seen).toEqual([{ minPpm: 10_000 }, expect.any(Number)]);
  });
});
