// What a workload decides about its clients and its checkers where the scenario does not.
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/scenario/read.js';
import { start } from '../../src/scenario/simulate.js';
import { kafka } from '../../src/workloads/kafka/kafka.js';
import { tiny } from '../support/worlds.js';

const small = {
  ...{ version: 1, about: 'A test.', expect: 'valid', nodes: 5, protocol: 'lin-kv/single' },
  workload: 'lin-kv',
} as const;

describe('clients', () => {
  it('are as many for each node as the workload needs', () => {
    expect(readScenario(small).clients?.concurrency).toBe(10);
    const workload = { name: 'lin-kv', concurrency: 3 };
    expect(readScenario({ ...small, workload }).clients?.concurrency).toBe(3);
  });

  it.each([
    ['10ms', 1_000_000],
    ['700ms', 7_000_000],
    [{ shape: 'uniform', min: '100ms', max: '300ms' }, 2_000_000],
    [{ shape: 'exponential', mean: '300ms' }, 3_000_000],
    [{ shape: 'long-tail', min: '200ms' }, 4_000_000],
  ] as const)('wait as long as the workload says for a latency of %j', (latency, timeoutUs) => {
    expect(readScenario({ ...small, network: { latency } }).clients).toMatchObject({ timeoutUs });
  });

  it('wait as long as the scenario says', () => {
    const workload = { name: 'lin-kv', timeout: '3s' };
    expect(readScenario({ ...small, workload }).clients?.timeoutUs).toBe(3_000_000);
  });
});

describe('checkers', () => {
  const optionsOf = (checkers?: readonly unknown[]) =>
    readScenario({ ...small, ...(checkers && { checkers }) } as typeof small).checkers.map(
      ({ checker, options }) => [checker.name, options.model, options.configurationsMax],
    );
  const [[, , bound] = []] = optionsOf();

  it('judge by what the workload says', () => {
    expect(optionsOf()).toEqual([['linearizable', 'kv', bound]]);
  });

  it('still do so when the scenario lists them, beside others', () => {
    expect(optionsOf(['linearizable', 'availability'])).toEqual([
      ['linearizable', 'kv', bound],
      ['availability', undefined, undefined],
    ]);
  });

  it('judge by what the scenario says where it says something', () => {
    const options = { 'configurations-max': 7 };
    expect(optionsOf([{ name: 'linearizable', options }])).toEqual([['linearizable', 'kv', 7]]);
    const register = { name: 'linearizable', options: { model: 'register' } };
    expect(optionsOf([register])).toEqual([['linearizable', 'register', bound]]);
  });
});

it('finds requests that no first operation shows and that a protocol does not handle', () => {
  const on = { send: () => {}, poll: () => {}, list_committed_offsets: () => {} };
  const scenario = { protocol: tiny({ name: 'half', on }), nodes: 1, workload: { name: kafka } };
  expect(() => start(scenario)).toThrow('it has no handler for `commit_offsets`');
});
