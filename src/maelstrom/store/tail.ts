// What programs write to their logs while they run, line by line, for those who want to see it.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const pieceBytes = 65_536;

/** Follows the logs of a directory, a file for each node. */
export class Tail {
  readonly #directory: string;
  readonly #say: (line: string) => void;
  /** How many bytes of each file have been read, and what of them is no whole line yet. */
  readonly #read = new Map<string, { at: number; rest: string }>();

  constructor(directory: string, say: (line: string) => void) {
    this.#directory = directory;
    this.#say = say;
  }

  /** Says all lines that are new. */
  follow(): void {
    for (const name of readdirSync(this.#directory).sort()) {
      if (name.endsWith('.log')) this.#followOne(name);
    }
  }

  #followOne(name: string): void {
    const known = this.#read.get(name) ?? { at: 0, rest: '' };
    this.#read.set(name, known);
    const file = openSync(join(this.#directory, name), 'r');
    const piece = Buffer.alloc(pieceBytes);
    try {
      for (;;) {
        const count = readSync(file, piece, 0, pieceBytes, known.at);
        if (count === 0) return;
        known.at += count;
        const lines = `${known.rest}${piece.toString('utf8', 0, count)}`.split('\n');
        known.rest = lines.pop() ?? '';
        for (const line of lines) this.#say(`${name.replace(/\.log$/, '')} ${line}\n`);
      }
    } finally {
      closeSync(file);
    }
  }
}
