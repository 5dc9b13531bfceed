// Panes with their edges: stacked beside the rows, or two of them below.
import { fitted, type Line, span } from '../scenario/diagram/span.js';
import { panes } from './panes/index.js';
import type { Pane } from './panes/pane.js';
import type { View } from './view.js';

/** The panes that are always there where there is room, from top to bottom. */
const stacked: readonly string[] = [
  ...['state', 'event', 'flight', 'faults', 'ops', 'checks', 'props', 'branches'],
];

/** Panes beside the rows: the one in focus gets what the others leave. One alone when zoomed. */
export function besideRows(view: View, width: number, height: number): readonly Line[] {
  const { pane: focus, zoomed } = view.stepper;
  const names = stacked.includes(focus)
    ? [...stacked]
    : [focus, ...stacked.filter((name) => name !== 'event' || focus !== 'why')];
  if (zoomed) return boxOf(view, focus, linesOf(view, focus, width), { width, height });
  const lines = new Map(names.map((name) => [name as string, linesOf(view, name, width)]));
  const order = [focus, ...names.filter((name) => name !== focus)];
  const wishes = order.map((name) => wishOf(view, name, lines.get(name)?.length ?? 0));
  const heights = new Map(sharedOut(wishes, height).map((rows, nth) => [order[nth] ?? '', rows]));
  return names.flatMap((name) =>
    boxOf(view, name, lines.get(name) ?? [], { width, height: heights.get(name) ?? 0 }),
  );
}

/** An edge with a line, for a start. */
const leastRows = 2;

/** Rows for panes, the important ones first: a little for each, then what it wishes, then all. */
function sharedOut(wishes: readonly number[], height: number): readonly number[] {
  const rows = wishes.map(() => 0);
  let left = height;
  for (const share of [leastRows, Number.POSITIVE_INFINITY]) {
    for (const [nth, wish] of wishes.entries()) {
      const more = wish < leastRows ? 0 : Math.min(wish, share) - (rows[nth] ?? 0);
      if (more > left && (rows[nth] ?? 0) === 0) continue;
      rows[nth] = (rows[nth] ?? 0) + Math.min(more, left);
      left -= Math.min(more, left);
    }
  }
  return rows.with(0, (rows[0] ?? 0) + left);
}

/** The rows that a pane fills, or would like to. */
function wishOf(view: View, name: string, lines: number): number {
  const pane = panes.get(name);
  if (pane === undefined) return 0;
  const isFocus = view.stepper.pane === name;
  return Math.min(lines + 1, (isFocus ? 2 : 1) * pane.rows + 1);
}

function linesOf(view: View, name: string, width: number): readonly Line[] {
  return panes.get(name)?.lines(view, width) ?? [];
}

/** The state of the node, and beside it the pane in focus. */
export function belowRows(view: View, width: number, height: number): readonly Line[] {
  const { pane: focus } = view.stepper;
  const right = focus === 'state' ? 'flight' : focus;
  // What is long has more of the room.
  const leftWidth = focus === 'why' || focus === 'checks' ? Math.floor(width / 4) : width >>> 1;
  const rightWidth = width - leftWidth - 1;
  const box = (name: string, columns: number): readonly Line[] =>
    boxOf(view, name, linesOf(view, name, columns), { width: columns, height });
  const left = box('state', leftWidth);
  const beside = box(right, rightWidth);
  return left.map((line, at) => [
    ...fitted(line, leftWidth),
    span(at === 0 ? '┬' : '│', 'faint'),
    ...fitted(beside[at] ?? [], rightWidth),
  ]);
}

/** Exactly `height` lines: an edge with the title, then what fits. */
function boxOf(
  view: View,
  name: string,
  lines: readonly Line[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly Line[] {
  const pane = panes.get(name);
  if (pane === undefined || height <= 0) return [];
  const isFocus = view.stepper.pane === name;
  const top = isFocus ? Math.min(view.stepper.paneTop, Math.max(0, lines.length - 1)) : 0;
  const shown = lines.slice(top, top + height - 1);
  const hidden = lines.length - top - shown.length;
  const more = hidden > 0 ? ` ${hidden} more ` : '';
  const edge = edgeOf(pane, view, isFocus, width - more.length);
  return [
    [...edge, span(more, 'faint')],
    ...shown,
    ...Array.from({ length: height - 1 - shown.length }, (): Line => []),
  ];
}

function edgeOf(pane: Pane, view: View, isFocus: boolean, width: number): Line {
  const title = ` ${pane.title(view)} `;
  const rest = '─'.repeat(Math.max(0, width - title.length - 2));
  return [
    span('─', 'faint'),
    span(isFocus ? '❯' : '─', isFocus ? 'strong' : 'faint'),
    span(title, isFocus ? 'strong' : 'plain'),
    span(rest.slice(0, Math.max(0, width - title.length - 2)), 'faint'),
  ];
}
