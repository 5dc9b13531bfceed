// What can be typed after `:`, with completion.
import { parseDuration } from '../kernel/time.js';
import { clockText } from '../scenario/diagram/show.js';
import { nearest } from '../scenario/nearest.js';
import { exportRun, formatNames } from './exporting.js';
import { addBreakpoint } from './looking.js';
import { openPrompt } from './prompt.js';
import { askSave } from './save.js';
import { askShrink, failureNames } from './shrinking.js';
import type { Stepper } from './stepper.js';

interface Command {
  readonly about: string;
  readonly run: (stepper: Stepper, rest: string) => void;
}

const commands: ReadonlyMap<string, Command> = new Map([
  ['t', { about: 't 1.5s goes to a time', run: goToTime }],
  [
    'b',
    {
      about: 'b kind=lost node=n1 stops at such events; again: no longer',
      run: (stepper, rest) => addBreakpoint(stepper, 'event', rest),
    },
  ],
  [
    'watch',
    {
      about: 'watch n2.FIELD stops when that part of its state changes',
      run: (stepper, rest) => addBreakpoint(stepper, 'watch', rest),
    },
  ],
  [
    'clear',
    {
      about: 'clear takes all breakpoints and watches away',
      run: (stepper) => {
        stepper.breakpoints = [];
        stepper.say('no breakpoints');
      },
    },
  ],
  [
    'shrink',
    {
      about: 'shrink [CHECKER/KIND] leaves out what the failure can do without',
      run: askShrink,
    },
  ],
  [
    'export',
    {
      about: `export ${formatNames.join('|')} [FILE] writes the run for others`,
      run: exportRun,
    },
  ],
  ['when', { about: 'when says where one is', run: sayWhere }],
  ['save', { about: 'save keeps this branch as a file', run: (stepper) => askSave(stepper) }],
  [
    'q',
    {
      about: 'q quits',
      run: (stepper) => {
        stepper.ended = 'quit';
      },
    },
  ],
]);

/** What there is to type, a line each. */
export const commandHelp: readonly string[] = [
  ':142 goes to an event',
  ...[...commands.values()].map(({ about }) => `:${about}`),
];

export function askCommand(stepper: Stepper): void {
  openPrompt(stepper, {
    ...{ mark: ':', text: '' },
    done: (text) => runCommand(stepper, text.trim()),
    complete: (text) => completed(stepper, text),
  });
}

function runCommand(stepper: Stepper, text: string): void {
  if (text === '') return;
  if (/^\d+$/.test(text)) return goToNumber(stepper, Number(text));
  const [name = '', ...rest] = text.split(/\s+/);
  const command = commands.get(name);
  if (command !== undefined) return command.run(stepper, rest.join(' '));
  const near = nearest(name, [...commands.keys()]);
  stepper.say(`there is no :${name}${near === undefined ? '' : `; did you mean :${near}?`}`, true);
}

/** The event, now or once it is known. */
export function goToNumber(stepper: Stepper, event: number): void {
  stepper.before = stepper.cursor;
  const { timeline } = stepper.track;
  if (event >= timeline.length && !timeline.ended) stepper.wanted = event;
  stepper.goTo(event);
}

function goToTime(stepper: Stepper, rest: string): void {
  const atUs = parseDuration(rest);
  if (atUs === undefined) return stepper.say(`${rest} is no time; try :t 1.5s`, true);
  stepper.jump(stepper.track.timeline.eventAt(atUs));
}

function sayWhere(stepper: Stepper): void {
  const { branch, cursor, origin, track } = stepper;
  const row = track.timeline.row(cursor);
  const { key = '' } = track.rows.at(cursor)?.step ?? {};
  const at = clockText(row?.atUs ?? 0);
  const where = `event ${cursor} of ${track.timeline.length}, ${at} s, key ${key}`;
  stepper.say(`${where}, ${branch.name} of ${origin.path}, seed ${track.seed}`);
}

/** What may follow a command's name. */
const operands: ReadonlyMap<string, (stepper: Stepper) => readonly string[]> = new Map([
  ['watch', ({ track }) => track.rows.lanes.all.map(({ name }) => `${name}.`)],
  ['export', () => formatNames.map((name) => `${name} `)],
  ['shrink', failureNames],
]);

/** What the text may become: a command, and after one what may follow it. */
function completed(stepper: Stepper, text: string): string {
  const [, name = '', start = text] = /^(\w+) (\S*)$/.exec(text) ?? [];
  const names = operands.get(name)?.(stepper) ?? [];
  const choices = name === '' ? [...commands.keys()].map((each) => `${each} `) : names;
  const fitting = choices.filter((each) => each.startsWith(start));
  const [first] = fitting;
  if (first === undefined) return text;
  const shared = fitting.reduce(commonStart, first);
  return `${text.slice(0, text.length - start.length)}${shared}`;
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
