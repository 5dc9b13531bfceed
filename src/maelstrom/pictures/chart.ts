// A chart of a run over its virtual time: title, axes, faults as shaded bands with their names
// above, a legend below. What is drawn within is the caller's.
import type { Micros } from '../../kernel/time.js';
import { cut, escaped, px, svgDocument } from './markup.js';
import { type Scale, timeScale } from './scale.js';

/** A fault as pictures show it. */
export interface Strike {
  readonly name: string;
  readonly startUs: Micros;
  readonly endUs: Micros;
}

/** What pictures say about the run. */
export interface Caption {
  /** `broadcast on 25 nodes, seed 1`. */
  readonly about: string;
  readonly strikes: readonly Strike[];
  readonly endUs: Micros;
}

interface LegendEntry {
  /** A mark of about 12 × 12 pixels around the origin. */
  readonly mark: string;
  readonly label: string;
}

/** Where values lie on the picture, in pixels. */
interface Place {
  readonly x: (us: Micros) => number;
  readonly y: (value: number) => number;
}

const [width, plotHeight, left, right, top] = [960, 340, 84, 24, 76] as const;
const plotWidth = width - left - right;
const [stripHeight, rowHeight] = [7, 24] as const;
const legendColumns = 5;

/** The picture, as text. Pure. */
export function chart(
  picture: {
    readonly title: string;
    readonly caption: Caption;
    readonly y: Scale;
    readonly yTitle: string;
    readonly legend: readonly LegendEntry[];
    readonly note?: string | undefined;
    readonly style?: string;
  },
  draw: (place: Place) => readonly string[],
): string {
  const { title, caption, y, yTitle, legend, note } = picture;
  const names = [...new Set(caption.strikes.map(({ name }) => name))];
  const plotTop = top + names.length * 14;
  const time = timeScale(caption.endUs);
  const place: Place = {
    x: (us) => left + time.shareOf(us) * plotWidth,
    y: (value) => plotTop + (1 - y.shareOf(value)) * plotHeight,
  };
  const bottom = plotTop + plotHeight;
  const rows = Math.ceil(legend.length / legendColumns);
  const legendTop = bottom + 56;
  const height = legendTop + rows * rowHeight + (note === undefined ? 0 : 20) + 8;
  return svgDocument({ width, height, title, style: picture.style ?? '' }, [
    `<text class="title" x="${left}" y="28">${escaped(title)}</text>`,
    `<text class="soft" x="${left}" y="48">${escaped(cut(caption.about, 130))}</text>`,
    ...bands(caption.strikes, names, place, bottom),
    ...frame(time, y, plotTop),
    `<text class="soft middle" transform="translate(20 ${px(plotTop + plotHeight / 2)}) ` +
      `rotate(-90)">${escaped(yTitle)}</text>`,
    `<text class="soft middle" x="${px(left + plotWidth / 2)}" y="${bottom + 38}">` +
      'virtual time, s</text>',
    ...draw(place),
    ...legend.map((entry, nth) => legendEntry(entry, nth, legendTop)),
    ...(note === undefined
      ? []
      : [`<text class="soft" x="${left}" y="${height - 12}">${escaped(note)}</text>`]),
  ]);
}

/** Each kind of fault has a row of strips above the plot, and shades the plot below. */
function bands(
  strikes: readonly Strike[],
  names: readonly string[],
  { x }: Place,
  bottom: number,
): readonly string[] {
  const labels = names.map((name, row) => {
    const y = top + row * 14;
    return `<text class="soft end" x="${left - 8}" y="${y + 2}">${escaped(cut(name, 12))}</text>`;
  });
  const shaded = strikes.map(({ name, startUs, endUs }) => {
    const from = x(startUs);
    const length = Math.max(1, x(endUs) - from);
    const y = top + names.indexOf(name) * 14 - 6;
    return (
      `<g><rect class="band" x="${px(from)}" y="${y}" width="${px(length)}" ` +
      `height="${bottom - y}"/><rect class="strip" x="${px(from)}" y="${y}" ` +
      `width="${px(length)}" height="${stripHeight}" rx="2"/>` +
      `<title>${escaped(`${name}, ${startUs / 1_000_000}–${endUs / 1_000_000} s`)}</title></g>`
    );
  });
  return [...shaded, ...labels];
}

function frame(time: Scale, y: Scale, plotTop: number): readonly string[] {
  const bottom = plotTop + plotHeight;
  const lines = y.ticks.map(({ share, label }) => {
    const at = px(plotTop + (1 - share) * plotHeight);
    return (
      `<line class="grid" x1="${left}" x2="${left + plotWidth}" y1="${at}" y2="${at}"/>` +
      `<text class="soft end" x="${left - 8}" y="${px(Number(at) + 4)}">${escaped(label)}</text>`
    );
  });
  const times = time.ticks.map(({ share, label }) => {
    const at = px(left + share * plotWidth);
    return (
      `<line class="axis" x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 5}"/>` +
      `<text class="soft middle" x="${at}" y="${bottom + 19}">${escaped(label)}</text>`
    );
  });
  const axis =
    `<line class="axis" x1="${left}" x2="${left + plotWidth}" ` + `y1="${bottom}" y2="${bottom}"/>`;
  return [...lines, axis, ...times];
}

function legendEntry({ mark, label }: LegendEntry, nth: number, y: number): string {
  const column = nth % legendColumns;
  const x = left + 8 + (column * plotWidth) / legendColumns;
  const row = y + Math.floor(nth / legendColumns) * rowHeight;
  return (
    `<g transform="translate(${px(x)} ${px(row)})">${mark}` +
    `<text x="14" y="4">${escaped(cut(label, 24))}</text></g>`
  );
}

/** A line through points, in order, with gaps where there are none. */
export function polyline(
  points: readonly (readonly [x: number, y: number] | undefined)[],
  attributes: string,
): string {
  let path = '';
  let pen = 'M';
  for (const point of points) {
    if (point === undefined) pen = 'M';
    else {
      path += `${pen}${px(point[0])} ${px(point[1])}`;
      pen = 'L';
    }
  }
  return `<path d="${path}" fill="none" ${attributes}/>`;
}
