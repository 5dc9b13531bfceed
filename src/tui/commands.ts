// What can be typed after `:`, with completion.
import { parseDuration } from '../kernel/time.js';
import { nearest } from '../scenario/nearest.js';
import { addBreakpoint, prompt } from './looking.js';
import { askSave } from './save.js';
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
  prompt(stepper, ':', '', (text) => runCommand(stepper, text.trim()));
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

/** What the text may become: commands, and the names of nodes after `watch`. */
export function completed(stepper: Stepper, text: string): string {
  const watch = /^watch (\w*)$/.exec(text);
  const names = watch === null ? [...commands.keys()] : stepper.track.rows.lanes.all.map(nameOf);
  const start = watch?.[1] ?? text;
  const fitting = names.filter((name) => name.startsWith(start));
  const [only] = fitting;
  if (only === undefined) return text;
  const shared = fitting.reduce(commonStart, only);
  const ending = fitting.length > 1 ? '' : watch === null ? ' ' : '.';
  return `${text.slice(0, text.length - start.length)}${shared}${ending}`;
}

const nameOf = ({ name }: { readonly name: string }): string => name;

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
