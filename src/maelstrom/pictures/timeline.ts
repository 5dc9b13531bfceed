// What clients did, as a page: a column for each worker, a bar for each operation from its
// invocation to its completion, in the colours of Jepsen's timeline. Time goes down, one step an
// event, so that operations that took no time at all can be read, too.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { showValue } from '../../history/value.js';
import { formatInstant } from '../../kernel/time.js';
import type { Caption } from './chart.js';
import { cut, escaped, htmlDocument } from './markup.js';

/** Operations that are drawn, as in Jepsen. */
const drawnMax = 10_000;

const [rowHeight, columnWidth, left, head] = [17, 200, 176, 34] as const;

/** An operation and the rows that it takes. */
interface Bar {
  readonly op: Op;
  readonly done: Op | undefined;
  readonly from: number;
  readonly to: number;
}

/** The page, as text; worker w has the processes w, w + `workers` … Pure. */
export function timelinePage(history: History, workers: number, caption: Caption): string {
  const { bars, times } = barsOf(history);
  const invoked = history.ops.filter(
    ({ type, process }) => type === 'invoke' && process !== 'nemesis',
  ).length;
  const columns = [...new Set(bars.map(({ op }) => Number(op.process) % workers))].sort(
    (a, b) => a - b,
  );
  const columnOf = new Map(columns.map((worker, nth) => [worker, nth]));
  const height = head + (times.length + 2) * rowHeight;
  const width = left + columns.length * columnWidth + 16;
  const note =
    bars.length < invoked
      ? `Only the first ${bars.length} of ${invoked} operations are drawn; history.ndjson has all.`
      : `${bars.length} operations. Time goes down one step an event, not to scale.`;
  return htmlDocument({ title: `Timeline: ${caption.about}`, style }, [
    '<h1>Timeline</h1>',
    `<p>${escaped(caption.about)}<br>${escaped(note)} Point at an operation to see all of it.</p>`,
    `<p>${legend()}</p>`,
    `<div class="scroll"><div class="page" style="width:${width}px;height:${height}px">`,
    `<div class="heads" style="width:${width}px">${columns.map(headOf).join('')}</div>`,
    ...bandsOf(times, caption, width),
    ...instantsOf(times),
    ...bars.map((bar) => barOf(bar, columnOf.get(Number(bar.op.process) % workers) ?? 0)),
    '</div></div>',
  ]);
}

const style = `
body { font: 14px/1.5 system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; margin: 24px;
  color: var(--ink); background: var(--paper); }
h1 { font-size: 20px; margin: 0 0 8px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
.page { position: relative; }
.page > * { position: absolute; }
.heads { position: sticky; top: 0; height: 28px; background: var(--panel); z-index: 2;
  border-bottom: 1px solid var(--line); }
.heads b { position: absolute; top: 4px; font-weight: 600; }
.op { box-sizing: border-box; width: ${columnWidth - 8}px; border-radius: 3px; overflow: hidden;
  padding: 0 5px; font: 11px/15px ui-monospace, 'DejaVu Sans Mono', Menlo, monospace;
  white-space: nowrap; text-overflow: ellipsis; color: #14202b; z-index: 1; }
.op:hover { outline: 2px solid var(--ink); }
.ok { background: var(--ok-fill); } .info { background: var(--info-fill); }
.fail { background: var(--fail-fill); }
.open { background: var(--info-fill); border-bottom: 3px dashed var(--ink); }
.at { left: 0; width: ${left - 12}px; text-align: right; color: var(--soft);
  font: 11px/15px ui-monospace, 'DejaVu Sans Mono', Menlo, monospace; }
.band { left: 0; background: color-mix(in srgb, var(--band) 9%, transparent);
  border-top: 1px dashed var(--band); box-sizing: border-box; }
.strike { left: 6px; color: var(--band); font-size: 11px; line-height: 15px; font-weight: 600; }
.key { display: inline-block; border-radius: 3px; padding: 0 8px; margin-right: 8px;
  color: #14202b; }`;

function legend(): string {
  const entries = [
    ['ok', 'ok: it happened'],
    ['info', 'info: nobody knows'],
    ['fail', 'fail: it did not happen'],
  ] as const;
  return entries.map(([type, text]) => `<span class="key ${type}">${text}</span>`).join('');
}

function headOf(worker: number, nth: number): string {
  return `<b style="left:${left + nth * columnWidth + 4}px">worker ${worker}</b>`;
}

/** The bars of the first operations, and the time of each row. */
function barsOf(history: History): { readonly bars: readonly Bar[]; readonly times: number[] } {
  const bars: { op: Op; done: Op | undefined; from: number; to: number }[] = [];
  const times: number[] = [];
  const open = new Map<number, (typeof bars)[number]>();
  for (const op of history.ops) {
    if (op.process === 'nemesis') continue;
    const begun = open.get(op.process);
    if (op.type === 'invoke') {
      if (bars.length === drawnMax) continue;
      const bar = { op, done: undefined, from: times.length, to: -1 };
      bars.push(bar);
      open.set(op.process, bar);
    } else if (begun !== undefined) {
      begun.done = op;
      begun.to = times.length;
      open.delete(op.process);
    } else continue;
    times.push(op.timeUs);
  }
  for (const bar of open.values()) bar.to = times.length;
  return { bars, times };
}

function rowY(row: number): number {
  return head + row * rowHeight;
}

function barOf({ op, done, from, to }: Bar, column: number): string {
  const type = done?.type ?? 'open';
  const height = Math.max(1, to - from) * rowHeight - 2;
  const place = `left:${left + column * columnWidth}px;top:${rowY(from)}px;height:${height}px`;
  const text = joined(op.f, valueText(op, done, 28));
  return (
    `<div class="op ${type}" style="${place}" title="${escaped(detailOf(op, done))}">` +
    `${escaped(cut(text, 60))}</div>`
  );
}

/** What was asked, then what was answered, if it says more, or why there was no answer. */
function valueText(op: Op, done: Op | undefined, lengthMax: number): string {
  const asked = brief(op.value, lengthMax);
  if (done?.error !== undefined) return joined(asked, done.error);
  const found = done?.type === 'ok' ? brief(done.value, lengthMax) : '';
  return found === '' || found === asked ? asked : joined(asked, `→ ${found}`);
}

function brief(value: unknown, lengthMax: number): string {
  return value === undefined || value === null ? '' : showValue(value, lengthMax);
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

function detailOf(op: Op, done: Op | undefined): string {
  const at = op.node === undefined ? '' : ` at ${op.node}`;
  const asked = brief(op.value, 400);
  const lines = [
    `${op.f} by process ${op.process}${at}`,
    joined(`invoked ${formatInstant(op.timeUs)} s, operation ${op.index}`, asked),
  ];
  if (done === undefined) return [...lines, 'never completed'].join('\n');
  const end = `${done.type} ${formatInstant(done.timeUs)} s, operation ${done.index}`;
  return [...lines, joined(end, done.error ?? '', brief(done.value, 400))].join('\n');
}

/** Times are written where they have moved on, and not too densely. */
function instantsOf(times: readonly number[]): readonly string[] {
  let last = -1;
  return times.flatMap((timeUs, row) => {
    if (timeUs === last) return [];
    last = timeUs;
    return [`<div class="at" style="top:${rowY(row)}px">${formatInstant(timeUs)}</div>`];
  });
}

function bandsOf(times: readonly number[], { strikes }: Caption, width: number): readonly string[] {
  const rowAt = (us: number): number => {
    const row = times.findIndex((timeUs) => timeUs >= us);
    return row < 0 ? times.length : row;
  };
  const names = new Map<number, string[]>();
  const bands = strikes.map(({ name, startUs, endUs }) => {
    const [from, to] = [rowAt(startUs), rowAt(endUs)];
    names.set(from, [...(names.get(from) ?? []), name]);
    const place = `top:${rowY(from)}px;height:${Math.max(2, (to - from) * rowHeight)}px`;
    return `<div class="band" style="${place};width:${width}px"></div>`;
  });
  const labels = [...names].map(([row, all]) => {
    return `<div class="strike" style="top:${rowY(row)}px">${escaped(all.join(', '))}</div>`;
  });
  return [...bands, ...labels];
}
