// Text with a meaning: what a screen or a picture colours. Every meaning also has a glyph of its
// own, so nothing is lost without colours.

/** What a piece of text means. `lane0` … `lane5`: hues of nodes. */
export type Tone =
  | 'plain'
  | 'faint'
  | 'strong'
  | 'good'
  | 'bad'
  | 'fault'
  | 'cursor'
  | `lane${0 | 1 | 2 | 3 | 4 | 5}`;

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of a screen. */
export type Line = readonly Span[];

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

/** The hue of a lane. */
export function laneTone(lane: number): Tone {
  return `lane${(lane % 6) as 0 | 1 | 2 | 3 | 4 | 5}`;
}

/** Columns that a line takes: all glyphs that we use are one column wide. */
export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** A line cut or filled to exactly `width` columns; `mark` stands where it was cut. */
export function fitted(line: Line, width: number, mark = '…'): Line {
  const parts: Span[] = [];
  let left = width;
  for (const { text, tone } of line) {
    if (left <= 0) break;
    const length = text.length;
    if (length <= left) parts.push({ text, tone });
    else parts.push({ text: text.slice(0, left - mark.length) + mark, tone });
    left -= Math.min(length, left);
  }
  return left > 0 ? [...parts, span(' '.repeat(left))] : parts;
}

/** The text of a line alone. */
export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** Text that cannot disturb a screen: no control characters, no wide or combining ones. */
export function printable(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : [...text].map(safe).join('');
}

const narrow =
  /^[\x20-\x7e\u00a1-\u02ff\u0370-\u04ff\u2010-\u2027\u2190-\u21ff\u2200-\u22ff\u2500-\u259f]$/;

/** Ours beside those: marks of rows and of lanes. */
const glyphs = new Set('●○◆◇◷↯⊘↻▲▼▸◂❯✗✓×⋮…');

function safe(char: string): string {
  if (narrow.test(char) || glyphs.has(char)) return char;
  return char === '\n' || char === '\t' ? ' ' : '·';
}

const asciiOf: ReadonlyMap<string, string> = new Map([
  ...'│┊┆'.split('').map((char) => [char, char === '│' ? '|' : ':'] as const),
  ...'├┤┼┌┐└┘┬┴'.split('').map((char) => [char, '+'] as const),
  ...'─━═'.split('').map((char) => [char, '-'] as const),
  ...'┣┫'.split('').map((char) => [char, '|'] as const),
  ...'→►▸❯'.split('').map((char) => [char, '>'] as const),
  ...'←◄◂'.split('').map((char) => [char, '<'] as const),
  ...'●◆'.split('').map((char) => [char, '*'] as const),
  ...'○◇'.split('').map((char) => [char, 'o'] as const),
  ...'✗×╳'.split('').map((char) => [char, 'x'] as const),
  ...'▁▂▃▄'.split('').map((char) => [char, '.'] as const),
  ...'▅▆▇█'.split('').map((char) => [char, '#'] as const),
  ...'░▒'.split('').map((char) => [char, '%'] as const),
  ['◷', '@'],
  ['↯', '!'],
  ['▲', '^'],
  ['▼', 'v'],
  ['↻', 'r'],
  ['⊘', '0'],
  ['✓', 'y'],
  ['…', '~'],
  ['⋮', ':'],
  ['·', '.'],
  ['↑', '^'],
  ['↓', 'v'],
  ['µ', 'u'],
  ['–', '-'],
]);

/** The same in ASCII, character for character. */
export function asciiText(text: string): string {
  return [...text].map((char) => (char <= '~' ? char : (asciiOf.get(char) ?? '?'))).join('');
}
