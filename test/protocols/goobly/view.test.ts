// Who follows a table while it changes sees each change once.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';

const seeds = ['view-0', 'view-1', 'view-2', 'view-3'];

const following: ScenarioInput = {
  nodes: 3,
  services: ['log', 'sink'],
  workload: { name: 'streams', rate: 60, timeout: '2s', options: { topology: 'words' } },
  network: { latency: { shape: 'exponential', mean: '20ms' } },
  duration: '4s',
  recovery: '4s',
  checkers: [{ name: 'exactly-once', options: { 'outputs-owed': 'none' } }],
  protocol: 'goobly/view',
};

describe('a follower', () => {
  it('sees every change once, however often it begins anew, over a bad network', () => {
    const network = { ...following.network, loss: '5%', duplicate: '5%', reorder: '10%' };
    const faults = [{ every: '1s', for: '300ms', faults: ['crash', 'pause'], targets: ['one'] }];
    const wrong = seeds.filter((seed) => {
      return simulate({ ...following, network, faults }, seed).assessment.valid !== true;
    });
    expect(wrong).toEqual([]);
  });

  it('misses what happens between a copy and a subscription', () => {
    const caught = seeds.filter((seed) => {
      const protocol = { name: 'goobly/gap-view', options: { follow: '2s' } };
      const expected = { object: 'exactly-once', anomaly: 'lost' };
      const broken = { ...following, protocol, expect: expected };
      return simulate(broken, seed).assessment.expected;
    });
    expect(caught.length).toBeGreaterThan(2);
  });
});
