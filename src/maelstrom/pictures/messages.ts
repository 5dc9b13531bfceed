// The messages of a run as a space-time diagram in the manner of Lamport: a lane for each party,
// time goes down one step an event, an arrow for each message. Messages that were lost are drawn,
// too, up to where they got, and say why.

import { isRecord } from '../../kernel/plain.js';
import { formatInstant } from '../../kernel/time.js';
import type { JournalEvent } from '../store/journal.js';
import { isClient, bodyText as jsonText } from '../store/journal.js';
import type { Caption } from './chart.js';
import { cut, escaped, px, svgDocument } from './markup.js';

/** Events that are drawn; the rest is only in the journal. */
export const drawnMax = 10_000;

const [rowHeight, top, left, widthMin, laneMin] = [20, 104, 96, 1_200, 72] as const;
const [labelMax, titleMax] = [48, 2_000] as const;

/** The lanes' names stand above them again after so many rows. */
const namesEvery = 50;

/** A message from its sending to an end of it: the rows of both. */
interface Arrow {
  readonly sent: JournalEvent;
  readonly from: number;
  readonly end: JournalEvent | undefined;
  readonly to: number;
}

/**
 * The picture of the first events; `total` is how many there were. The clients of one worker, who
 * come one after the other, share a lane. Pure.
 */
export function messagesPicture(
  events: readonly JournalEvent[],
  { total, workers }: { readonly total: number; readonly workers: number },
  caption: Caption,
): string {
  const drawn = events.slice(0, drawnMax);
  const lanes = lanesOf(drawn, workers);
  const gap = Math.max(laneMin, Math.floor((widthMin - left - 60) / Math.max(1, lanes.length)));
  const width = Math.max(widthMin, left + lanes.length * gap + 60);
  const height = top + (drawn.length + 2) * rowHeight;
  const laneX = new Map(lanes.map((name, nth) => [name, left + (nth + 0.5) * gap]));
  const x = (name: string): number => laneX.get(laneOf(name, workers)) ?? left;
  const arrows = arrowsOf(drawn);
  const note =
    total > drawn.length
      ? `Only the first ${drawn.length} of ${total} events are drawn; messages.ndjson has all.`
      : `${total} events, one step each: the picture is not to scale in time.`;
  return svgDocument({ width, height, title: 'Messages', style }, [
    '<defs>',
    ...['client', 'server', 'error'].map(arrowHead),
    '</defs>',
    '<text class="title" x="24" y="28">Messages</text>',
    `<text class="soft" x="24" y="48">${escaped(caption.about)}</text>`,
    `<text class="soft" x="24" y="66">${escaped(note)}</text>`,
    ...lanes.map((name) => lane(name, x(name), height)),
    ...instants(drawn),
    ...strikes(drawn, caption, width),
    ...arrows.map((arrow) => arrowLine(arrow, x)),
    ...arrows.map((arrow) => arrowLabel(arrow, x)),
  ]);
}

const style = `
.lane { stroke: var(--line); stroke-width: 2; }
.name { font-weight: 600; }
.client { stroke: var(--ok); } .server { stroke: var(--server); } .error { stroke: var(--bad); }
.head-client { fill: var(--ok); } .head-server { fill: var(--server); }
.head-error { fill: var(--bad); }
.arrow { fill: none; stroke-width: 1.4; }
.lost { stroke: var(--bad); stroke-dasharray: 5 3; }
.cross { stroke: var(--bad); stroke-width: 2; }
.label { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.text-client { fill: var(--ok); } .text-error, .text-lost { fill: var(--bad); }
.strike { stroke: var(--band); stroke-width: 1.5; stroke-dasharray: 8 4; }
.strike-text { fill: var(--band); }`;

/** Clients first, then nodes, each by number; what has none, services, comes last. */
function lanesOf(events: readonly JournalEvent[], workers: number): readonly string[] {
  const parties = events.flatMap(({ message: { src, dest } }) => [src, dest]);
  const names = [...new Set(parties.map((party) => laneOf(party, workers)))];
  return names.sort((a, b) => {
    const [one, other] = [placeOf(a), placeOf(b)];
    return one.rank - other.rank || one.number - other.number || (a < b ? -1 : a > b ? 1 : 0);
  });
}

/** Worker w has the clients w, w + `workers` … */
function laneOf(party: string, workers: number): string {
  const process = /^c(\d+)$/.exec(party)?.[1];
  return process === undefined ? party : `c${Number(process) % workers}`;
}

function placeOf(name: string): { readonly rank: number; readonly number: number } {
  const number = /^[A-Za-z]+(\d+)$/.exec(name)?.[1];
  const rank = isClient(name) ? 0 : number === undefined ? 2 : 1;
  return { rank, number: Number(number ?? -1) };
}

/** Arrows in the order of their ends; messages without any end come last. */
function arrowsOf(events: readonly JournalEvent[]): readonly Arrow[] {
  const open = new Map<
    number,
    { readonly sent: JournalEvent; readonly from: number; ends: number }
  >();
  const arrows: Arrow[] = [];
  for (const [to, end] of events.entries()) {
    const { id } = end.message;
    if (end.event === 'send') open.set(id, { sent: end, from: to, ends: 0 });
    const begun = open.get(id);
    if (end.event === 'send' || end.event === 'hold' || begun === undefined) continue;
    begun.ends++;
    arrows.push({ sent: begun.sent, from: begun.from, end, to });
  }
  for (const { sent, from, ends } of open.values()) {
    if (ends === 0) arrows.push({ sent, from, end: undefined, to: from + 1 });
  }
  return arrows;
}

function rowY(row: number): number {
  return top + (row + 1) * rowHeight;
}

function arrowHead(kind: string): string {
  return (
    `<marker id="${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" ` +
    `orient="auto-start-reverse"><path class="head-${kind}" d="M0 1L10 5L0 9z"/></marker>`
  );
}

function lane(name: string, x: number, height: number): string {
  const names: string[] = [];
  for (let row = -1; rowY(row) < height; row += namesEvery) {
    const y = rowY(row) - 8;
    names.push(`<text class="name middle label" x="${px(x)}" y="${y}">${escaped(name)}</text>`);
  }
  const line = `<line class="lane" x1="${px(x)}" x2="${px(x)}" y1="${top}" y2="${height}"/>`;
  return line + names.join('');
}

/** The virtual time at the left, where it has moved on. */
function instants(events: readonly JournalEvent[]): readonly string[] {
  let before = -1;
  return events.flatMap(({ timeUs }, row) => {
    if (timeUs === before) return [];
    before = timeUs;
    return [
      `<text class="soft mono end" x="${left - 12}" y="${rowY(row) + 4}">` +
        `${formatInstant(timeUs)}</text>`,
    ];
  });
}

/** Where faults began and ended. */
function strikes(
  events: readonly JournalEvent[],
  { strikes: all }: Caption,
  width: number,
): readonly string[] {
  const lastUs = events.at(-1)?.timeUs ?? 0;
  const moments = all.flatMap(({ name, startUs, endUs }) => [
    { text: `${name} begins`, atUs: startUs },
    { text: `${name} ends`, atUs: endUs },
  ]);
  const byRow = new Map<number, string[]>();
  for (const { text, atUs } of moments) {
    if (atUs > lastUs) continue;
    const row = events.findIndex(({ timeUs }) => timeUs >= atUs);
    byRow.set(row, [...(byRow.get(row) ?? []), text]);
  }
  return [...byRow].map(([row, texts]) => {
    const y = rowY(row) - rowHeight / 2;
    return (
      `<line class="strike" x1="${left}" x2="${width - 16}" y1="${y}" y2="${y}"/>` +
      `<text class="strike-text end label" x="${width - 20}" y="${y - 4}">` +
      `${escaped(texts.join(', '))}</text>`
    );
  });
}

type Kind = 'client' | 'server' | 'error';

function kindOf({ message: { src, dest, body } }: JournalEvent): Kind {
  if (typeOf(body) === 'error') return 'error';
  return isClient(src) || isClient(dest) ? 'client' : 'server';
}

/** How far a lost message gets. */
const lostShare = 0.6;

interface Ends {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

function endsOf({ sent, from, end, to }: Arrow, x: (name: string) => number): Ends {
  const { src, dest } = sent.message;
  const [x1, y1, x3, y3] = [x(src), rowY(from), x(dest), rowY(to)];
  if (end?.event === 'recv') return { x1, y1, x2: x3, y2: y3 };
  const dropped = end === undefined ? 0.3 : lostShare;
  return { x1, y1, x2: x1 + (x3 - x1) * dropped, y2: y1 + (y3 - y1) * dropped };
}

function arrowLine(arrow: Arrow, x: (name: string) => number): string {
  const { sent, end } = arrow;
  const { x1, y1, x2, y2 } = endsOf(arrow, x);
  const title = `<title>${escaped(detailOf(arrow))}</title>`;
  if (end?.event !== 'recv') {
    const cross =
      end === undefined
        ? ''
        : `<path class="cross" d="M${px(x2 - 4)} ${px(y2 - 4)}l8 8m0-8l-8 8"/>`;
    const kind = end === undefined ? kindOf(sent) : 'lost';
    const path = `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}`;
    return `<g>${title}<path class="arrow ${kind}" d="${path}"/>${cross}</g>`;
  }
  const kind = kindOf(sent);
  // A message of a node to itself goes out and comes back.
  const path =
    sent.message.src === sent.message.dest
      ? `M${px(x1)} ${px(y1)}C${px(x1 + 34)} ${px(y1)} ${px(x1 + 34)} ${px(y2)} ${px(x2)} ${px(y2)}`
      : `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}`;
  return `<g>${title}<path class="arrow ${kind}" marker-end="url(#${kind})" d="${path}"/></g>`;
}

function arrowLabel(arrow: Arrow, x: (name: string) => number): string {
  const { sent, end } = arrow;
  const { x1, y1, x2, y2 } = endsOf(arrow, x);
  const lost = end?.event === 'drop';
  const why = lost ? ` ✗ ${end.why ?? 'lost'}` : '';
  const text = `${cut(bodyText(sent.message.body), labelMax)}${why}`;
  const kind = lost ? 'lost' : kindOf(sent);
  const own = sent.message.src === sent.message.dest ? 40 : 0;
  return (
    `<text class="label mono middle text-${kind}" x="${px((x1 + x2) / 2 + own)}" ` +
    `y="${px((y1 + y2) / 2 - 3)}">${escaped(text)}</text>`
  );
}

function detailOf({ sent, end }: Arrow): string {
  const { timeUs, message } = sent;
  const { src, dest, body, id } = message;
  const fate =
    end === undefined
      ? 'not there when the picture ends'
      : end.event === 'recv'
        ? `received ${formatInstant(end.timeUs)} s`
        : `lost ${formatInstant(end.timeUs)} s: ${end.why ?? 'unknown why'}`;
  const head = `${src} → ${dest}, message ${id}, sent ${formatInstant(timeUs)} s, ${fate}`;
  return `${head}\n${cut(jsonText(body), titleMax)}`;
}

/** The type, then the other fields but those that pair replies with requests. */
function bodyText(body: unknown): string {
  if (typeof body !== 'object' || body === null || !isRecord(body)) return jsonText(body);
  let text = String(body.type);
  for (const name of Object.keys(body)) {
    if (!pairing.has(name)) text += ` ${name} ${jsonText(body[name])}`;
  }
  return text;
}

/** The type, which comes first, and what pairs replies with requests. */
const pairing: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);

function typeOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && isRecord(body) ? body.type : undefined;
}
