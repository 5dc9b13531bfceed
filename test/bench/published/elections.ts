// How long Raft takes to elect a leader: Ongaro's AvailSim over a wide-area network (dissertation
// §9.5) and the LAN benchmark (§9.3; Ongaro & Ousterhout 2014, figure 16). An election begins when
// the last heartbeat of the old leader arrives.
import { simulate } from '../../../src/scenario/simulate.js';
import { mean, type Row, seedsFor } from './row.js';

interface Setting {
  readonly name: string;
  /** Election timeouts, in milliseconds: from, and how much longer at most. */
  readonly timeout: readonly [number, number];
  readonly latency: { readonly shape: 'uniform'; readonly min: string; readonly max: string };
  /** Servers that are down, the old leader included. */
  readonly failed: number;
  readonly seeds: number;
  readonly durationMs?: number;
}

/** Milliseconds from the last heartbeat to the next leader; the run's length if there is none. */
function electionMs(setting: Setting, seed: string): number {
  const { timeout, latency, failed, durationMs = 8_000 } = setting;
  const [election, spread] = timeout;
  const downUs = 1_000_000;
  let lastUs = 0;
  let wonUs: number | undefined;
  simulate(
    {
      protocol: {
        name: 'raft',
        options: {
          election: `${election}ms`,
          'election-spread': spread === 0 ? '1us' : `${spread}ms`,
          heartbeat: `${Math.floor(election / 2)}ms`,
          'pre-vote': false,
          sticky: false,
        },
      },
      nodes: 5,
      network: { latency },
      disk: { sync: '0s' },
      faults: [
        ...(failed > 1 ? [{ at: '0s', fault: 'crash' as const, nodes: ['n4'] }] : []),
        { when: { state: 'leader' }, after: '1s', fault: 'crash', nodes: ['@node'] },
      ],
      duration: `${durationMs}ms`,
      recovery: '0s',
    },
    seed,
    [],
    {
      observer: ({ atUs, happening, effects }) => {
        if (wonUs !== undefined) return;
        if (happening.kind === 'deliver' && happening.message.body.type === 'append-entries') {
          lastUs = atUs;
        }
        const wins = effects.some((row) => row.effect === 'note' && row.text.startsWith('leads'));
        if (wins && lastUs > downUs) wonUs = atUs;
      },
    },
  );
  return ((wonUs ?? durationMs * 1_000) - lastUs) / 1_000;
}

const took = (setting: Setting): number[] =>
  seedsFor(setting.name, setting.seeds)
    .map((seed) => electionMs(setting, seed))
    .sort((a, b) => a - b);

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;

const within = (sorted: readonly number[], ms: number): number =>
  (100 * sorted.filter((each) => each <= ms).length) / sorted.length;

const wide = { shape: 'uniform', min: '30ms', max: '40ms' } as const;
const local = { shape: 'uniform', min: '2500us', max: '2700us' } as const;
const quick = { shape: 'uniform', min: '3400us', max: '3600us' } as const;

export function rows(): Row[] {
  const base = { timeout: [300, 300], latency: wide, seeds: 2_000 } as const;
  const one = took({ ...base, name: 'wan-1', failed: 1 });
  const two = took({ ...base, name: 'wan-2', failed: 2 });
  const lan = { latency: local, failed: 1, seeds: 1_000 } as const;
  const fixed = took({ ...lan, name: 'lan-0', timeout: [150, 0], seeds: 20, durationMs: 12_000 });
  const narrow = took({ ...lan, name: 'lan-5', timeout: [150, 5] });
  const broad = took({ ...lan, name: 'lan-50', timeout: [150, 50] });
  const short = took({ ...lan, name: 'lan-12', timeout: [12, 12], latency: quick });
  const row = (name: string, published: number, here: number, allowed: string, seeds: number) => ({
    ...{ name, published, here, allowed, seeds },
  });
  return [
    row('WAN, 1 of 5 failed, mean, ms', 475, mean(one), '5 %', one.length),
    row('WAN, 1 of 5 failed, within 1.5 s, %', 99.9, within(one, 1_500), '0.3', one.length),
    row('WAN, 2 of 5 failed, mean, ms', 650, mean(two), '7 %', two.length),
    row('WAN, 2 of 5 failed, within 3 s, %', 99.9, within(two, 3_000), '0.3', two.length),
    row('LAN, 150–150 ms, median, s', 10, quantile(fixed, 0.5) / 1_000, 'at least', fixed.length),
    row('LAN, 150–155 ms, median, ms', 287, quantile(narrow, 0.5), '10 %', narrow.length),
    row('LAN, 150–200 ms, longest, ms', 513, quantile(broad, 1), '15 %', broad.length),
    row('LAN, 12–24 ms, mean, ms', 35, mean(short), '20 %', short.length),
    row('LAN, 12–24 ms, longest, ms', 152, quantile(short, 1), '30 %', short.length),
  ];
}
