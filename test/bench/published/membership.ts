// SWIM's first detection and dissemination, Lifeguard's reduction of false positives, and φ = 8.
import { seconds } from '../../../src/kernel/time.js';
import { advance, simulate, start } from '../../../src/scenario/simulate.js';
import { inspect } from '../../../src/sim/inspect.js';
import { falseAlarms } from '../../support/false-alarms.js';
import { mean, type Row, seedsFor } from './row.js';

const nodes = 50;
const crashUs = seconds(5);
const failing = 'n7';

/** When a failed member of fifty is first pinged, and when the first and the last know of it. */
function failure(seed: string) {
  let pingedUs = Number.NaN;
  let firstUs = Number.NaN;
  let lastUs = Number.NaN;
  simulate(
    {
      protocol: 'membership/swim',
      nodes,
      network: { latency: { shape: 'uniform', min: '1ms', max: '5ms' } },
      faults: [{ at: '5s', fault: 'crash', nodes: [failing] }],
      duration: '40s',
      recovery: '0s',
    },
    seed,
    [],
    {
      observer: ({ atUs, effects }) => {
        for (const effect of effects) {
          if (effect.effect === 'send' && effect.dest === failing && atUs > crashUs) {
            const { type } = effect.body as { type: string };
            if (type === 'ping') pingedUs = Math.min(atUs, pingedUs || atUs);
          }
          if (effect.effect !== 'note' || effect.text !== `knows that ${failing} has failed`)
            continue;
          firstUs = Math.min(atUs, firstUs || atUs);
          lastUs = atUs;
        }
      },
    },
  );
  const periods = (us: number): number => us / 1_000_000;
  return {
    firstPeriod: Math.floor(periods(pingedUs - crashUs)) + 1,
    dissemination: periods(lastUs - firstUs),
  };
}

/** After how many mean intervals a silent node is convicted. */
function conviction(seed: string): number {
  const running = start(
    {
      protocol: { name: 'membership/accrual', options: { gossip: '100ms', assumed: '100ms' } },
      nodes: 2,
      network: { latency: '1ms' },
      faults: [{ at: '60s', fault: 'crash', nodes: ['n1'] }],
      duration: '70s',
      recovery: '0s',
    },
    seed,
    [],
    {
      observer: ({ atUs, effects }) => {
        if (effects.some((effect) => effect.effect === 'note')) convictedUs = atUs;
      },
    },
  );
  let convictedUs = Number.NaN;
  while (advance(running, 1_000));
  const state = inspect(running.world, 'n0')?.state as unknown as {
    endpoints: ReadonlyMap<string, { arrivals: Record<'lastUs' | 'sumUs', number> & Intervals }>;
  };
  const { lastUs, sumUs, intervals } = state.endpoints.get('n1')?.arrivals ?? missing;
  return (convictedUs - lastUs) / (sumUs / intervals.length);
}

interface Intervals {
  readonly intervals: readonly number[];
}

const missing = { lastUs: Number.NaN, sumUs: Number.NaN, intervals: [] };

export function* rows(): Generator<Row> {
  const failures = seedsFor('swim', 300).map(failure);
  const seeds = failures.length;
  yield {
    name: 'SWIM: period of the first detection, e/(e − 1)',
    published: Math.E / (Math.E - 1),
    here: mean(failures.map(({ firstPeriod }) => firstPeriod)),
    allowed: '8 %',
    seeds,
  };
  // All know within λ ln n periods but for n^(−(2λ − 2)): one of 50^4 at λ = 3.
  const bound = 3 * Math.ceil(Math.log(nodes + 1));
  const slowest = Math.max(...failures.map(({ dissemination }) => dissemination));
  yield {
    name: `SWIM: periods left of the bound 3⌈ln ${nodes + 1}⌉ = ${bound} when all know, worst`,
    published: 0,
    here: bound - slowest,
    allowed: 'at least',
    seeds,
  };
  const stalls = seedsFor('stall', 8);
  const plain = stalls.map((seed) => falseAlarms({}, seed));
  const lifeguard = { 'health-max': 8, 'suspicion-max-mult': 6, buddy: true };
  const guarded = stalls.map((seed) => falseAlarms(lifeguard, seed));
  yield {
    name: 'Lifeguard: times fewer false positives (published: 50)',
    published: 50 / 5,
    here: (mean(plain) * stalls.length) / Math.max(1, mean(guarded) * stalls.length),
    allowed: 'at least',
    seeds: stalls.length,
  };
  const convictions = seedsFor('phi', 20).map(conviction);
  yield {
    name: 'Cassandra: mean intervals until φ = 8 convicts, 8 ln 10',
    published: 18.42,
    here: mean(convictions),
    allowed: '5 %',
    seeds: convictions.length,
  };
}
