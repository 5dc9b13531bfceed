// Gossip Glomers 4 to 6 with the arguments that their pages give: our protocols meet each of them.
// Source: fly.io/dist-sys/4 to 6c.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

interface Challenge {
  readonly protocol: string;
  readonly nodes: number;
  readonly rate: number;
  /** Workers for each node. */
  readonly concurrency?: number;
  readonly services?: readonly string[];
  readonly partitions?: boolean;
  readonly models?: readonly string[];
  /** Whether every operation has to succeed. */
  readonly total?: boolean;
}

const challenges: readonly (readonly [string, Challenge])[] = [
  [
    '4',
    {
      protocol: 'g-counter/seq-kv',
      nodes: 3,
      rate: 100,
      services: ['seq-kv'],
      partitions: true,
    },
  ],
  ['5a', { protocol: 'kafka/single', nodes: 1, rate: 1_000, concurrency: 2 }],
  [
    '5b and 5c',
    { protocol: 'kafka/lin-kv', nodes: 2, rate: 1_000, concurrency: 2, services: ['lin-kv'] },
  ],
  [
    '6a',
    {
      protocol: 'txn-rw-register/single',
      ...{ nodes: 1, rate: 1_000, concurrency: 2, total: true },
      models: ['read-uncommitted'],
    },
  ],
  [
    '6b',
    {
      protocol: 'txn-rw-register/replicated',
      ...{ nodes: 2, rate: 1_000, concurrency: 2, total: true, partitions: true },
      models: ['read-uncommitted'],
    },
  ],
  [
    '6c',
    {
      protocol: 'txn-rw-register/replicated',
      ...{ nodes: 2, rate: 1_000, concurrency: 2, total: true, partitions: true },
      models: ['read-committed'],
    },
  ],
];

describe.each(challenges)('Gossip Glomers %s', (_, challenge) => {
  const { protocol, nodes, rate, concurrency = 1, services = [], models } = challenge;
  const judges = challenge.total === true ? ['availability'] : [];
  const scenario: ScenarioInput = {
    protocol,
    nodes,
    services: [...services],
    workload: { name: protocol.replace(/\/.*/, ''), rate, concurrency: concurrency * nodes },
    network: { latency: '0s' },
    ...(challenge.partitions === true && { faults: [{ every: '10s', faults: ['partition'] }] }),
    ...(models !== undefined && {
      checkers: [{ name: 'rw-register', options: { models: [...models] } }, ...judges],
    }),
    duration: '20s',
  };

  it(`is met by ${protocol}`, () => {
    const { assessment, history } = simulate(scenario, 'glomers');
    expect(assessment.judgements.map(({ name, valid }) => [name, valid])).toEqual(
      assessment.judgements.map(({ name }) => [name, true]),
    );
    expect(history.ops.filter(({ type }) => type === 'ok').length).toBeGreaterThan(15 * rate);
  });
});
