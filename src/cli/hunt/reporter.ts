// What a reporter of hunts is: it says what is found, when it is found or at the end, to people or
// to programs. Names and options are vitest's.
import type { Finding } from '../../scenario/hunt/tally.js';
import type { Colors } from '../colors.js';
import type { Io } from '../io.js';
import type { HuntReport, Prey } from './report.js';
import type { Repeating } from './specimens.js';

/** Where a reporter writes, and what it may know of its surroundings. */
export interface Page {
  /** To the file that it has been given, else to stdout. */
  write(text: string): void;
  readonly colors: Colors;
  readonly columns: number;
  readonly env: Io['env'];
  readonly repeating: Repeating;
}

export interface Reporter {
  readonly name: string;
  /** One line for the help. */
  readonly about: string;
  /** The file that it writes unless told otherwise; `undefined`: to stdout. */
  file?(report: HuntReport): string;
  /** The first of a kind has come up; one with a lower number may still come. */
  found?(finding: Finding, prey: Pick<Prey, 'scenario' | 'strategy'>, page: Page): void;
  /** All is over. */
  ended(report: HuntReport, page: Page): void;
}
