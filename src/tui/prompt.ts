// A line of text that is asked for: it can be edited; what does not fit is said, to be mended.
import { type Line, span } from '../scenario/diagram/span.js';
import type { Prompt, Stepper } from './stepper.js';

/** Characters of a text. */
export const textMax = 4_000;

/** What is asked for, and what is done with it. */
interface Question {
  /** What stands before the text. */
  readonly mark: string;
  readonly text: string;
  readonly done: (text: string) => void;
  readonly flaw?: (text: string) => string | undefined;
  /** What a text may become. */
  readonly complete?: (text: string) => string;
}

export function openPrompt(stepper: Stepper, question: Question): void {
  const { text, flaw = () => undefined, complete = (same) => same } = question;
  const fresh = { kind: 'prompt', at: text.length, complaint: undefined } as const;
  stepper.mode = { ...question, ...fresh, flaw, complete };
}

export function pressInPrompt(stepper: Stepper, mode: Prompt, key: string): void {
  mode.complaint = undefined;
  switch (key) {
    case 'esc':
      stepper.mode = { kind: 'normal' };
      return;
    case 'enter':
      return enter(stepper, mode);
    case 'backspace':
      if (mode.text === '') stepper.mode = { kind: 'normal' };
      return replace(mode, mode.at - 1, mode.at, '');
    case 'delete':
      return replace(mode, mode.at, mode.at + 1, '');
    case 'C-u':
      return replace(mode, 0, mode.at, '');
    case 'C-k':
      return replace(mode, mode.at, mode.text.length, '');
    case 'C-w':
      return replace(mode, mode.text.slice(0, mode.at).search(/\S*\s*$/), mode.at, '');
    case 'left':
    case 'right':
    case 'home':
    case 'end':
    case 'C-a':
    case 'C-e':
      mode.at = placeAfter(mode, key);
      return;
    case 'tab':
      replace(mode, 0, mode.text.length, mode.complete(mode.text));
      return;
    case 'space':
      return replace(mode, mode.at, mode.at, ' ');
    default:
      if (key.length === 1) replace(mode, mode.at, mode.at, key);
  }
}

function enter(stepper: Stepper, mode: Prompt): void {
  mode.complaint = mode.flaw(mode.text);
  if (mode.complaint !== undefined) return;
  stepper.mode = { kind: 'normal' };
  mode.done(mode.text);
}

/** Puts `text` in the place of characters; the next one comes behind it. */
function replace(mode: Prompt, from: number, to: number, text: string): void {
  const start = Math.max(0, from);
  const longer = mode.text.slice(0, start) + text + mode.text.slice(to);
  if (longer.length > Math.max(textMax, mode.text.length)) return;
  mode.text = longer;
  mode.at = start + text.length;
}

function placeAfter({ at, text }: Prompt, key: string): number {
  switch (key) {
    case 'left':
      return Math.max(0, at - 1);
    case 'right':
      return Math.min(text.length, at + 1);
    case 'home':
    case 'C-a':
      return 0;
    default:
      return text.length;
  }
}

/** The line with the place of the next character in it, which is always seen. */
export function promptLine({ mark, text, at }: Prompt, columns: number): Line {
  const room = Math.max(10, columns - mark.length - 3);
  const start = Math.max(0, at - room + 1);
  const shown = `${text} `.slice(start, start + room);
  const place = at - start;
  const under = shown[place] ?? ' ';
  return [
    span(` ${mark}`, 'strong'),
    span(shown.slice(0, place)),
    at === text.length ? span('█', 'faint') : span(under, 'cursor'),
    span(shown.slice(place + 1)),
  ];
}
