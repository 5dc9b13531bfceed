// Draws a row: lanes as columns of characters, the arrow on the row where the message arrives.
// `│` a node that is up, `┊` down, `┆` paused; `├──→●` from left to right, `●←──┤` back, `✗` lost.
import type { Lane } from './lanes.js';
import type { Row } from './row.js';
import { clockText } from './show.js';
import { type Line, laneTone, type Span, span, type Tone } from './span.js';

/** Which lanes are seen, and how wide each is. */
export interface Frame {
  readonly first: number;
  readonly count: number;
  /** Columns a lane, 2 at least. */
  readonly width: number;
}

/** Columns before the lanes: mark, number, time. */
export const prefixWidth = 18;

const widths = [5, 4, 3, 2] as const;

/** As many lanes as leave `labelWidth` columns for the text; around `focus` when not all fit. */
export function frameOf(
  lanes: number,
  columns: number,
  { focus = 0, labelWidth = 30 }: { readonly focus?: number; readonly labelWidth?: number } = {},
): Frame {
  const room = Math.max(4, columns - prefixWidth - labelWidth);
  const fit = widths.find((candidate) => lanes * candidate <= room);
  if (fit !== undefined) return { first: 0, count: lanes, width: fit };
  const width = 4;
  const count = Math.min(lanes, Math.max(1, Math.floor(room / width)));
  const first = Math.max(0, Math.min(lanes - count, focus - Math.floor(count / 2)));
  return { first, count, width };
}

const laneChars: ReadonlyMap<string, string> = new Map([
  ['u', '│'],
  ['d', '┊'],
  ['p', '┆'],
  ['l', ' '],
]);

/** The row's number, time, lanes and text, as long as it is. */
export function drawRow(row: Row, frame: Frame): Line {
  const { index, atUs } = row.step;
  return [
    span(`${String(index).padStart(7)} ${clockText(atUs).padStart(8)}  `, 'faint'),
    ...drawLanes(row, frame),
    ...drawText(row),
  ];
}

function drawText({ label, detail, tone }: Row): Line {
  return detail === '' ? [span(label, tone)] : [span(`${label}  `, tone), span(detail, 'faint')];
}

interface Canvas {
  readonly chars: string[];
  readonly tones: Tone[];
}

function drawLanes(row: Row, frame: Frame): Line {
  const { first, count, width } = frame;
  const canvas: Canvas = {
    chars: new Array<string>(count * width).fill(' '),
    tones: new Array<Tone>(count * width).fill('faint'),
  };
  for (let at = 0; at < count; at++) {
    const status = row.statuses[first + at] ?? 'l';
    put(canvas, at * width, laneChars.get(status) ?? ' ', 'faint');
  }
  const place = (lane: number): number => (lane - first) * width;
  if (row.step.happening.kind === 'phase') {
    for (let at = 0; at <= (count - 1) * width; at++) put(canvas, at, '═', 'strong');
  }
  for (const lane of row.struck) put(canvas, place(lane), row.glyph, 'fault');
  for (const lane of row.lostTo) arrow(canvas, place(row.lane), place(lane), { frame, lost: true });
  if (row.source >= 0 && row.source !== row.lane) {
    const lost = row.step.happening.kind === 'lost';
    arrow(canvas, place(row.source), place(row.lane), { frame, lost });
  }
  if (row.lane >= 0) markOf(row, canvas, place(row.lane));
  for (const lane of row.lostTo) put(canvas, place(lane), '✗', 'bad');
  return spansOf(canvas);
}

function markOf(row: Row, canvas: Canvas, at: number): void {
  const isLost = row.step.happening.kind === 'lost';
  if (isLost && row.source !== row.lane) return; // The arrow has its cross.
  put(canvas, at, row.glyph, row.tone === 'bad' ? 'bad' : laneTone(row.lane));
}

function arrow(
  canvas: Canvas,
  from: number,
  to: number,
  { frame, lost }: { readonly frame: Frame; readonly lost: boolean },
): void {
  if (from === to) return;
  const tone: Tone = lost ? 'bad' : laneTone(frame.first + from / frame.width);
  const right = to > from;
  const step = right ? 1 : -1;
  for (let at = from + step; at !== to; at += step) {
    put(canvas, at, at % frame.width === 0 ? '┼' : '─', tone);
  }
  put(canvas, from, right ? '├' : '┤', tone);
  put(canvas, to - step, lost ? '─' : right ? '→' : '←', tone);
  if (lost) put(canvas, to, '✗', 'bad');
}

function put({ chars, tones }: Canvas, at: number, char: string, tone: Tone): void {
  if (at < 0 || at >= chars.length) return;
  chars[at] = char;
  tones[at] = tone;
}

function spansOf({ chars, tones }: Canvas): Line {
  const spans: Span[] = [];
  let from = 0;
  for (let at = 1; at <= chars.length; at++) {
    if (at < chars.length && tones[at] === tones[from]) continue;
    spans.push(span(chars.slice(from, at).join(''), tones[from]));
    from = at;
  }
  return spans;
}

/** The names of the lanes, above them. */
export function drawHead(lanes: readonly Lane[], { first, count, width }: Frame): Line {
  return lanes.slice(first, first + count).map(({ name }, at) => {
    // Of n199 the end tells it from its neighbours, of lin-kv the start.
    const cut = /\d$/.test(name) ? name.slice(1 - width) : name.slice(0, width - 1);
    const fits = name.length < width ? name : cut;
    return span(fits.padEnd(width), laneTone(first + at));
  });
}
