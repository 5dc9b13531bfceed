// What the price of a guarantee is measured on: streams of each kind, on one topology, with one
// load and one crash.
import type { ScenarioInput } from '../../../src/scenario/scenario.js';

/** A kind of stream, and what it leans on. */
export interface Variant {
  readonly label: string;
  readonly promises: string;
  readonly protocol: string;
  readonly options: Readonly<Record<string, string | number>>;
  /** The kind of sink; undefined: its outputs lie in the log. */
  readonly sink: string | undefined;
  /** The node that has the first counting processor. */
  readonly counts: string;
  /** Whether there are snapshots to wait for. */
  readonly commits: boolean;
}

const variant = (
  label: string,
  promises: string,
  [protocol, options]: readonly [string, Variant['options']],
  [sink, counts]: readonly [string | undefined, string],
): Variant => {
  const around = { label, promises, protocol: `streams/${protocol}`, options, sink, counts };
  return { ...around, commits: counts === 'n6' && label !== 'at most once' };
};

const once = 'exactly once';

export const variants: readonly Variant[] = [
  variant('at most once', 'at most once', ['at-most-once', {}], ['plain', 'n6']),
  variant('at least once', 'at least once', ['at-least-once', {}], ['plain', 'n6']),
  variant('H*', once, ['hailstorm', {}], ['transactional', 'n6']),
  variant('aligned barriers', once, ['aligned', {}], ['transactional', 'n6']),
  variant('unaligned barriers', once, ['unaligned', {}], ['transactional', 'n6']),
  variant('strong productions', once, ['millwheel', {}], ['idempotent', 'n4']),
  variant(
    'weak productions',
    'exactly once, of functions',
    ['millwheel', { productions: 'weak' }],
    ['idempotent', 'n4'],
  ),
  variant('transactions', once, ['kafka-transactions', {}], [undefined, 'n4']),
];

/** How much is fed: operations a second, records in each, seconds of it. */
interface Load {
  readonly rate: number;
  readonly batch: number;
  readonly seconds: number;
}

export const steady: Load = { rate: 40, batch: 2, seconds: 10 };
export const pressing: Load = { rate: 300, batch: 2, seconds: 8 };
export const flood: Load = { rate: 400, batch: 20, seconds: 1 };

/** When the crash comes, and how long the node is gone. */
export const crash = { atUs: 4_000_000, forMs: 300 };

type Faults = NonNullable<ScenarioInput['faults']>;

/** The first counting processor's node crashes. */
export function crashOf(of: Variant): Faults {
  return [{ at: '4s', for: `${crash.forMs}ms`, fault: 'crash', nodes: [of.counts] }];
}

/** The way from the first counting processor to the sink is slow: what waits for it piles up. */
export const slowSink: Faults = [
  { at: '0s', for: '8s', fault: 'slow-link', extra: '500ms', links: [['n6', 'n8']] },
];

export function scenarioOf(of: Variant, load: Load, faults: Faults): ScenarioInput {
  const sink = of.sink === undefined ? [] : [{ name: 'sink', options: { kind: of.sink } }];
  return {
    protocol: { name: of.protocol, options: of.options },
    nodes: 9,
    services: ['coordination', 'log', 'snapshot-store', ...sink],
    workload: {
      name: 'streams',
      rate: load.rate,
      options: { batch: load.batch, 'words-per-record': 1, words: 100, reads: '0%' },
    },
    network: { latency: '5ms' },
    disk: { sync: '2ms' },
    faults,
    duration: `${load.seconds}s`,
    recovery: '30s',
    checkers: [],
  };
}
