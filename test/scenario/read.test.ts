// From the form of a file to a scenario: names become code, texts numbers, gaps defaults.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setFull } from '../../src/checkers/set-full/set-full.js';
import { flood } from '../../src/protocols/broadcast/flood.js';
import { readScenario } from '../../src/scenario/read.js';
import { defaults } from '../../src/scenario/scenario.js';
import { UsageError } from '../../src/scenario/usage-error.js';
import { broadcast } from '../../src/workloads/broadcast.js';
import { spoiltScenario } from './changes.js';

const small = {
  version: 1,
  about: 'Small.',
  expect: 'valid',
  protocol: 'broadcast/flood',
  nodes: 3,
  workload: 'broadcast',
};

const problemsOf = (value: unknown) => {
  try {
    readScenario(value);
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
};

describe('a scenario', () => {
  it('takes what its file leaves out from the defaults', () => {
    const scenario = readScenario(small);
    expect(scenario).toMatchObject({
      file: small,
      seed: '1',
      protocol: flood,
      nodes: ['n0', 'n1', 'n2'],
      clients: { workload: broadcast, ratePerSecond: 100, concurrency: 3, timeoutUs: 5_000_000 },
      network: { latency: defaults.latency, lossPpm: 0, transport: 'datagram', clients: 'instant' },
      disk: { syncUs: 1_000 },
      durationUs: 20_000_000,
      recoveryUs: 10_000_000,
      limits: { eventsMax: 10_000_000, pendingMax: 1_000_000 },
      faults: [],
      edits: [],
    });
  });

  it('is judged by its workload’s checkers unless it names others', () => {
    expect(readScenario(small).checkers.map(({ checker }) => checker)).toEqual([setFull]);
    const other = readScenario({ ...small, checkers: ['stats'] });
    expect(other.checkers.map(({ checker }) => checker.name)).toEqual(['stats']);
  });

  it('has no clients without a workload', () => {
    const { workload: _, ...quiet } = small;
    expect(readScenario(quiet).clients).toBeUndefined();
  });

  it('has as many clients as nodes unless it says otherwise', () => {
    expect(readScenario({ ...small, nodes: 7 }).clients?.concurrency).toBe(7);
    const workload = { name: 'broadcast', concurrency: 2 };
    expect(readScenario({ ...small, workload }).clients?.concurrency).toBe(2);
  });

  it('reads every quantity', () => {
    const network = {
      latency: { shape: 'exponential', min: '1ms', mean: '10ms', max: '1s' },
      links: [{ from: 'n0', to: '*', latency: '5ms' }],
      loss: '2%',
      duplicate: '100ppm',
      reorder: '50%',
      'reorder-window': '1s',
      bandwidth: '64kB/s',
      transport: 'connection',
      clients: 'network',
    };
    expect(readScenario({ ...small, network }).network).toEqual({
      latency: { shape: 'exponential', minUs: 1_000, meanUs: 10_000, maxUs: 1_000_000 },
      links: [{ from: 'n0', to: '*', latency: { shape: 'constant', us: 5_000 } }],
      lossPpm: 20_000,
      duplicatePpm: 100,
      reorderPpm: 500_000,
      reorderWindowUs: 1_000_000,
      bytesPerSecond: 64_000,
      transport: 'connection',
      clients: 'network',
    });
  });

  it('takes a number for a seed as it is written', () => {
    expect(readScenario({ ...small, seed: 42 }).seed).toBe('42');
  });

  it.each([
    ['valid', { expect: 'valid' }],
    ['set-full', { expect: 'object', checker: 'set-full', anomaly: undefined }],
    ['crashes', { expect: 'object', checker: 'crashes', anomaly: undefined }],
  ])('can expect %s', (expectation, read) => {
    expect(readScenario({ ...small, expect: expectation }).expect).toEqual(read);
  });
});

describe('the problems of a scenario', () => {
  it('are all named at once, those of form and those of meaning', () => {
    const bad = { ...small, nodes: 0, protocol: 'nope', checkers: ['nobody'], extra: 1 };
    expect(problemsOf(bad).map(({ path }) => path.join('.'))).toEqual([
      'nodes',
      'extra',
      'protocol',
      'checkers.0',
    ]);
  });

  it('do not include what only follows from another', () => {
    // Without its number of nodes nobody knows whether n1 exists.
    const bad = { ...small, nodes: 'three', faults: [{ at: '1s', fault: 'pause', nodes: ['n1'] }] };
    expect(problemsOf(bad)).toHaveLength(1);
  });

  it('come from the variant of a union that fits best', () => {
    const [problem] = problemsOf({ ...small, network: { latency: { shape: 'uniform', min: 5 } } });
    expect(problem).toMatchObject({ path: ['network', 'latency', 'min'], about: '"min" is 5' });
  });

  it('of a union that nothing fits name all that would', () => {
    const [problem] = problemsOf({ ...small, protocol: 5 });
    expect(problem?.expected).toMatch(/name of a protocol.*or a map/);
  });

  it('show what was found on one short line', () => {
    const [problem] = problemsOf({ ...small, workload: 'a\n\u001b[31m'.repeat(30) });
    expect(problem?.about).toMatch(/^unknown workload "a\\n\\u001b\[31m.*…"$/);
  });

  it('are sentences of an error without a place', () => {
    const read = () => readScenario({ ...small, nodes: 0 });
    expect(read).toThrow('nodes: "nodes" is 0; expected a whole number from 1 to 1,000,000');
  });

  it.each([
    [
      'nodes that join can be named',
      [
        { at: '1s', fault: 'join', nodes: ['n9'] },
        { at: '2s', fault: 'pause', nodes: ['n9'] },
      ],
    ],
    ['everyone can be named in links', [{ at: '1s', fault: 'cut', links: [['*', 'n0']] }]],
    ['clients can be named in links', [{ at: '1s', fault: 'cut', links: [['c0', 'n0']] }]],
    ['milestones can name their node', [{ when: { note: 'x' }, fault: 'pause', nodes: ['@node'] }]],
  ])('are none: %s', (_claim, faults) => {
    expect(problemsOf({ ...small, faults })).toEqual([]);
  });

  it('include a stand-in for the node of a milestone where there is no milestone', () => {
    const faults = [{ at: '1s', fault: 'pause', nodes: ['@node'] }];
    expect(problemsOf({ ...small, faults })[0]?.about).toBe('there is no node "@node"');
  });
});

describe('whatever is done to a scenario', () => {
  it('it is read or refused with a problem, and nothing else happens', () => {
    fc.assert(
      fc.property(spoiltScenario, (value) => {
        for (const { about } of problemsOf(value)) expect(about).not.toMatch(/undefined|\[object/);
      }),
      { seed: 20_261_121, numRuns: 5_000 },
    );
  });
});
