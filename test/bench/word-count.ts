// How fast exactly-once word count is: a million records through three spouts, four bolts and two
// sinks, a snapshot every 10,000 records, simulated and judged, beside the bare heap loop of the
// same run. `npm run bench -- word-count`
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { measure } from './measure.js';

type Print = (line: string) => void;

const records = 1_000_000;
const batch = 500;
const recordsPerSecond = 100_000;
const snapshots = 100;

const topology = [
  { name: 'log', do: 'read' },
  { name: 'count', do: 'count', from: ['log'], parallelism: 4 },
  { name: 'out', do: 'write', from: ['count'], parallelism: 2 },
];

const scenario: ScenarioInput = {
  protocol: {
    name: 'streams/hailstorm',
    options: {
      ...{ topology, partitions: 3, negotiators: 1 },
      // As long as it takes to read a hundredth of the records.
      ...{ snapshot: '85ms', poll: '5ms', tick: '20ms', session: '10s' },
      ...{ 'window-max': 2_000, 'fetch-max': 2_000, ask: '1s', resend: '1s' },
    },
  },
  nodes: 10,
  services: [
    'coordination',
    'log',
    'snapshot-store',
    { name: 'sink', options: { kind: 'transactional' } },
  ],
  workload: {
    name: 'streams',
    rate: recordsPerSecond / batch,
    options: {
      topology: 'words',
      partitions: 3,
      batch,
      ...{ words: 1_000, 'words-per-record': 1 },
      'records-max': records,
      reads: '0%',
    },
  },
  network: { latency: '1ms' },
  duration: '12s',
  recovery: '2s',
  limits: { events: 100_000_000 },
  checkers: [
    {
      name: 'exactly-once',
      options: {
        'outputs-owed': 'all',
        'commits-min': Math.floor(0.8 * snapshots),
        'uncommitted-max': 0,
      },
    },
  ],
};

/** It takes half a minute. */
const once = { warm: 1 };

export function wordCount(print: Print): void {
  let [events, commits] = [0, 0];
  const { ns, multiple } = measure(
    1,
    () => {
      const run = simulate(scenario);
      const { surprise, judgements } = run.assessment;
      if (surprise !== undefined) throw new Error(`word count is exact: ${surprise}`);
      events = run.result.events;
      commits = Number(judgements[0]?.stats?.snapshots);
      return events;
    },
    once,
  );
  const { maxRSS } = process.resourceUsage();
  print(
    `${records} records, ${commits} snapshots: ${events} events, ${(1_000 / ns).toFixed(2)} M/s, ` +
      `${multiple.toFixed(2)}× the bare heap (goal 0.15×), ${(maxRSS / 2 ** 20).toFixed(2)} GiB`,
  );
}
