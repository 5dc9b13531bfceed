// The screen as lines, as wide and as high as the terminal: header, scrubber, rows and panes, what
// was said last, footer. What is open (help, a menu) lies over it.
import { drawHead, drawRow, frameOf, prefixWidth } from '../scenario/diagram/draw.js';
import { filterOf } from '../scenario/diagram/filter.js';
import type { Row } from '../scenario/diagram/row.js';
import { clockText } from '../scenario/diagram/show.js';
import { fitted, type Line, printable, type Span, span } from '../scenario/diagram/span.js';
import { verdictText } from './branches.js';
import { overlay } from './overlay.js';
import { belowRows, besideRows } from './pane-box.js';
import { promptLine } from './prompt.js';
import { scrubber } from './scrubber.js';
import { eventAt, placeOf, shownCount } from './shown.js';
import type { Stepper } from './stepper.js';
import { viewOf } from './view.js';

/** Below this there is nothing but a sentence. */
const least = { columns: 40, rows: 10 } as const;

/** Panes lie beside the rows from this width on. */
const wide = 120;
const sideShare = 0.4;
/** Panes lie below the rows from this size on. */
const roomy = { columns: 80, rows: 20 } as const;

/** Draws the stepper. Scrolls its list so that the cursor is seen. */
export function drawScreen(stepper: Stepper, columns: number, rows: number): readonly Line[] {
  if (columns < least.columns || rows < least.rows) {
    const text = `the stepper needs ${least.columns}×${least.rows}`;
    return Array.from({ length: rows }, (_, at) => fitted([span(at === 0 ? text : '')], columns));
  }
  const body = bodyOf(stepper, columns, rows - 4);
  const lines = [
    fitted(headerOf(stepper, columns), columns),
    fitted([span(' '), ...scrubber(stepper.track.timeline, scrub(stepper), columns - 2)], columns),
    ...body,
    fitted(saidOf(stepper, columns), columns),
    fitted(footerOf(stepper, columns), columns),
  ];
  return overlay(stepper, lines, columns);
}

function scrub({ cursor, track }: Stepper) {
  return { cursor, violations: track.violations };
}

function bodyOf(stepper: Stepper, columns: number, rows: number): readonly Line[] {
  const isWide = columns >= wide;
  const isRoomy = columns >= roomy.columns && rows + 4 >= roomy.rows;
  if (stepper.zoomed) return zoomedPane(stepper, columns, rows);
  if (isWide) {
    const sideWidth = Math.floor(columns * sideShare);
    const list = listOf(stepper, columns - sideWidth - 1, rows);
    const side = besideRows(viewOf(stepper), sideWidth, rows);
    return list.map((line, at) => [
      ...line,
      span('│', 'faint'),
      ...fitted(side[at] ?? [], sideWidth),
    ]);
  }
  if (!isRoomy) return listOf(stepper, columns, rows);
  const share = stepper.pane === 'why' ? 0.5 : 0.36;
  const below = Math.max(6, Math.floor(rows * share));
  const list = listOf(stepper, columns, rows - below);
  const panes = belowRows(viewOf(stepper), columns, below);
  return [...list, ...panes.map((line) => fitted(line, columns))];
}

function zoomedPane(stepper: Stepper, columns: number, rows: number): readonly Line[] {
  return besideRows(viewOf(stepper), columns, rows).map((line) => fitted(line, columns));
}

function listOf(stepper: Stepper, columns: number, rows: number): readonly Line[] {
  const { track, lane, shown, cursor } = stepper;
  const lanes = track.rows.lanes.all;
  const labelWidth = Math.min(40, Math.floor(columns / 3));
  const frame = frameOf(lanes.length, columns, { focus: lane, labelWidth });
  const count = shownCount(shown, track.timeline);
  const height = rows - 1;
  stepper.pageRows = height;
  scroll(stepper, count, height);
  const hidden = lanes.length - frame.count;
  const about = shown.events === undefined ? 'all' : shown.about;
  const note = `[${about}: ${count}]${hidden > 0 ? ` +${hidden} lanes` : ''}`;
  const head: Line = [
    span('  event     time'.padEnd(prefixWidth), 'faint'),
    ...drawHead(lanes, frame),
    span(note, 'faint'),
  ];
  const stops = stepper.breakpoints
    .filter(({ kind }) => kind === 'event')
    .map(({ text }) => filterOf(text));
  const lines: Line[] = [fitted(head, columns)];
  for (let at = 0; at < height; at++) {
    const event = stepper.top + at < count ? eventAt(shown, stepper.top + at) : -1;
    const row = track.rows.at(event);
    if (row === undefined) lines.push(fitted([], columns));
    else {
      const isCursor = event === cursor;
      const line = marked(drawRow(row, frame), markOf(stepper, row, stops));
      lines.push(fitted(isCursor ? asCursor(line) : line, columns));
    }
  }
  return lines;
}

/** The cursor's row in inverse, as far as it goes. */
function asCursor(line: Line): Line {
  return line.map(
    ({ text, tone }): Span => (tone === 'bad' ? span(text, tone) : span(text, 'cursor')),
  );
}

function marked([first, ...rest]: Line, [mark, tone]: readonly [string, Span['tone']]): Line {
  if (first === undefined || mark === ' ') return first === undefined ? [] : [first, ...rest];
  return [span(mark, tone), span(first.text.slice(1), first.tone), ...rest];
}

function markOf(
  stepper: Stepper,
  row: Row,
  stops: readonly ((row: Row) => boolean)[],
): readonly [string, Span['tone']] {
  const event = row.step.index;
  if (event === stepper.cursor) return ['❯', 'cursor'];
  const { violations } = stepper.track;
  if (violations.some((violation) => violation.event === event)) return ['✗', 'bad'];
  const letter = [...stepper.marks].find(([, marked]) => marked === event)?.[0];
  if (letter !== undefined) return [letter, 'strong'];
  return stops.some((stop) => stop(row)) ? ['▸', 'fault'] : [' ', 'faint'];
}

/** Rows that are kept between the cursor and the edge. */
const margin = 3;

function scroll(stepper: Stepper, count: number, height: number): void {
  const place = placeOf(stepper.shown, stepper.cursor);
  const room = Math.min(margin, Math.floor((height - 1) / 2));
  const lowest = place + room - height + 1;
  const top = Math.max(lowest, Math.min(stepper.top, place - room));
  stepper.top = Math.max(0, Math.min(top, Math.max(0, count - height)));
}

function headerOf(stepper: Stepper, columns: number): Line {
  const { origin, branch, cursor, track, playing, works } = stepper;
  const { timeline, violations, run } = track;
  const last = `${timeline.length - 1}${run === undefined ? '…' : ''}`;
  const at = clockText(timeline.row(cursor)?.atUs ?? 0);
  const name = printable(origin.path.replace(/^.*\/|\.ya?ml$/g, ''));
  const verdict =
    run === undefined
      ? timeline.ended
        ? `asking ${stepper.asksNext ?? 'the judges'} …`
        : 'running'
      : violations.length > 0
        ? `✗ ${violations.length}`
        : verdictText(branch);
  const state = playing === undefined ? (works ? 'working  ' : '') : 'playing  ';
  const short = name.slice(0, Math.max(8, columns - 58));
  const which = ` ${short}  seed ${branch.track.seed}  ${branch.name}`;
  const left = `${which}  event ${cursor}/${last}  ${at} s`;
  const right = `${state}${verdict} `;
  const gap = ' '.repeat(Math.max(2, columns - left.length - right.length));
  return [
    span(left, 'strong'),
    span(gap),
    span(right, violations.length > 0 ? 'bad' : run === undefined ? 'faint' : 'good'),
  ];
}

function saidOf(stepper: Stepper, columns: number): Line {
  const { mode, said, count, breakpoints, picking, progress } = stepper;
  if (mode.kind === 'prompt') return promptLine(mode, columns);
  if (mode.kind === 'letter') return [span(` ${mode.about}: `, 'strong'), span('█', 'faint')];
  if (count !== '') return [span(` ${count}`, 'strong'), span('█', 'faint')];
  if (said !== undefined) return [span(` ${printable(said.text)}`, said.bad ? 'bad' : 'plain')];
  if (picking !== undefined) return [span(` ${picking.about}`, 'strong')];
  if (progress !== undefined) return [span(` ${progress}`, 'strong')];
  const stops = breakpoints.map(({ text }) => text).join(' · ');
  return [span(stops === '' ? '' : ` c stops at: ${stops}`, 'faint')];
}

const hints: readonly (readonly [key: string, about: string])[] = [
  ['j/k', 'step'],
  ['v', 'violation'],
  ['w', 'why'],
  ['a', 'what if'],
  ['%', 'msg ends'],
  ['h/l', 'node'],
  ['Tab', 'pane'],
  ['/', 'find'],
  ['&', 'filter'],
  ['f', 'fault'],
  ['o', 'op'],
  ['c/C', 'to breakpoint'],
  ['[/]', 'branch'],
  ['s', 'save'],
];

/** As many hints as fit; the last ones always. */
function footerOf({ mode, picking }: Stepper, columns: number): Line {
  const isPrompt = mode.kind === 'prompt';
  if (isPrompt && mode.complaint !== undefined) return [span(` ✗ ${mode.complaint}`, 'bad')];
  if (isPrompt || picking !== undefined)
    return footer([
      ['Enter', isPrompt ? 'takes it' : 'takes the event of the cursor'],
      ['Esc', 'leaves'],
    ]);
  const last = [
    ['?', 'help'],
    ['q', 'quit'],
  ] as const;
  const chosen: (readonly [string, string])[] = [];
  const width = (entries: readonly (readonly [string, string])[]): number =>
    entries.reduce((sum, [key, about]) => sum + key.length + about.length + 3, 1);
  for (const hint of hints) {
    if (width([...chosen, hint, ...last]) <= columns) chosen.push(hint);
  }
  return footer([...chosen, ...last]);
}

function footer(entries: readonly (readonly [string, string])[]): Line {
  return [
    span(' '),
    ...entries.flatMap(([key, about]) => [span(key, 'strong'), span(` ${about}  `, 'faint')]),
  ];
}
