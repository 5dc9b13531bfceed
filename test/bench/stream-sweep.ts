// `npm run bench -- stream-sweep [--seeds 20] [--from 1]`: streams/hailstorm on twelve
// configurations, in which topologies, channels, transports, faults and the timing constants
// differ, so many seeds each. Prints what was not exact, with the seed that repeats it.
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

type Print = (line: string) => void;

type Faults = NonNullable<ScenarioInput['faults']>;

interface Configuration {
  readonly name: string;
  readonly topology: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly nodes: number;
  readonly network: NonNullable<ScenarioInput['network']>;
  readonly slowPercent: number;
  readonly delay: string;
  readonly faults: Faults;
}

const latency = { shape: 'exponential', mean: '5ms' } as const;
const storm = (faults: readonly string[], every = '2s', lasts = '700ms'): Faults[number] => {
  return { every, for: lasts, faults: [...faults], targets: ['one'] };
};

const base: Omit<Configuration, 'name'> = {
  ...{ topology: 'word-count', options: {}, nodes: 9, network: { latency } },
  ...{ slowPercent: 0, delay: '0s', faults: [storm(['crash'])] },
};

const configurations: readonly Configuration[] = [
  { ...base, name: 'crashes' },
  { ...base, name: 'crashes, back in 100 ms', faults: [storm(['crash'], '1500ms', '100ms')] },
  { ...base, name: 'freezes', faults: [storm(['pause'], '3s', '2s')] },
  { ...base, name: 'partitions', faults: [storm(['partition', 'cut'], '2s', '1s')] },
  {
    ...base,
    name: 'slow watches',
    slowPercent: 10,
    delay: '1s',
    faults: [storm(['crash', 'pause'])],
  },
  {
    ...base,
    name: 'connections that break',
    network: { latency, transport: 'connection' },
    faults: [storm(['cut'], '500ms', '20ms'), storm(['crash'])],
  },
  { ...base, name: 'loss and copies', network: { latency, loss: '2%', duplicate: '5%' } },
  {
    ...base,
    ...{ name: 'no order', topology: 'diamond', nodes: 12 },
    options: { channels: 'unordered' },
    network: { latency, reorder: '20%', 'reorder-window': '100ms' },
  },
  {
    ...base,
    name: 'three stages',
    topology: 'trending',
    nodes: 12,
    slowPercent: 5,
    delay: '400ms',
  },
  { ...base, name: 'few machines', topology: 'windowed', options: { partitions: 3 }, nodes: 4 },
  { ...base, name: 'stand-bys', nodes: 14, faults: [storm(['pause', 'crash'], '3s', '2s')] },
  {
    ...base,
    name: 'services fall',
    faults: [
      { at: '3s', for: '700ms', fault: 'crash', nodes: ['coordination', 'log'] },
      { at: '6s', for: '700ms', fault: 'crash', nodes: ['snapshot-store', 'sink', 'n0'] },
    ],
  },
];

/** Timing constants are swept as if they were faults: which of each, the seed says. */
const timings = [
  { snapshot: '1s', poll: '50ms', session: '1s', resend: '200ms' },
  { snapshot: '300ms', poll: '20ms', session: '600ms', resend: '80ms' },
  { snapshot: '2s', poll: '200ms', session: '2s', resend: '500ms' },
];

/** The scenario of a configuration, by its name, and a seed. */
export function sweepScenario(name: string, seed: number): ScenarioInput {
  const of = configurations.find((each) => each.name === name);
  if (of === undefined) throw new Error(`there is no configuration ${name}`);
  const { topology, options, nodes, network, faults, slowPercent, delay } = of;
  const partitions = Number(options.partitions ?? 2);
  const timing = timings[seed % timings.length];
  return {
    protocol: { name: 'streams/hailstorm', options: { topology, ...timing, ...options } },
    ...{ nodes, network, faults: [...faults], duration: '10s', recovery: '20s' },
    services: [
      { name: 'coordination', options: { slow: `${slowPercent}%`, delay } },
      'log',
      {
        name: 'snapshot-store',
        options: { write: '5ms', slow: '20%', delay: '300ms', fail: '3%' },
      },
      { name: 'sink', options: { kind: 'transactional' } },
    ],
    workload: { name: 'streams', rate: 30, timeout: '1s', options: { topology, partitions } },
    checkers: [
      {
        name: 'exactly-once',
        options: { 'outputs-owed': 'all', 'commits-min': 2, 'uncommitted-max': 0 },
      },
    ],
  };
}

export function streamSweep(print: Print): void {
  const argument = (name: string, fallback: number): number => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : Number(process.argv[at + 1]);
  };
  const [from, seeds] = [argument('from', 1), argument('seeds', 20)];
  let [runs, failures] = [0, 0];
  for (const configuration of configurations) {
    const bad: string[] = [];
    for (let seed = from; seed < from + seeds; seed++) {
      runs++;
      const { surprise } = simulate(sweepScenario(configuration.name, seed), seed).assessment;
      if (surprise !== undefined) bad.push(String(seed));
    }
    failures += bad.length;
    const verdict = bad.length === 0 ? 'exact' : `not exact with seeds ${bad.join(' ')}`;
    print(`${configuration.name.padEnd(26)}${String(seeds).padStart(6)} seeds  ${verdict}`);
  }
  print(`${runs} runs, ${failures} not exact`);
  process.exitCode = failures === 0 ? 0 : 1;
}
