// Lines for a terminal: each meaning its colour, of the sixteen that every terminal has. Red is for
// what went wrong, yellow for faults; nodes have the other hues.
import { asciiText, type Line, type Tone } from './span.js';

/** What a terminal can show. */
export interface Palette {
  readonly colors: boolean;
  readonly ascii: boolean;
}

const codes: Readonly<Record<Tone, string>> = {
  plain: '',
  faint: '2',
  strong: '1',
  good: '32',
  bad: '1;31',
  fault: '33',
  cursor: '7',
  lane0: '36',
  lane1: '94',
  lane2: '35',
  lane3: '32',
  lane4: '96',
  lane5: '95',
};

/** A line with its colours; `inverse` marks the whole of it. */
export function painted(line: Line, { colors, ascii }: Palette, inverse = false): string {
  return line
    .map(({ text, tone }) => {
      const shown = ascii ? asciiText(text) : text;
      const code = [inverse ? '7' : '', codes[tone]].filter((part) => part !== '').join(';');
      return colors && code !== '' ? `\u001b[${code}m${shown}\u001b[0m` : shown;
    })
    .join('');
}
