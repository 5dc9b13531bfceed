// A witness as a page to look at, complete in itself: a lane for each process, a bar for each
// operation, and a line through them for each longest partial linearization. In the manner of
// Porcupine's visualization.
import { compareValues, showValue } from '../../history/value.js';
import { statesOf } from './longest-orders.js';
import { pageScript, pageStyle } from './picture-page.js';
import { open } from './timeline.js';
import { operationAt, type Witness } from './witness.js';
import { describeActor, describeOperation } from './words.js';

/** How many operations before the end are drawn, beside those that conflict. */
const drawnMax = 240;
const [rankWidth, laneHeight, barHeight, left, top] = [26, 46, 30, 90, 30] as const;

/** A bar: where it is drawn, in pixels. */
interface Bar {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The page, as text. Pure. */
export function pictureOf(witness: Witness): string {
  const bars = barsOf(witness);
  const clients = lanesOf(witness, [...bars.keys()]);
  const width = left + Math.max(200, ...[...bars.values()].map(({ x, width }) => x + width)) + 40;
  const height = top + clients.length * laneHeight + 20;
  const title = `Not linearizable: ${describeActor(operationAt(witness, witness.stuck))}`;
  const lanes = clients.map((client, lane) => {
    const y = top + lane * laneHeight;
    return `<text class="lane" x="8" y="${y + barHeight / 2 + 5}">process ${client}</text>`;
  });
  const drawn = [...bars.values()].map((bar) => barOf(witness, bar));
  const orders = witness.partials.map((_, nth) => orderOf(witness, nth, bars));
  const omitted = witness.prefix.operations.length - bars.size;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(title)}</title><style>${pageStyle}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    `<p>${escaped(leadOf(witness, omitted))}</p>`,
    `<p id="orders">${buttonsOf(witness)}</p>`,
    `<div class="scroll"><svg width="${width}" height="${height}">`,
    ...lanes,
    ...drawn,
    ...orders,
    '</svg></div><pre id="detail">Point at an operation.</pre>',
    `<script>${pageScript}</script></body></html>`,
    '',
  ].join('\n');
}

function leadOf({ model, prefix, shortest }: Witness, omitted: number): string {
  const key = prefix.key === undefined ? '' : ` on key ${showValue(prefix.key)}`;
  const extent = `${prefix.operations.length} operations${key}`;
  const which = shortest ? 'The shortest' : 'A';
  const left = omitted > 0 ? ` The first ${omitted} that do not conflict are not drawn.` : '';
  return (
    `${which} prefix that a ${model.name} cannot explain has ${extent}. Dark bars conflict; the ` +
    `red one cannot take effect before it returns. Open bars have an unknown outcome.${left}`
  );
}

function buttonsOf({ partials }: Witness): string {
  if (partials.length === 0) return 'No longest partial linearization was found within the bound.';
  const buttons = partials.map(
    (order, nth) => `<button data-order="${nth}">${nth + 1}: ${order.length} operations</button>`,
  );
  return `Longest partial linearizations: ${buttons.join(' ')}`;
}

/** The bars of what conflicts and of what came last, by position; ranks are closed up. */
function barsOf(witness: Witness): ReadonlyMap<number, Bar> {
  const { prefix, conflict } = witness;
  const count = prefix.operations.length;
  const chosen = new Set(conflict);
  for (let at = count - 1; at >= 0 && chosen.size < drawnMax; at--) chosen.add(at);
  const drawn = [...chosen].sort((a, b) => a - b);
  const lanes = lanesOf(witness, drawn);
  const end = prefix.events.length;
  const ranks = drawn.flatMap((at) => [rankOf(prefix.calls, at), rankOf(prefix.returns, at)]);
  const used = [...new Set(ranks.filter((rank) => rank !== open))].sort((a, b) => a - b);
  const column = new Map([...used, end].map((rank, nth) => [rank, nth]));
  return new Map(
    drawn.map((at) => {
      const from = column.get(rankOf(prefix.calls, at)) ?? 0;
      const done = rankOf(prefix.returns, at);
      const to = column.get(done === open ? end : done) ?? 0;
      const lane = lanes.indexOf(operationAt(witness, at).client);
      const place = { x: left + from * rankWidth, y: top + lane * laneHeight };
      return [at, { at, ...place, width: (to - from) * rankWidth }];
    }),
  );
}

/** The processes of some operations, in order. */
function lanesOf(witness: Witness, positions: readonly number[]): readonly number[] {
  const clients = new Set(positions.map((at) => operationAt(witness, at).client));
  return [...clients].sort(compareValues);
}

function barOf(witness: Witness, { at, x, y, width }: Bar): string {
  const operation = operationAt(witness, at);
  const kinds = [
    'bar',
    at === witness.stuck ? 'stuck' : witness.conflict.includes(at) ? 'conflict' : '',
    rankOf(witness.prefix.returns, at) === open ? 'open' : '',
  ];
  const detail = [describeActor(operation), `called at ${operation.call}`, returnOf(witness, at)];
  return (
    `<g class="${kinds.join(' ').trim()}" data-at="${at}" ` +
    `data-detail="${escaped(detail.join('\n'))}">` +
    `<rect x="${x}" y="${y}" width="${width}" height="${barHeight}" rx="4"/>` +
    `<text x="${x + 5}" y="${y + barHeight / 2 + 4}">` +
    `${escaped(describeOperation(operation))}</text></g>`
  );
}

function returnOf(witness: Witness, at: number): string {
  const { return: done } = operationAt(witness, at);
  return Number.isFinite(done) ? `returned at ${done}` : 'had not returned';
}

/** A line through the bars in the order in which they take effect, with what each leaves behind. */
function orderOf(witness: Witness, nth: number, bars: ReadonlyMap<number, Bar>): string {
  const order = witness.partials[nth] ?? [];
  const states = statesOf(witness.prefix, witness.model, order);
  const points: string[] = [];
  const marks: string[] = [];
  let now: number = left;
  for (const [position, at] of order.entries()) {
    const bar = bars.get(at);
    if (bar === undefined) continue;
    now = Math.max(now + 4, bar.x + 6);
    const x = Math.min(now, bar.x + Math.max(6, bar.width - 3));
    const y = bar.y + barHeight / 2;
    points.push(`${x},${y}`);
    const state = escaped(`${position + 1}. leaves ${showValue(states[position], 200)}`);
    marks.push(
      `<circle cx="${x}" cy="${y}" r="4" data-at="${at}"><title>${state}</title></circle>`,
    );
  }
  const line = `<polyline points="${points.join(' ')}"/>`;
  return `<g class="order" data-order="${nth}">${line}${marks.join('')}</g>`;
}

function rankOf(ranks: Int32Array, at: number): number {
  return ranks[at] as number;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
