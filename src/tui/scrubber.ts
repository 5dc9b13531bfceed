// The whole run on one line: how much happened when, where faults were active, where it went wrong,
// and where one is. Time runs to the right.
import { type Line, type Span, span } from '../scenario/diagram/span.js';
import type { Violation } from '../scenario/walk.js';
import type { Timeline } from '../sim/timeline.js';

const levels = ' ▁▂▃▄▅▆▇█';

export function scrubber(
  timeline: Timeline,
  { cursor, violations }: { readonly cursor: number; readonly violations: readonly Violation[] },
  width: number,
): Line {
  const { nowUs } = timeline.front.queue;
  const columnOf = (us: number): number =>
    Math.min(width - 1, Math.floor((us * width) / Math.max(1, nowUs + 1)));
  const starts = Array.from({ length: width + 1 }, (_, column) =>
    column === width ? timeline.length : timeline.eventAt(Math.ceil((column * nowUs) / width)),
  );
  const counts = starts.slice(1).map((end, column) => end - (starts[column] ?? 0));
  const most = Math.max(1, ...counts);
  const faulty = faultColumns(timeline, columnOf, width);
  const cells: Span[] = counts.map((count, column) => {
    const level = levels[count === 0 ? 0 : 1 + Math.floor((7 * count) / most)] ?? ' ';
    if (!faulty[column]) return span(level, 'faint');
    return span(count * 3 > most ? '▒' : '░', 'fault');
  });
  const timeOf = (event: number): number => timeline.row(event)?.atUs ?? 0;
  for (const { event } of violations) cells[columnOf(timeOf(event))] = span('✗', 'bad');
  cells[columnOf(timeOf(cursor))] = span('█', 'strong');
  return merged(cells);
}

function faultColumns(
  timeline: Timeline,
  columnOf: (us: number) => number,
  width: number,
): readonly boolean[] {
  const faulty = new Array<boolean>(width).fill(false);
  const { faults, queue } = timeline.front;
  for (const { startUs, endUs } of faults) {
    if (startUs === undefined) continue;
    faulty.fill(true, columnOf(startUs), columnOf(endUs ?? queue.nowUs) + 1);
  }
  return faulty;
}

function merged(cells: readonly Span[]): Line {
  const spans: Span[] = [];
  for (const { text, tone } of cells) {
    const last = spans.at(-1);
    if (last?.tone === tone) spans[spans.length - 1] = span(last.text + text, tone);
    else spans.push(span(text, tone));
  }
  return spans;
}
