// Chandy and Lamport's snapshots and Lai and Yang's: what each needs of its channels, and what
// breaks without each of their rules.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';

const seeds = Array.from({ length: 12 }, (_, i) => `snapshot-${i}`);

const inOrder: ScenarioInput = {
  protocol: 'snapshot/chandy-lamport',
  nodes: 4,
  workload: { name: 'snapshot', rate: 160, timeout: '3s' },
  network: { transport: 'connection', latency: { shape: 'exponential', mean: '40ms' } },
  faults: [{ every: '1s', faults: ['pause', 'slow-node', 'slow-link', 'clock-jump'] }],
  duration: '2s',
  recovery: '4s',
  checkers: [{ name: 'cut', options: { total: 4_000 } }],
};

const anyOrder: ScenarioInput = {
  ...inOrder,
  protocol: 'snapshot/lai-yang',
  network: {
    latency: { shape: 'long-tail', min: '5ms', max: '1s' },
    reorder: '20%',
    duplicate: '10%',
  },
};

/** How many seeds are valid. */
function valid(scenario: ScenarioInput): number {
  return seeds.filter((seed) => simulate(scenario, seed).assessment.valid === true).length;
}

/** In how many the checker finds this kind, where nothing else goes wrong. */
function found(scenario: ScenarioInput, anomaly: string): number {
  const expected = { ...scenario, faults: [], expect: { object: 'cut', anomaly } };
  return seeds.filter((seed) => simulate(expected, seed).assessment.expected).length;
}

describe('Chandy and Lamport', () => {
  it('cut consistently where channels keep the order', () => {
    expect(valid(inOrder)).toBe(seeds.length);
  });

  it('do not where they do not', () => {
    const network = { latency: { shape: 'exponential', mean: '60ms' } } as const;
    expect(found({ ...inOrder, network }, 'orphan')).toBe(seeds.length);
  });

  it('send markers before anything else', () => {
    expect(found({ ...inOrder, protocol: 'snapshot/late-markers' }, 'orphan')).toBeGreaterThan(10);
  });

  it('record channels', () => {
    const broken = { ...inOrder, protocol: 'snapshot/no-channels' };
    expect(found(broken, 'missing')).toBe(seeds.length);
    expect(found(broken, 'wrong-total')).toBe(seeds.length);
  });
});

describe('Lai and Yang', () => {
  it('cut consistently in whatever order messages come, copies included', () => {
    expect(valid(anyOrder)).toBe(seeds.length);
  });

  it('do so over channels that keep the order, too', () => {
    expect(valid({ ...inOrder, protocol: 'snapshot/lai-yang' })).toBe(seeds.length);
  });

  it('record before they take in what is red', () => {
    expect(found({ ...anyOrder, protocol: 'snapshot/colour-blind' }, 'orphan')).toBeGreaterThan(10);
  });

  it('count what is white', () => {
    expect(found({ ...anyOrder, protocol: 'snapshot/uncounted' }, 'missing')).toBe(seeds.length);
  });
});

it('takes many snapshots at once, with money under way', () => {
  const { assessment } = simulate({ ...inOrder, faults: [] }, 'many');
  const [judgement] = assessment.judgements;
  expect(judgement?.stats).toMatchObject({ total: 4_000 });
  expect(Number(judgement?.stats?.withMessagesUnderWay)).toBeGreaterThan(5);
});
