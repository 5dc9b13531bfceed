// Rescales of a stateful operator: both designs are sound, each with the other one off; each
// mistake is caught. More seeds: `npm run sweep:goobly`.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { rescaling } from '../../support/goobly.js';

const seeds = Array.from({ length: 5 }, (_, i) => `goobly-${i}`);

describe('a rescale while records flow', () => {
  it.each([
    ['goobly/drain', 'in order'],
    ['goobly/fence', 'any'],
    ['goobly/fence', 'in order'],
  ] as const)('%s is exact where channels keep %s', (protocol, channels) => {
    const wrong = seeds.flatMap((seed) => {
      const { assessment } = simulate(rescaling(protocol, channels, seed), seed);
      return assessment.valid === true
        ? []
        : [`${seed}: ${JSON.stringify(assessment).slice(0, 600)}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['goobly/no-drain', 'lost'],
    ['goobly/missing-parent', 'lost'],
    ['goobly/timers-stay', 'duplicated-output'],
    ['goobly/timers-lost', 'lost-output'],
  ])('%s is caught: %s', (protocol, anomaly) => {
    const caught = seeds.filter((seed) => {
      const scenario: ScenarioInput = {
        ...rescaling('goobly/drain', 'in order', seed),
        network: { transport: 'connection', latency: '20ms' },
        protocol: { name: protocol, options: { rescale: '300ms', rescales: 8, lag: '700ms' } },
        expect: { object: 'exactly-once', anomaly },
        faults: [],
      };
      return simulate(scenario, seed).assessment.expected;
    });
    expect(caught.length).toBeGreaterThan(2);
  });
});
