// The broadcast study as a picture: messages an operation against the longest latency, both on
// logarithmic scales, with the frontier, the thresholds of the challenges, and others' points.
import { sheet } from '../svg.js';
import type { Point, published, Row } from './variants.js';

const [width, height] = [900, 560];
const frame = { left: 70, right: 20, top: 30, bottom: 50 };
const messages = { from: 0.2, to: 100, ticks: [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] };
const latency = {
  from: 80,
  to: 20_000,
  ticks: [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000],
};

const x = (value: number): number =>
  place(value, messages) * (width - frame.left - frame.right) + frame.left;
const y = (value: number): number =>
  height - frame.bottom - place(value, latency) * (height - frame.top - frame.bottom);

function place(
  value: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  return Math.log(value / from) / Math.log(to / from);
}

const colors = { healthy: '#1b7f4d', ring: '#c2571a', other: '#7a7f87', frontier: '#1b7f4d' };

/** The whole picture. */
export function picture(rows: readonly Row[], others: typeof published): string {
  const parts = [
    ...grid(),
    ...thresholds(),
    frontier(rows),
    ...others.map(({ who, what, perOp, maxMs }) =>
      dot(perOp, maxMs, colors.other, `${who}: ${what}`, 'circle'),
    ),
    ...rows.flatMap((row) => [
      ...(isDrawn(row.ring) ? [link(row), dotOf(row, 'ring')] : []),
      dotOf(row, 'healthy'),
      label(row),
    ]),
    ...legend(),
  ];
  const title = 'Messages an operation against the longest latency of a broadcast';
  const style = 'text { font: 12px sans-serif; fill: #333; } .small { font-size: 10px; }';
  return sheet({ width, height, title, style }, parts);
}

/** Those that lose values under partitions are not compared there. */
function isDrawn({ lost, maxMs }: Point): boolean {
  return lost === 0 && maxMs <= latency.to;
}

function grid(): readonly string[] {
  const [top, bottom, left, right] = [y(latency.to), y(latency.from), x(0.2), x(100)];
  const line = (from: string, to: string): string => `<path d="M${from} L${to}" stroke="#e3e5e8"/>`;
  const text = (at: string, words: string, more = ''): string =>
    `<text ${at} ${more}>${words}</text>`;
  const seconds = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);
  return [
    ...messages.ticks.flatMap((tick) => [
      line(`${fixed(x(tick))} ${fixed(top)}`, `${fixed(x(tick))} ${fixed(bottom)}`),
      text(`x="${fixed(x(tick))}" y="${fixed(bottom + 18)}"`, String(tick), 'text-anchor="middle"'),
    ]),
    ...latency.ticks.flatMap((tick) => [
      line(`${fixed(left)} ${fixed(y(tick))}`, `${fixed(right)} ${fixed(y(tick))}`),
      text(`x="${left - 8}" y="${fixed(y(tick) + 4)}"`, seconds(tick), 'text-anchor="end"'),
    ]),
    text(
      `x="${(left + right) / 2}" y="${height - 12}"`,
      'messages between servers an operation',
      'text-anchor="middle"',
    ),
    text(`x="${left}" y="18"`, 'until the last value was on every node'),
  ];
}

function thresholds(): readonly string[] {
  return (
    [
      ['3d', 30, 600],
      ['3e', 20, 2_000],
    ] as const
  ).map(([name, perOp, maxMs]) => {
    const [right, top] = [fixed(x(perOp)), fixed(y(maxMs))];
    const path = `M${fixed(x(messages.from))} ${top} H${right} V${fixed(y(latency.from))}`;
    const at = `x="${Number(right) - 4}" y="${Number(top) - 4}" text-anchor="end"`;
    const text = `<text class="small" ${at}>${name}</text>`;
    return `<path d="${path}" fill="none" stroke="#9aa7d6" stroke-dasharray="5 4"/>${text}`;
  });
}

function frontier(rows: readonly Row[]): string {
  const sorted = rows.map(({ healthy }) => healthy).sort((a, b) => a.perOp - b.perOp);
  let lowest = Number.POSITIVE_INFINITY;
  const best = sorted.filter(({ maxMs }) => {
    if (maxMs >= lowest) return false;
    lowest = maxMs;
    return true;
  });
  const steps = best.map(({ perOp, maxMs }, nth) => {
    const before = best[nth - 1];
    const turn = before === undefined ? '' : `L${fixed(x(perOp))} ${fixed(y(before.maxMs))} `;
    return `${turn}${nth === 0 ? 'M' : 'L'}${fixed(x(perOp))} ${fixed(y(maxMs))}`;
  });
  const pen = `stroke="${colors.frontier}" stroke-width="2" opacity="0.5"`;
  return `<path d="${steps.join(' ')}" fill="none" ${pen}/>`;
}

function dotOf(row: Row, weather: 'healthy' | 'ring'): string {
  const { perOp, maxMs } = row[weather];
  const shape = weather === 'healthy' ? 'circle' : 'square';
  return dot(perOp, maxMs, colors[weather], `${row.label}, ${weather}`, shape);
}

function dot(
  perOp: number,
  maxMs: number,
  color: string,
  title: string,
  shape: 'circle' | 'square',
): string {
  const [left, top] = [x(perOp), y(maxMs)];
  const words = `${title}: ${perOp.toFixed(2)} messages, ${Math.round(maxMs)} ms`;
  const hint = `<title>${words.replaceAll('&', '&amp;')}</title>`;
  return shape === 'circle'
    ? `<circle cx="${fixed(left)}" cy="${fixed(top)}" r="4.5" fill="${color}">${hint}</circle>`
    : `<rect ${square(left - 4, top - 4)} fill="${color}">${hint}</rect>`;
}

function link({ healthy, ring }: Row): string {
  const [from, to] = [healthy, ring].map(
    ({ perOp, maxMs }) => `${fixed(x(perOp))} ${fixed(y(maxMs))}`,
  );
  return `<path d="M${from} L${to}" stroke="${colors.ring}" opacity="0.25"/>`;
}

function label({ label: words, healthy: { perOp, maxMs } }: Row): string {
  const at = `x="${fixed(x(perOp) + 7)}" y="${fixed(y(maxMs) - 5)}"`;
  return `<text class="small" ${at}>${words}</text>`;
}

function legend(): readonly string[] {
  return (
    [
      ['healthy, with the frontier', colors.healthy, 'circle'],
      ['majorities-ring partitions', colors.ring, 'square'],
      ['published by others', colors.other, 'circle'],
    ] as const
  ).map(([words, color, shape], nth) => {
    const [left, top] = [width - 230, 24 + 17 * nth];
    const mark =
      shape === 'circle'
        ? `<circle cx="${left}" cy="${top - 4}" r="4.5" fill="${color}"/>`
        : `<rect x="${left - 4}" y="${top - 8}" width="8" height="8" fill="${color}"/>`;
    return `${mark}<text x="${left + 10}" y="${top}">${words}</text>`;
  });
}

function square(left: number, top: number): string {
  return `x="${fixed(left)}" y="${fixed(top)}" width="8" height="8"`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
