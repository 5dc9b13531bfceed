// Lines of a program's output, cut from what it writes in pieces.

/** Gathers text until a line is whole. */
export class LineBuffer {
  readonly #take: (line: string) => void;
  #begun = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(text: string): void {
    const all = this.#begun === '' ? text : this.#begun + text;
    let from = 0;
    for (let at = all.indexOf('\n'); at >= 0; at = all.indexOf('\n', from)) {
      this.#take(all.slice(from, all[at - 1] === '\r' ? at - 1 : at));
      from = at + 1;
    }
    this.#begun = from === 0 ? all : all.slice(from);
  }
}

/** A line as a report shows it. */
export function shortened(line: string): string {
  return line.length <= 200 ? line : `${line.slice(0, 200)}… (${line.length} characters)`;
}
