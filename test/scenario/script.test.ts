// Operations that a scenario tells one by one.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

const operations = [
  { at: '2s', worker: 1, f: 'broadcast', value: 7 },
  { at: '1s', f: 'broadcast', value: 3, node: 'n2' },
];

const scenario = (workload: object): ScenarioInput => ({
  protocol: 'broadcast/flood',
  nodes: 3,
  workload: { name: 'broadcast', ...workload },
  duration: '3s',
});

const invoked = (input: ScenarioInput) =>
  simulate(input)
    .history.ops.filter(({ type, final }) => type === 'invoke' && final !== true)
    .map(({ timeUs, process, node, f, value }) => [timeUs, process, node, f, value]);

describe('operations', () => {
  it('are invoked at their times, by their clients, at their nodes, and no others are', () => {
    expect(invoked(scenario({ operations }))).toEqual([
      [1_000_000, 0, 'n2', 'broadcast', 3],
      [2_000_000, 1, 'n1', 'broadcast', 7],
    ]);
  });

  it('keep their chance when others are left out', () => {
    const latency = { shape: 'uniform', min: '1ms', max: '900ms' } as const;
    const told = operations.map((operation, op) => ({ ...operation, op }));
    const arrivals = (list: typeof told): readonly unknown[] => {
      const seen: unknown[] = [];
      const input = { ...scenario({ operations: list }), network: { latency } };
      simulate(input, 1, [], {
        observer: ({ atUs, happening }) => {
          if (happening.kind !== 'deliver' || happening.node.startsWith('c')) return;
          const { body, dest } = happening.message as { body: { message?: number }; dest: string };
          if (body.message === 3) seen.push([atUs, dest]);
        },
      });
      return seen;
    };
    expect(arrivals(told).length).toBeGreaterThan(2);
    expect(arrivals(told.slice(1))).toEqual(arrivals(told));
  });

  it.each([
    [{ operations, rate: 5 }, /the operations are listed, and have no rate/],
    [{ operations: [{ at: '1s', worker: 3, f: 'broadcast', value: 1 }] }, /there is no client 3/],
    [{ operations: [{ at: '1s', node: 'n9', f: 'broadcast', value: 1 }] }, /no node "n9"/],
    [{ operations: [{ at: '4s', f: 'broadcast', value: 1 }] }, /after the end of the main phase/],
    [{ operations: operations.map((each) => ({ ...each, op: 5 })) }, /two operations of number 5/],
    [{ operations: [{ at: '1s', f: 'broadcast', valu: 1 }] }, /valu/],
  ])('that cannot be are refused: %j', (workload, message) => {
    expect(() => simulate(scenario(workload))).toThrow(message);
  });
});
