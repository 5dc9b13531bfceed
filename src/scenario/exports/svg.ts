// A space-time diagram as a picture: time runs down, a lane a node, messages slant from where they
// were sent to where they arrived, crosses are losses, yellow bands are faults.
import type { Lane } from '../diagram/lanes.js';
import type { Row } from '../diagram/row.js';
import { clockText } from '../diagram/show.js';
import { type Export, escaped, type Stretch } from './export.js';

export const svg: Export = {
  extension: '.svg',
  about: 'a picture',
  eventsMax: 1_000,
  write: (stretch) => `${drawing(stretch)}\n`,
};

const [left, top, laneWidth, rowHeight, textWidth] = [110, 50, 90, 16, 460] as const;

/** A colour a lane, told apart by those who see few colours, too. Source: Okabe & Ito 2008. */
const hues = ['#0072b2', '#cc79a7', '#009e73', '#56b4e9', '#7f5fb0', '#4d4d4d'] as const;

const style = [
  'text{font:11px ui-monospace,monospace;fill:#222}',
  '.f{fill:#888}.b{fill:#c00;font-weight:bold}.h{font-weight:bold}.w{fill:#9a6700}',
  'line{stroke:#bbb}.x{stroke:#c00;stroke-width:1.5;stroke-dasharray:4 2}',
].join('');

/** The picture as an element of its own, also for a page. */
export function drawing({ track, from, to, title }: Stretch): string {
  const { all } = track.rows.lanes;
  const rows: Row[] = [];
  for (let event = from; event < to; event++) {
    const row = track.rows.at(event);
    if (row !== undefined) rows.push(row);
  }
  const width = left + all.length * laneWidth + textWidth;
  const height = top + rows.length * rowHeight + 20;
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
    `<style>${style}</style><rect width="100%" height="100%" fill="#fff"/>`,
    `<text class="h" x="8" y="16">${escaped(title)}</text>`,
    ...all.map((lane, at) => laneOf(lane, at, height)),
    ...rows.map((row, at) => rowText(row, at, all.length)),
    ...rows.map((row, at) => rowArrows(row, at, from)),
    '</svg>',
  ].join('\n');
}

const xOf = (lane: number): number => left + lane * laneWidth + laneWidth / 2;
const yOf = (at: number): number => top + at * rowHeight;
const hueOf = (lane: number): string => hues[lane % hues.length] as string;

function laneOf({ name }: Lane, lane: number, height: number): string {
  const x = xOf(lane);
  const label = `<text class="h" x="${x}" y="36" text-anchor="middle">${escaped(name)}</text>`;
  return `${label}<line x1="${x}" y1="42" x2="${x}" y2="${height - 10}"/>`;
}

function rowText({ step, label, detail, tone }: Row, at: number, lanes: number): string {
  const y = yOf(at) + 4;
  const kind = tone === 'bad' ? ' class="b"' : tone === 'fault' ? ' class="w"' : '';
  const text = `${label}  ${detail}`.slice(0, 70);
  return [
    `<g id="e${step.index}"><title>event ${step.index}</title>`,
    `<text class="f" x="${left - 8}" y="${y}" text-anchor="end">`,
    `${step.index}  ${clockText(step.atUs)}</text>`,
    `<text${kind} x="${left + lanes * laneWidth + 10}" y="${y}">${escaped(text)}</text></g>`,
  ].join('');
}

/** What the row adds to the lanes. An arrow that began before the picture does comes from above. */
function rowArrows(row: Row, at: number, from: number): string {
  const y = yOf(at);
  const parts: string[] = [];
  const isArrival = row.source >= 0 && row.source !== row.lane;
  if (isArrival) {
    const sentY = yOf(Math.max(-1, row.step.cause - from));
    const lost = row.step.happening.kind !== 'deliver';
    const look = lost ? ' class="x"' : ` style="stroke:${hueOf(row.source)}"`;
    const line = `x1="${xOf(row.source)}" y1="${sentY}" x2="${xOf(row.lane)}" y2="${y}"`;
    parts.push(`<line${look} ${line}/>`);
  }
  for (const lane of row.lostTo) {
    const end = (xOf(row.lane) + 2 * xOf(lane)) / 3;
    parts.push(`<line class="x" x1="${xOf(row.lane)}" y1="${y}" x2="${end}" y2="${y + 8}"/>`);
    parts.push(`<text class="b" x="${end - 3}" y="${y + 12}">✗</text>`);
  }
  for (const lane of row.struck) {
    parts.push(`<rect x="${xOf(lane) - 7}" y="${y - 4}" width="14" height="8" fill="#e69f00"/>`);
  }
  if (row.lane >= 0) {
    const fill = row.tone === 'bad' ? '#c00' : hueOf(row.lane);
    parts.push(`<circle cx="${xOf(row.lane)}" cy="${y}" r="4" fill="${fill}"/>`);
  }
  return parts.join('');
}
