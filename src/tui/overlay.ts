// What lies over the screen: the help, and the menu of what-ifs.

import { brief } from '../scenario/diagram/show.js';
import { fitted, type Line, span } from '../scenario/diagram/span.js';
import { amountsUs } from '../scenario/what-if.js';
import { subjectsOf } from './branches.js';
import { commandHelp } from './commands.js';
import { keyGroups } from './keys.js';
import type { Mode, Stepper } from './stepper.js';

/** The screen with what is open over it. */
export function overlay(
  stepper: Stepper,
  screen: readonly Line[],
  columns: number,
): readonly Line[] {
  const { mode } = stepper;
  switch (mode.kind) {
    case 'help':
      return boxed(screen, columns, 'help: type to filter, Esc closes', helpLines(mode), mode.top);
    case 'menu': {
      const title = `what if, from event ${stepper.cursor} on`;
      const lines = menuLines(stepper, mode);
      return boxed(screen, columns, title, lines, topOfMenu(lines, screen.length - 4));
    }
    default:
      return screen;
  }
}

const boxWidthMax = 76;

function boxed(
  screen: readonly Line[],
  columns: number,
  title: string,
  lines: readonly Line[],
  wantedTop: number,
): readonly Line[] {
  const width = Math.min(columns - 4, boxWidthMax);
  const height = Math.min(lines.length, screen.length - 4);
  const top = Math.max(0, Math.min(wantedTop, lines.length - height));
  const left = Math.floor((columns - width - 2) / 2);
  const first = Math.max(1, Math.floor((screen.length - height - 2) / 2));
  const more = top + height < lines.length ? ` ↓ ${lines.length - top - height} more ` : '';
  const rule = (start: string, text: string, end: string): Line => [
    span(start + text + '─'.repeat(Math.max(0, width - text.length)) + end, 'strong'),
  ];
  const box: readonly Line[] = [
    rule('┌', ` ${title} `, '┐'),
    ...lines
      .slice(top, top + height)
      .map((line) => [span('│', 'strong'), ...fitted(line, width), span('│', 'strong')]),
    rule('└', more, '┘'),
  ];
  return screen.map((row, at) => {
    const part = box[at - first];
    if (part === undefined) return row;
    const start = fitted(row, left, '');
    return fitted([...start, ...part], columns);
  });
}

function helpLines({ filter }: Extract<Mode, { kind: 'help' }>): readonly Line[] {
  const wanted = filter.toLowerCase();
  const groups = keyGroups.flatMap(({ about, bindings }): readonly Line[] => {
    const found = bindings.filter((entry) =>
      `${entry.shown} ${entry.about}`.toLowerCase().includes(wanted),
    );
    if (found.length === 0) return [];
    return [
      [span(` ${about}`, 'strong')],
      ...found.map(
        (entry): Line => [span(`   ${entry.shown.padEnd(9)}`, 'fault'), span(entry.about)],
      ),
    ];
  });
  const commands = commandHelp.filter((text) => text.toLowerCase().includes(wanted));
  const legend = legendLines.filter((text) => text.toLowerCase().includes(wanted));
  return [
    ...(filter === '' ? start : [[span(` filter: ${filter}`, 'strong')]]),
    ...groups,
    ...headed('Commands', commands),
    ...headed('Glyphs', legend),
  ];
}

function headed(about: string, texts: readonly string[]): readonly Line[] {
  if (texts.length === 0) return [];
  return [[span(` ${about}`, 'strong')], ...texts.map((text): Line => [span(`   ${text}`)])];
}

const start: readonly Line[] = [
  [span(' A row an event, a lane a node; the arrow is where a message arrives.')],
  [span(' Moving the cursor moves time: all panes show the world as of it.')],
  [span(' To find out why a run failed: v, then w, then a.', 'good')],
  [],
];

const legendLines: readonly string[] = [
  '● message arrived   ✗ lost   ○ held   ◷ timer   ▲ start   ▮ sync   ◆ operation',
  '│ up   ┊ down   ┆ paused   ↯ fault strikes   ↻ fault ends',
  'above the rows: ▁▂▃ events, ░▒ while a fault is active, ✗ violation, █ here',
];

/** What is chosen is seen, in a low terminal, too. */
function topOfMenu(lines: readonly Line[], height: number): number {
  const chosen = lines.findIndex(([first]) => first?.text === chosenMark);
  return Math.max(0, chosen - height + 3);
}

const chosenMark = ' ❯ ';

function menuLines(stepper: Stepper, mode: Extract<Mode, { kind: 'menu' }>): readonly Line[] {
  const all = mode.groups.flatMap((group) => group.choices);
  const others = subjectsOf(stepper).length;
  return [
    ...mode.groups.flatMap(({ about, choices }): readonly Line[] => [
      [span(` ${about}`, 'strong')],
      ...choices.map((choice): Line => {
        const isChosen = all.indexOf(choice) === mode.chosen;
        const tone = isChosen ? 'cursor' : 'plain';
        return [
          span(isChosen ? chosenMark : '   ', tone),
          span(`${choice.key}  `, isChosen ? 'cursor' : 'fault'),
          span(choice.label, tone),
        ];
      }),
    ]),
    [],
    [
      span(` ← → time: ${brief(amountsUs[stepper.amount] ?? 0)}`, 'faint'),
      span(others > 1 ? `  Tab another message (${mode.subject + 1}/${others})` : '', 'faint'),
      span('  Enter takes ❯  Esc leaves', 'faint'),
    ],
  ];
}
