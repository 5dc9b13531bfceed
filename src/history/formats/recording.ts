// A history that others recorded: its operations, where each stands in the text, and what the text
// says of its model. Operations are judged as they come, so that what is wrong has a place.
import { type Flaw, flawOfNext, type History, historyOf, noProgress } from '../history.js';
import { HistoryError } from '../history-error.js';
import type { Op } from '../op.js';

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What was read. */
export interface Recording {
  readonly history: History;
  /** The model that the text names. */
  readonly model: string | undefined;
  /** The model that histories of this format usually have, where nobody names one. */
  readonly usual: string | undefined;
  /** What the text says of a checker's options: `init`, `keyed` … */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where the function of an operation stands. */
  placeOf(index: number): Place;
}

/** What a text says of itself. */
export type About = Pick<Recording, 'model' | 'usual' | 'options'>;

/** Nothing. */
export const noAbout: About = { model: undefined, usual: undefined, options: {} };

/** A format of histories. */
export interface Format {
  readonly name: string;
  readonly about: string;
  /** Other names that people know it by. */
  readonly aliases: readonly string[];
  /** Whether a history whose first line that is not blank is this may have the format. */
  recognizes(line: string): boolean;
  open(): Reader;
}

/** Reads one text, piece by piece. Both throw `HistoryError` at the first thing that is wrong. */
export interface Reader {
  /** The next whole lines, each with its line feed; the last of the text may lack it. */
  read(lines: string): void;
  /** There are no more lines. */
  end(): Recording;
}

/** How many operations and completions a history may have. */
export const eventsMax = 4_000_000;

/** The operations that have been read so far. */
export class Collector {
  readonly #ops: Op[] = [];
  readonly #lines: number[] = [];
  readonly #columns: number[] = [];
  readonly #progress = noProgress();

  get count(): number {
    return this.#ops.length;
  }

  get timeUs(): number {
    return this.#progress.timeUs;
  }

  /** Adds the next; `columnOf` says where a field stands. Throws if it cannot be the next. */
  add(op: Op, place: Place, columnOf: (field: Flaw['field']) => number): void {
    if (this.#ops.length === eventsMax) {
      throw new HistoryError(place, `at most ${eventsMax} lines of operations`, 'one more');
    }
    const flaw = flawOfNext(this.#progress, op);
    if (flaw !== undefined) {
      const { line } = place;
      throw new HistoryError({ line, column: columnOf(flaw.field) }, flaw.expected, flaw.found);
    }
    this.#ops.push(op);
    this.#lines.push(place.line);
    this.#columns.push(place.column);
  }

  /** All that was read. */
  recording(about: About): Recording {
    const [lines, columns] = [this.#lines, this.#columns];
    return {
      history: historyOf(this.#ops),
      ...about,
      placeOf: (index) => ({ line: lines[index] ?? 1, column: columns[index] ?? 1 }),
    };
  }
}

/** A reader of a text in which every line stands for itself; blank ones are skipped. */
export function lineReader(
  readLine: (line: string, number: number) => void,
  end: () => Recording,
): Reader {
  let number = 0;
  return {
    read: (lines) => {
      for (let at = 0; at < lines.length; ) {
        const feed = lines.indexOf('\n', at);
        const next = feed < 0 ? lines.length : feed;
        const line = lines.slice(at, next);
        at = next + 1;
        number++;
        if (line.trim() !== '') readLine(line, number);
      }
    },
    end,
  };
}
