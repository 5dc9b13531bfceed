// The lines of a history as rows of numbers. A million of them cost no object, lie in memory that
// threads share, and leave each value in the text where it stands until somebody asks for it.
import type { OpType } from '../op.js';

/** A stretch of a text, as bytes. */
export interface Stretch {
  readonly bytes: Uint8Array;
  /** What stands from `from` to `to`. Throws where that is not in UTF-8. */
  text(from: number, to: number): string;
}

/** One row for each operation's line of a stretch. */
export interface Rows {
  readonly count: number;
  /** The client; −1 for the nemesis. */
  readonly processes: Int32Array;
  /** See `codeOf`. */
  readonly codes: Int32Array;
  /** The number of the key where the value is `[key, value]`; −1 where it is not. */
  readonly keys: Int32Array;
  /** Where the value beside the key begins and ends; in an odd row, the line. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Names of functions, and errors. */
  readonly names: readonly string[];
  /** Keys as JSON, and how many invocations there are of each. */
  readonly keyTexts: readonly string[];
  readonly sizes: readonly number[];
  /** The position in the history that the lines claim for the first row; −1 where they do not. */
  readonly first: number;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Rows by type, those of the nemesis not counted. */
  readonly types: readonly number[];
}

/** The types of operations, by number. */
export const opTypes: readonly OpType[] = ['invoke', 'ok', 'fail', 'info'];

/** The most names of functions and errors that a code has room for. */
export const namesMax = 2 ** 14;

/** One number: type, function, error (0 for none, else one more), and whether the row is odd. */
export function codeOf(type: number, f: number, error: number, odd: boolean): number {
  return type | (odd ? 4 : 0) | (f << 3) | (error << 17);
}

export function typeIn(code: number): number {
  return code & 3;
}

export function isOdd(code: number): boolean {
  return (code & 4) !== 0;
}

export function functionIn(code: number): number {
  return (code >>> 3) & (namesMax - 1);
}

/** 0 for no error. */
export function errorIn(code: number): number {
  return code >>> 17;
}
