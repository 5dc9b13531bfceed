// Every broken protocol beside a sound one, under the same faults: the sound one passes on each of
// 50 seeds, the broken one is caught by its checker.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

const seedCount = 50;

interface Twins {
  readonly sound: string;
  readonly broken: string;
  readonly checker: string;
  readonly scenario: Omit<ScenarioInput, 'protocol'>;
}

const twins: readonly Twins[] = [
  {
    sound: 'broadcast/flood-retry',
    broken: 'broadcast/flood',
    checker: 'set-full',
    scenario: {
      nodes: 5,
      workload: { name: 'broadcast', rate: 30, options: { topology: 'line' } },
      network: { latency: { shape: 'exponential', mean: '20ms' }, duplicate: '5%' },
      faults: [{ every: '1s', faults: ['partition'], shapes: ['one', 'majority', 'bridge'] }],
      duration: '6s',
    },
  },
  {
    sound: 'broadcast/tree-retry',
    broken: 'broadcast/flood',
    checker: 'set-full',
    scenario: {
      nodes: 5,
      workload: { name: 'broadcast', rate: 30, options: { topology: 'tree2' } },
      network: { transport: 'connection', loss: '3%' },
      duration: '4s',
    },
  },
  {
    sound: 'broadcast/durable',
    broken: 'broadcast/unsynced',
    checker: 'set-full',
    scenario: {
      nodes: 3,
      workload: { name: 'broadcast', rate: 60, timeout: '1s' },
      network: { latency: '10ms' },
      disk: { sync: '25ms' },
      faults: [{ every: '1s', for: '200ms', faults: ['crash'], targets: ['one', 'minority'] }],
      duration: '8s',
    },
  },
  {
    sound: 'unique-ids/counter',
    broken: 'unique-ids/forgetful',
    checker: 'unique-ids',
    scenario: {
      nodes: 3,
      workload: { name: 'unique-ids', rate: 100, timeout: '100ms' },
      faults: [{ every: '1s', for: '200ms', faults: ['crash'] }],
      duration: '5s',
    },
  },
  {
    sound: 'unique-ids/snowflake',
    broken: 'unique-ids/clock',
    checker: 'unique-ids',
    scenario: {
      nodes: 3,
      workload: { name: 'unique-ids', rate: 200 },
      faults: [
        { every: '1s', faults: ['clock-jump', 'clock-drift'], targets: ['one'] },
        { at: '3s', for: '1s', fault: 'clock-offset', nodes: ['n0', 'n1'], offset: '2s' },
      ],
      duration: '6s',
    },
  },
];

describe.each(twins)('$broken beside $sound', ({ sound, broken, checker, scenario }) => {
  const seeds = Array.from({ length: seedCount }, (_, i) => `twin-${i}`);

  it(`the sound one passes on ${seedCount} seeds`, () => {
    const failed = seeds.filter(
      (seed) => simulate({ ...scenario, protocol: sound }, seed).assessment.valid !== true,
    );
    expect(failed).toEqual([]);
  });

  it('the broken one is caught', () => {
    const caught = seeds.filter(
      (seed) =>
        simulate({ ...scenario, protocol: broken, expect: checker }, seed).assessment.expected,
    );
    expect(caught.length).toBeGreaterThanOrEqual(seedCount * 0.9);
  });
});
