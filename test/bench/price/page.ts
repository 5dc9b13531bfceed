// The price of each guarantee as a page: a table in Markdown around the picture.
import { table } from '../study/page.js';
import type { Price } from './figures.js';

export function page(prices: readonly Price[]): string {
  const least = Math.min(...prices.map(({ medianMs }) => medianMs));
  const costs = prices.map((price) => [
    price.label,
    Math.round(price.perSecond).toLocaleString('en'),
    ms(price.medianMs),
    ms(price.p95Ms),
    ms(price.medianMs - least),
    price.messages.toFixed(1),
    ms(price.recoveryMs),
    between(price.snapshotMs),
  ]);
  const worth = prices.map(({ label, promises, lost, repeats }) => [
    ...[label, promises, Math.round(lost).toString(), Math.round(repeats).toString()],
  ]);
  return [
    ...opening,
    ...table(
      [
        ...['', 'records/s', 'latency', '95 %', 'added', 'messages/record', 'recovery'],
        'snapshot to snapshot, pressed',
      ],
      costs,
    ),
    '',
    ...reading,
    ...table(['', 'promises', 'records without an output', 'outputs shown again'], worth),
    '',
    ...notes,
    '',
  ].join('\n');
}

const opening: readonly string[] = [
  '# The price of exactly-once',
  '',
  '*What does a guarantee cost?* Hailstorm’s paper never measured it. The same word count (2',
  'spouts, 2 splitters, 2 counters, 1 sink on 9 nodes, 5 ms a hop, 2 ms a sync, a snapshot',
  'every second) under the same load and the same crash, with each way to keep a promise that',
  '[streams](streams.md) has. Times are virtual; means of 3 seeds. This page and its picture',
  'are written by `npm run price` from simulation; nothing is typed in.',
  '',
  '![What each guarantee costs](price-of-exactly-once.svg)',
  '',
];

const reading: readonly string[] = [
  '**records/s**: 8,000 records come in a second, until all that ever comes out is out.',
  '**latency**: from the log to the world, 80 records a second, and what that adds to the',
  'quickest. **messages**: all that nodes and services send in that run, a record.',
  '**recovery**: a counter crashes for 300 ms; until outputs are no later than they ever are',
  'without a crash. **pressed**: the way to the sink is slow and too much comes for 8 s, so',
  'records pile up before barriers; from one committed snapshot to the next.',
  '',
  'What the same crash did, in the world outside:',
  '',
];

const notes: readonly string[] = [
  'At most once pays for the note that a spout writes before it sends; what was under way at',
  'the crash is gone. Transactional sinks show outputs when their snapshot is committed, so',
  'latency is the distance of snapshots, not the protocol’s; productions and transactions show',
  'them one by one. The sinks of productions hide what is shown again, by its name: here it is',
  'counted before they do.',
];

function ms(value: number): string {
  return value >= 1_000 ? `${(value / 1_000).toFixed(2)} s` : `${Math.round(value)} ms`;
}

function between(snapshotMs: number): string {
  if (Number.isNaN(snapshotMs)) return '';
  return snapshotMs === Number.POSITIVE_INFINITY ? 'none' : ms(snapshotMs);
}
