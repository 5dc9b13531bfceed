// Whole lines as single characters. Ink measures and takes apart every cell of a text at every
// frame, about 3 µs each, which is most of a frame; but our lines are cut and coloured already. So
// Ink's screen is one column wide: in its cells stand characters of Unicode's private area, and
// each stands for a line. What is written to the terminal is the lines.

const firstCode = 0xe000;
/** Characters of the private area; while one half is in use the other may be forgotten. */
const half = 3_200;

export class LineFont {
  readonly #lines: string[] = [];
  #chars = new Map<string, string>();
  #base = 0;

  /** A character for every line of a frame; the same one as before for a line that is known. */
  charsOf(frame: readonly string[]): readonly string[] {
    if (this.#chars.size + frame.length > half) {
      this.#chars = new Map();
      this.#base = half - this.#base;
    }
    return frame.map((line) => this.#charOf(line));
  }

  /** The line that a character of the latest frames stands for. */
  lineOf(char: string): string {
    return this.#lines[char.charCodeAt(0) - firstCode] ?? '';
  }

  #charOf(line: string): string {
    const known = this.#chars.get(line);
    if (known !== undefined) return known;
    const place = this.#base + this.#chars.size;
    const char = String.fromCharCode(firstCode + place);
    this.#lines[place] = line;
    this.#chars.set(line, char);
    return char;
  }
}
