// Two pictures of how long operations took: each as a mark, and quantiles of those acknowledged in
// windows of time. Jepsen's latency-raw and latency-quantiles, without gnuplot.

import { quantilesOf } from '../../checkers/quantiles.js';
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { type Caption, chart, polyline } from './chart.js';
import { escaped, px } from './markup.js';
import { briefDuration, decadeScale, type Scale, windowUs } from './scale.js';

/** An operation that came to an end. */
interface Ended {
  readonly startUs: number;
  readonly latencyUs: number;
  readonly type: 'ok' | 'fail' | 'info';
  readonly f: string;
}

/** Marks that are drawn; of more operations, evenly many are left out. */
const marksMax = 20_000;

const types = ['ok', 'info', 'fail'] as const;

const marks: readonly ((x: string, y: string) => string)[] = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="2.6"/>`,
  (x, y) => `<path d="M${x} ${y}m-2.6-2.6h5.2v5.2h-5.2z"/>`,
  (x, y) => `<path d="M${x} ${y}m0-3.4l3.2 5.6h-6.4z"/>`,
  (x, y) => `<path d="M${x} ${y}m0-3.6l3.6 3.6l-3.6 3.6l-3.6-3.6z"/>`,
];

const rawStyle = types
  .map((type) => `.${type} { fill: var(--${type}); fill-opacity: 0.6; }`)
  .join('\n');

/** Every operation: when it began, how long it took, how it ended. Pure. */
export function latencyRaw(history: History, caption: Caption): string {
  const all = endedIn(history);
  const functions = functionsIn(all);
  const step = Math.max(1, Math.ceil(all.length / marksMax));
  const shown = all.filter((_, nth) => nth % step === 0);
  const y = scaleOf(all);
  const kinds = functions.flatMap((f, nth) =>
    types
      .filter((type) => all.some((one) => one.f === f && one.type === type))
      .map((type) => ({
        label: `${f} ${type}`,
        mark: `<g class="${type}">${markOf(nth)('0', '0')}</g>`,
      })),
  );
  const note = step === 1 ? undefined : `One in ${step} of ${all.length} operations is drawn.`;
  const title = 'Latency of every operation';
  const picture = { title, caption, y, yTitle: 'latency', legend: kinds, note, style: rawStyle };
  return chart(picture, (place) =>
    types.map((type) => {
      const drawn = shown
        .filter((one) => one.type === type)
        .map(({ startUs, latencyUs, f }) => {
          const mark = markOf(functions.indexOf(f));
          return mark(px(place.x(startUs)), px(place.y(latencyUs)));
        });
      return `<g class="${type}">${drawn.join('')}</g>`;
    }),
  );
}

const quantiles = ['p50', 'p95', 'p99', 'max'] as const;

/** Windows that a picture has, more or less. */
const windowsWanted = 40;

/** Quantiles of acknowledged operations by when they began. Pure. */
export function latencyQuantiles(history: History, caption: Caption): string {
  const all = endedIn(history).filter(({ type }) => type === 'ok');
  const lengthUs = windowUs(caption.endUs, windowsWanted);
  const windows = Array.from(
    { length: Math.ceil(Math.max(1, caption.endUs) / lengthUs) },
    (): number[] => [],
  );
  for (const { startUs, latencyUs } of all) {
    windows[Math.min(windows.length - 1, Math.floor(startUs / lengthUs))]?.push(latencyUs);
  }
  const points = windows.map(quantilesOf);
  const legend = quantiles.map((point, nth) => ({
    label: point === 'max' ? 'slowest' : point,
    mark: `<line x1="-8" x2="8" y1="0" y2="0" ${lineOf(nth)}/>`,
  }));
  const title = 'Latency quantiles of acknowledged operations';
  const note = `Windows of ${briefDuration(lengthUs)}, by when operations were invoked.`;
  const picture = { title, caption, y: scaleOf(all), yTitle: 'latency', legend, note };
  return chart(picture, (place) =>
    quantiles.flatMap((name, nth) => {
      const line = points.map((point, window) =>
        point === undefined
          ? undefined
          : ([place.x((window + 0.5) * lengthUs), place.y(point[name])] as const),
      );
      const label = escaped(name === 'max' ? 'slowest' : name);
      const dots = line.flatMap((at) =>
        at === undefined
          ? []
          : [`<circle cx="${px(at[0])}" cy="${px(at[1])}" r="2" fill="var(--q${nth})"/>`],
      );
      return [`<g><title>${label}</title>${polyline(line, lineOf(nth))}${dots.join('')}</g>`];
    }),
  );
}

function lineOf(nth: number): string {
  return `stroke="var(--q${nth})" stroke-width="2" stroke-linejoin="round"`;
}

function scaleOf(all: readonly Ended[]): Scale {
  let [minUs, maxUs, zeros] = [Number.POSITIVE_INFINITY, 0, false];
  for (const { latencyUs } of all) {
    if (latencyUs > 0) minUs = Math.min(minUs, latencyUs);
    else zeros = true;
    maxUs = Math.max(maxUs, latencyUs);
  }
  return decadeScale(Number.isFinite(minUs) ? minUs : 1_000, Math.max(maxUs, 1_000), zeros);
}

function endedIn(history: History): readonly Ended[] {
  return history.ops.flatMap((op: Op): Ended[] => {
    if (op.process === 'nemesis' || op.type !== 'invoke') return [];
    const done = history.completionOf(op);
    if (done === undefined || done.type === 'invoke') return [];
    const latencyUs = done.timeUs - op.timeUs;
    return [{ startUs: op.timeUs, latencyUs, type: done.type, f: op.f }];
  });
}

/** In the order in which they first occur. */
function functionsIn(all: readonly Ended[]): readonly string[] {
  return [...new Set(all.map(({ f }) => f))];
}

function markOf(nth: number): (x: string, y: string) => string {
  return marks[nth % marks.length] as (x: string, y: string) => string;
}
