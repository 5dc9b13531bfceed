// Between Ink and the terminal. Ink in debug mode hands over whole frames and leaves the terminal
// alone; this writes what has changed, line by line, on the alternate screen. It is correct at any
// height, under CI=1, and after a resize, where Ink 6 by itself clears the screen at every frame.
import { EventEmitter } from 'node:events';
import { LineFont } from './line-font.js';

/** The terminal's side. */
export interface TerminalOut {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

const csi = '\u001b[';
/** Alternate screen, cursor hidden, no wrapping. */
const enterCodes = `${csi}?1049h${csi}?25l${csi}?7l${csi}2J`;
const leaveCodes = `${csi}0m${csi}?7h${csi}?25h${csi}?1049l`;
/** The terminal shows what lies between at once, if it can. */
const [beginCodes, endCodes] = [`${csi}?2026h`, `${csi}?2026l`] as const;

export class FrameSink extends EventEmitter {
  readonly isTTY = true;
  /** Ink's screen: a character there is a line here. */
  readonly columns = 1;
  readonly font = new LineFont();
  readonly #out: TerminalOut;
  #shown: readonly string[] = [];
  #active = false;

  constructor(out: TerminalOut) {
    super();
    this.#out = out;
  }

  get rows(): number {
    return this.#out.rows;
  }

  enter(): void {
    if (this.#active) return;
    this.#active = true;
    this.#shown = [];
    this.#out.write(enterCodes);
  }

  /** Gives the terminal back as it was. Harmless when it has been given back. */
  leave(): void {
    if (!this.#active) return;
    this.#active = false;
    this.#out.write(leaveCodes);
  }

  /** Puts a text into the clipboard, where the terminal lets programs do so (OSC 52). */
  copy(text: string): void {
    const encoded = Buffer.from(text).toString('base64');
    if (this.#active) this.#out.write(`\u001b]52;c;${encoded}\u0007`);
  }

  /** The size is another: nothing on the screen is known any more. */
  resized(): void {
    this.#shown = [];
    if (this.#active) this.#out.write(`${csi}2J`);
    this.emit('resize');
  }

  /** A whole frame, characters of the font separated by line feeds. What Ink calls. */
  write(frame: string): boolean {
    if (!this.#active || frame === '') return true;
    const chars = frame.split('\n').slice(0, this.#out.rows);
    const lines = chars.map((char) => this.font.lineOf(char));
    const changed = lines.flatMap((line, at) =>
      line === this.#shown[at] ? [] : [`${csi}${at + 1};1H${line}${csi}0m${csi}K`],
    );
    for (let at = lines.length; at < this.#shown.length; at++) {
      changed.push(`${csi}${at + 1};1H${csi}K`);
    }
    this.#shown = lines;
    if (changed.length > 0) this.#out.write(beginCodes + changed.join('') + endCodes);
    return true;
  }
}
