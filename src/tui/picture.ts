// The screen as a picture, for a README: drawn by what draws the terminal, after typing some keys.
import { type Line, type Span, type Tone, widthOf } from '../scenario/diagram/span.js';
import { escaped } from '../scenario/exports/export.js';
import { press, pressHeld } from './press.js';
import { drawScreen } from './screen.js';
import { type Origin, Stepper, type Wanted } from './stepper.js';

export interface PictureOptions {
  readonly origin: Origin;
  readonly at: Wanted;
  /** Names of keys, with spaces between them: `v w`. */
  readonly keys: string;
  readonly columns: number;
  readonly rows: number;
}

/** The screen once all that the keys ask for is done, as an SVG. */
export function pictureOf({ origin, at, keys, columns, rows }: PictureOptions): string {
  const stepper = new Stepper(origin, at);
  const settle = (): void => {
    stepper.settle();
    pressHeld(stepper);
    stepper.settle();
  };
  settle();
  for (const key of keys.split(' ').filter((name) => name !== '')) {
    drawScreen(stepper, columns, rows); // Half a page depends on how high the list is.
    press(stepper, key);
    settle();
  }
  const lines = drawScreen(stepper, columns, rows);
  return svgOf(lines, columns);
}

const [cellWidth, cellHeight, border] = [8.4, 18, 12] as const;

/** A dark terminal's; of the same hues as the diagram's lanes. */
const fills: Readonly<Record<Tone, string>> = {
  plain: '#d4d4d4',
  faint: '#7d8590',
  strong: '#ffffff',
  good: '#56d364',
  bad: '#ff7b72',
  fault: '#e3b341',
  cursor: '#0d1117',
  lane0: '#56d4dd',
  lane1: '#79c0ff',
  lane2: '#d2a8ff',
  lane3: '#7ee787',
  lane4: '#a5d6ff',
  lane5: '#f0a8d0',
};

function svgOf(lines: readonly Line[], columns: number): string {
  const width = columns * cellWidth + 2 * border;
  const height = lines.length * cellHeight + 2 * border;
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const font =
    'font-family="ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="14"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>`,
    '<title>A screen of the stepper</title>',
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...lines.flatMap((line, row) => lineOf(line, row)),
    '</svg>',
    '',
  ].join('\n');
}

function lineOf(line: Line, row: number): readonly string[] {
  let column = 0;
  return line.flatMap((part) => {
    const at = column;
    column += widthOf([part]);
    return spanOf(part, at, row);
  });
}

function spanOf({ text, tone }: Span, column: number, row: number): readonly string[] {
  const x = (border + column * cellWidth).toFixed(1);
  const y = border + row * cellHeight;
  const width = (text.length * cellWidth).toFixed(1);
  const shape = `x="${x}" y="${y}" width="${width}" height="${cellHeight}"`;
  const back = tone === 'cursor' ? [`<rect ${shape} fill="#d4d4d4"/>`] : [];
  if (text.trim() === '') return back;
  const weight = tone === 'strong' || tone === 'bad' ? ' font-weight="bold"' : '';
  // The length keeps columns in line whatever the font.
  const length = `textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
  const place = `x="${x}" y="${y + cellHeight - 5}" ${length}`;
  // Spaces that a viewer must keep.
  const kept = escaped(text).replaceAll(' ', '\u00a0');
  return [...back, `<text ${place} fill="${fills[tone]}"${weight}>${kept}</text>`];
}
