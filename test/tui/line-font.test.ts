// Lines as characters: each leads back to its line, however many lines there have been.
import { expect, it } from 'vitest';
import { LineFont } from '../../src/tui/line-font.js';

it('gives a line the character that it had, and finds the line again', () => {
  const font = new LineFont();
  const first = font.charsOf(['a', 'b', 'a', '']);
  expect(first.map((char) => font.lineOf(char))).toEqual(['a', 'b', 'a', '']);
  expect(font.charsOf(['b', 'c'])[0]).toBe(first[1]);
});

it('does not run out of characters, nor mix up those of two frames', () => {
  const font = new LineFont();
  let before: readonly string[] = [];
  for (let frame = 0; frame < 2_000; frame++) {
    const lines = Array.from({ length: 50 }, (_, row) => `row ${row} of ${frame + (row % 7)}`);
    const chars = font.charsOf(lines);
    expect(chars.map((char) => font.lineOf(char))).toEqual(lines);
    expect(chars.every((char) => char.length === 1 && /\p{Co}/u.test(char))).toBe(true);
    // A character that stays in its place is a line that stays: what is the same is not drawn.
    for (const [row, char] of chars.entries()) {
      if (char === before[row]) expect(lines[row]).toBe(`row ${row} of ${frame - 1 + (row % 7)}`);
    }
    before = chars;
  }
});
