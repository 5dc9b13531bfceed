// Refusals where requests arrive twice. Whoever answers a copy as it answered the original is never
// accused of a refusal; whoever performs it anew refuses what it has done, and is.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);

type Choice = Pick<ScenarioInput, 'protocol' | 'workload' | 'services'>;

/** Which of the workload's own judges object, with any of the seeds. */
function objecting(choice: Choice, transport?: 'connection'): readonly string[] {
  const scenario: ScenarioInput = {
    ...choice,
    nodes: 3,
    network: {
      clients: 'network',
      latency: { shape: 'exponential', min: '1ms', mean: '10ms' },
      duplicate: '20%',
      reorder: '10%',
      ...(transport !== undefined && { transport }),
    },
    faults: [{ at: '1s', for: '500ms', fault: 'partition', shape: 'one' }],
    duration: '3s',
    recovery: '3s',
  };
  const found = seeds.flatMap((seed) =>
    simulate(scenario, seed).assessment.judgements.filter(
      ({ builtIn, valid }) => !builtIn && valid === false,
    ),
  );
  return [...new Set(found.map(({ name }) => name))];
}

describe('where requests arrive twice', () => {
  it.each<Choice>([
    { protocol: 'raft', workload: { name: 'lin-kv', rate: 60 } },
    { protocol: 'g-set/gossip', workload: { name: 'g-set', rate: 60 } },
    { protocol: 'broadcast/durable', workload: { name: 'broadcast', rate: 60 } },
  ])('$protocol is not accused: what is asked twice is done once', (choice) => {
    expect(objecting(choice)).toEqual([]);
  });

  it('raft without sessions is: it executes a command twice', () => {
    const protocol = { name: 'raft', options: { sessions: false } };
    expect(objecting({ protocol, workload: { name: 'lin-kv', rate: 60 } })).toEqual([
      'linearizable',
    ]);
  });

  it.each<Choice>([
    { protocol: 'lin-kv/proxy', workload: { name: 'lin-kv', rate: 60 }, services: ['lin-kv'] },
    { protocol: 'lock/lin-kv', workload: { name: 'lock', rate: 60 }, services: ['lin-kv'] },
  ])('$protocol is, as services know no copies; over connections there are none', (choice) => {
    expect(objecting(choice)).toEqual(['linearizable']);
    expect(objecting(choice, 'connection')).toEqual([]);
  });
});
