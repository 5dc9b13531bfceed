// Reading a history that a user named, piece by piece, in whole lines. It says what is wrong with a
// file that is no text, and shows the lines around a place.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { type UsageError, usageError } from '../scenario/usage-error.js';
import { directoryError, fileError } from './text-file.js';

/** Some lines, and how much of the file has been read with them. */
export interface Lines {
  readonly text: string;
  /** From 0 to 1. */
  readonly share: number;
}

const kind = 'history';
const pieceBytes = 1 << 20;

/** Larger histories have more operations than memory holds. */
const bytesMax = 1_500_000_000;

/** A line longer than this is no line of a history. */
const lineLengthMax = 400_000_000;

/** The lines of a file, a megabyte or so at a time; the last may lack its line feed. */
export function* linesOf(path: string): Generator<Lines> {
  const about = `cannot read ${kind} ${path}`;
  const bytes = sizeOf(path, about);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = new Uint8Array(pieceBytes);
  const file = guarded(path, about, () => openSync(path, 'r'));
  let parts: string[] = [];
  let length = 0;
  let done = 0;
  try {
    for (;;) {
      const count = guarded(path, about, () => readSync(file, piece));
      done += count;
      const text = decoded(decoder, count === 0 ? undefined : piece.subarray(0, count), path);
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0 || count === 0) {
        const whole = parts.join('') + (count === 0 ? text : text.slice(0, end));
        if (whole !== '') yield { text: whole, share: Math.min(1, done / Math.max(bytes, done)) };
        parts = [];
        length = 0;
      }
      if (count === 0) return;
      if (done > bytesMax) throw tooLarge(path, done);
      parts.push(text.slice(end));
      length += text.length - end;
      if (length > lineLengthMax) throw noText(path, 'it has no lines');
    }
  } finally {
    closeSync(file);
  }
}

/** The lines around one, for showing: that before it and itself. */
export function linesAround(path: string, line: number): readonly [first: number, string[]] {
  const first = Math.max(1, line - 1);
  const found: string[] = [];
  let number = 1;
  for (const { text } of linesOf(path)) {
    for (const each of text.replace(/\n$/, '').split('\n')) {
      if (number >= first && number <= line) found.push(each);
      number++;
    }
    if (number > line) break;
  }
  while (first + found.length <= line) found.push(''); // The end of a text has a line, too.
  return [first, found];
}

function sizeOf(path: string, about: string): number {
  const stat = guarded(path, about, () => statSync(path));
  if (stat.isDirectory()) throw directoryError(path, kind);
  if (stat.size > bytesMax) throw tooLarge(path, stat.size);
  return stat.size;
}

function decoded(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array | undefined,
  path: string,
): string {
  let text: string;
  try {
    text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw noText(path, 'it is not in UTF-8');
  }
  if (text.includes('\u0000')) throw noText(path, 'it has zero bytes');
  return text;
}

function noText(path: string, why: string): UsageError {
  return usageError(`${kind} ${path} is no text: ${why}`, { expected: 'a text in UTF-8' }, path);
}

function tooLarge(path: string, bytes: number): UsageError {
  const expected = `at most ${bytesMax / 1_000_000} MB`;
  const hint = 'Check the first part of it, or one key at a time.';
  const about = `${kind} ${path} has ${Math.round(bytes / 1_000_000)} MB`;
  return usageError(about, { expected, hint }, path);
}

function guarded<T>(path: string, about: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError(error, path, about);
  }
}
