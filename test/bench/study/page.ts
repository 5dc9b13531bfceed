// The broadcast study as a page: tables in Markdown around the picture.
import type { Point, published, Row } from './variants.js';

type Published = typeof published;

/** The whole page. `seedCount` runs stand behind each figure. */
export function page(rows: readonly Row[], others: Published, seedCount: number): string {
  return [
    ...opening(seedCount),
    ...healthy(rows),
    ...partitioned(rows),
    ...ofOthers(others),
    '',
  ].join('\n');
}

function opening(seedCount: number): readonly string[] {
  return [
    '# What a broadcast costs',
    '',
    '*How many messages buy how little latency?* Each variant of the [ladder](protocols.md) on 25',
    'nodes, 100 ms a hop, 100 operations a second, half of them broadcasts: messages between',
    'servers an operation, and the time until a value is on every node that is asked, both as',
    `Maelstrom counts them. Means of ${seedCount} seeds. This page and its picture are written by`,
    '`npm run study` from simulation; nothing is typed in but what others have published.',
    '',
    '![Messages an operation against latency](broadcast-study.svg)',
    '',
  ];
}

function healthy(rows: readonly Row[]): readonly string[] {
  const cells = rows.map((row) => [
    isOnFrontier(row, rows) ? `**${row.label}**` : row.label,
    ...figures(row.healthy),
    meets(row.healthy, 30, 400, 600),
    meets(row.healthy, 20, 1_000, 2_000),
  ]);
  return [
    '## Healthy',
    '',
    'Challenge 3d of Gossip Glomers asks for < 30 messages, a median < 400 ms, at most 600 ms; 3e',
    'for < 20, 1 s and 2 s. A variant in **bold** is on the frontier: no other one has both fewer',
    'messages and a lower maximum.',
    '',
    ...table(['variant', 'messages/op', 'median', '95 %', 'max', '3d', '3e'], cells),
    '',
  ];
}

function partitioned(rows: readonly Row[]): readonly string[] {
  const measures = ['median', '95 %', 'max'];
  const head = [
    ...['variant', 'ring: messages/op', ...measures],
    ...['all: messages/op', ...measures, 'after the heal'],
  ];
  const cells = rows.map((row) => [
    ...[row.label, ...stormy(row.ring), ...stormy(row.mixed)],
    row.mixed.lost > 0 ? '' : time(row.mixed.healedMaxMs),
  ]);
  return [
    '## While partitions come and go',
    '',
    'A minute, a partition every 10 s on average, as Jepsen draws them. In a *majorities-ring*',
    'each node still hears a majority, so whoever relays can mask it; *all shapes* also has',
    'complete cuts, which nothing can cross before they heal. In brackets: values that somebody',
    'lacked in the end, a run; the latencies are of the others. *After the heal*: while no',
    'partition is on, how long somebody lacked a value, at most, since it was sent or since the',
    'last partition healed, whichever came later; where nothing is lost for good.',
    '',
    ...table(head, cells),
    '',
  ];
}

function ofOthers(others: Published): readonly string[] {
  const cells = others.map(({ who, what, perOp, medianMs, maxMs }) => [
    ...[who, what, count(perOp), time(medianMs), time(maxMs)],
  ]);
  return [
    '## Published figures',
    '',
    'The same cluster in Maelstrom, healthy. Sources: Maelstrom, doc/03-broadcast;',
    'fly.io/dist-sys/3d; the authors’ own pages.',
    '',
    ...table(['who', 'what', 'messages/op', 'median', 'max'], cells),
  ];
}

function isOnFrontier(row: Row, rows: readonly Row[]): boolean {
  const { perOp, maxMs } = row.healthy;
  return !rows.some(
    ({ healthy }) => healthy !== row.healthy && healthy.perOp <= perOp && healthy.maxMs <= maxMs,
  );
}

function figures({ perOp, medianMs, p95Ms, maxMs }: Point): readonly string[] {
  return [count(perOp), time(medianMs), time(p95Ms), time(maxMs)];
}

function stormy(point: Point): readonly string[] {
  const [perOp = '', ...times] = figures(point);
  return [point.lost > 0 ? `${perOp} (${Math.round(point.lost)})` : perOp, ...times];
}

function meets(point: Point, perOp: number, medianMs: number, maxMs: number): string {
  return point.perOp < perOp && point.medianMs < medianMs && point.maxMs < maxMs ? 'yes' : '';
}

function count(value: number): string {
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function time(ms: number): string {
  if (Number.isNaN(ms)) return '';
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${Math.round(ms)} ms`;
}

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)];
}
