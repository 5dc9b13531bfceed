// Rescales under storms, for tests and for sweeps of many seeds: not only faults are drawn, but
// also the constants of time that a protocol might silently rely on.
import { stream } from '../../src/kernel/random.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';

/** What the network must be like for a design: markers in-band, or any. */
type Channels = 'in order' | 'any';

/** A few seconds of a word count that is rescaled all the time. */
export function rescaling(protocol: string, channels: Channels, seed: string): ScenarioInput {
  const random = stream(seed, 'rescaling');
  const options = {
    rescale: random.pick(['200ms', '500ms', '1s']),
    rescales: 3 + random.below(4),
    retry: random.pick(['50ms', '100ms', '250ms']),
    look: random.pick(['100ms', '250ms']),
    lag: random.pick(['50ms', '300ms', '1s']),
    window: random.pick([8, 16, 32]),
    operators: 1 + random.below(3),
    vnodes: random.pick([3, 256]),
    buckets: random.pick([0, 0, 5]),
    timers: random.pick(['event', 'processing', 'processing']),
    abort: random.pick(['1s', '2s']),
    'take-over': '2500ms',
  };
  return {
    protocol: { name: protocol, options },
    nodes: 3 + random.below(3),
    services: ['lin-kv', 'log', 'sink', { name: 'snapshot-store', options: storeOf(seed) }],
    workload: {
      name: 'streams',
      rate: 25,
      timeout: '2s',
      options: { topology: 'words', partitions: 2, skew: random.pick(['0%', '60%']) },
    },
    network: networkOf(channels, seed),
    disk: { sync: random.pick(['0s', '1ms', '20ms']) },
    faults: faultsOf(seed),
    duration: '6s',
    recovery: '14s',
    checkers: [{ name: 'exactly-once', options: { 'outputs-owed': 'all' } }],
  };
}

function storeOf(seed: string) {
  const random = stream(seed, 'store');
  return { write: random.pick(['0s', '10ms']), slow: random.pick(['0%', '30%']), delay: '400ms' };
}

function networkOf(channels: Channels, seed: string): NonNullable<ScenarioInput['network']> {
  const random = stream(seed, 'network');
  const mean = random.pick(['2ms', '10ms', '25ms']);
  const latency = { shape: 'exponential', mean } as const;
  const loss = random.pick(['0%', '1%']);
  if (channels === 'in order') return { transport: 'connection', latency, loss };
  return {
    ...{ latency, loss, duplicate: random.pick(['0%', '10%']) },
    ...{ reorder: random.pick(['0%', '10%']), 'reorder-window': random.pick(['100ms', '2s']) },
  };
}

function faultsOf(seed: string): NonNullable<ScenarioInput['faults']> {
  const random = stream(seed, 'faults');
  const kinds = ['crash', 'pause', 'partition', 'clock-jump', 'clock-drift', 'slow-node'];
  const faults = random.shuffle(kinds).slice(0, random.below(4));
  if (faults.length === 0) return [];
  const every = random.pick(['700ms', '1500ms']);
  return [{ every, for: '300ms', faults, targets: ['one', 'minority'] }];
}
