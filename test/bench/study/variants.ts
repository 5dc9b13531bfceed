// What the broadcast study compares: variants of ours with their options, and published figures.

/** What a variant costs and how fast it is, as Maelstrom counts. */
export interface Point {
  readonly perOp: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** Values that somebody lacked in the end, a run. */
  readonly lost: number;
  /** Until a value is everywhere when no partition is on, since its broadcast or the last heal. */
  readonly healedMaxMs: number;
}

interface Variant {
  readonly label: string;
  readonly protocol: string;
  readonly options: Readonly<Record<string, string | number>>;
  readonly topology: string;
}

/** A variant with what it came to. */
export interface Row extends Variant {
  readonly healthy: Point;
  /** Majorities-ring partitions come and go. */
  readonly ring: Point;
  /** Partitions of all of Jepsen's shapes come and go. */
  readonly mixed: Point;
}

const variant = (
  label: string,
  protocol: string,
  options: Variant['options'] = {},
  topology = 'grid',
): Variant => ({ label, protocol, options, topology });

export const variants: readonly Variant[] = [
  variant('flood, grid', 'broadcast/flood'),
  variant('flood, line', 'broadcast/flood', {}, 'line'),
  variant('flood, tree4', 'broadcast/flood', {}, 'tree4'),
  variant('flood-retry, grid', 'broadcast/flood-retry'),
  variant('flood-retry, tree4', 'broadcast/flood-retry', {}, 'tree4'),
  variant('tree-retry', 'broadcast/tree-retry'),
  variant('batched', 'broadcast/batched'),
  variant('breaker', 'broadcast/breaker'),
  variant('own-root', 'broadcast/own-root'),
  variant('slotted, 395 ms', 'broadcast/slotted', { slot: '395ms' }),
  variant('slotted, 800 ms', 'broadcast/slotted', { slot: '800ms' }),
  variant('slotted, 1.58 s', 'broadcast/slotted', { slot: '1580ms' }),
  variant('slotted-retry, 395 ms', 'broadcast/slotted-retry', { slot: '395ms' }),
  variant('slotted-retry, 1.58 s', 'broadcast/slotted-retry', { slot: '1580ms' }),
  variant('adaptive, 300 ms', 'broadcast/adaptive', { slot: '300ms' }),
  variant('adaptive, 900 ms', 'broadcast/adaptive', { slot: '900ms' }),
];

/** Figures of others, for the same 25 nodes, 100 ms a hop and 100 operations a second. */
interface Published {
  readonly who: string;
  readonly what: string;
  readonly perOp: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

const told = (
  who: string,
  what: string,
  [perOp, medianMs, maxMs]: readonly [number, number, number],
): Published => ({ who, what, perOp, medianMs, maxMs });

/** Sources are named on the page. */
export const published: readonly Published[] = [
  told('a Rust solution', 'grid, retried by one worker', [48.28, 1048, 2324]),
  told('a Rust solution', 'tree4, retried', [24.05, 365, 516]),
  told('Maelstrom', 'grid, flood', [27.8, 452, 791]),
  told('Maelstrom', 'tree4, flood', [11.99, 386, 505]),
  told('fly.io', 'grid, an example that fails', [63.07, 452, 794]),
  told('teivah/gossip-glomers', 'star, acknowledged', [23.38, 181, 207]),
  told('teivah/gossip-glomers', 'star, batches of 500 ms', [1.92, 764, 1087]),
  told('another in Rust', 'hub of 500 ms, leaves of 100 ms', [1.99, 339, 678]),
  told('fersilva16/fly-dist-sys', 'mesh, unacknowledged', [11.79, 84, 105]),
  told('fersilva16/fly-dist-sys', 'mesh, batches of 1.5 s', [4.73, 791, 1584]),
  told('MonsieurTib', 'two masters', [23.21, 192, 316]),
  told('seyoungjkim', 'one tree, batched', [8.31, 230, 397]),
  told('abuelhassan', 'batches of 500 ms or 50', [4.5, 745, 1077]),
  told('Charles Roth', 'tree4, gossip', [1.6, 1979, 2533]),
];
