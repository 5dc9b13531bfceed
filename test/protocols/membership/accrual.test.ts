// The φ accrual failure detector and the gossip around it.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type Age,
  digestsOf,
  examine,
} from '../../../src/protocols/membership/accrual/endpoints.js';
import { arrivalsFrom, arrived, phiOf } from '../../../src/protocols/membership/accrual/phi.js';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';

const window = { windowMax: 4, longestUs: 5_000_000 };

describe('φ', () => {
  it('reaches 8 after 18.42 mean intervals', () => {
    const arrivals = arrivalsFrom(0, 1_000_000);
    for (let beat = 1; beat <= 10; beat++) arrived(arrivals, beat * 1_000_000, window);
    expect(phiOf(arrivals, 10_000_000 + 18_420_000)).toBeLessThan(8);
    expect(phiOf(arrivals, 10_000_000 + 18_421_000)).toBeGreaterThan(8);
  });

  it('knows the mean of the last intervals only', () => {
    const arrivals = arrivalsFrom(0, 1_000);
    for (const atUs of [1_000, 2_000, 5_000, 10_000, 17_000]) arrived(arrivals, atUs, window);
    expect(arrivals.sumUs).toBe(1_000 + 3_000 + 5_000 + 7_000);
  });

  it('does not count an interval that says that the node was away', () => {
    const arrivals = arrivalsFrom(0, 1_000_000);
    arrived(arrivals, 60_000_000, window);
    expect(arrivals.intervals).toEqual([1_000_000]);
  });
});

const endpoints = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(2), fc.nat(3)), { maxLength: 6 })
  .map((rows) => {
    const found = rows.map(([node, generation, version]) => {
      const state = { generation, version, left: false, live: true, arrivals: arrivalsFrom(0, 1) };
      return [node, state] as const;
    });
    return new Map(found);
  });

test.prop([endpoints, endpoints], { seed: 4 })(
  'an exchange leaves both with the newest',
  (a, b) => {
    const { deltas, requests } = examine(b, digestsOf(a));
    const known = new Map<string, Age>([
      ...a,
      ...deltas.map((delta) => [delta.node, delta] as const),
    ]);
    for (const [node, { generation, version }] of b) {
      const at = known.get(node);
      const [mine, theirs] = [
        [at?.generation, at?.version],
        [generation, version],
      ] as const;
      const asked = requests.some(([name]) => name === node);
      expect(asked || String(mine) === String(theirs)).toBe(true);
    }
  },
);

describe('accrual', () => {
  const storm: ScenarioInput = {
    protocol: 'membership/accrual',
    nodes: 5,
    workload: { name: 'membership', rate: 20, timeout: '500ms' },
    network: { latency: { shape: 'exponential', mean: '10ms' }, loss: '5%' },
    faults: [{ every: '10s', faults: ['crash'] }],
    duration: '40s',
    recovery: '40s',
  };

  it('comes together after crashes; without generations it does not', () => {
    const seeds = Array.from({ length: 8 }, (_, i) => `accrual-${i}`);
    const valid = (protocol: string) =>
      seeds.filter((seed) => simulate({ ...storm, protocol }, seed).assessment.valid === true);
    expect(valid('membership/accrual')).toEqual(seeds);
    expect(valid('membership/accrual-one-generation').length).toBeLessThan(4);
  });
});
