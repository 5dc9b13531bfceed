// Reading a whole text file that a user named, with one clear message for whatever can be wrong.

import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { type UsageError, usageError } from '../scenario/usage-error.js';

/** Scenario files are small; anything larger is something else. */
const bytesMax = 16_000_000;

/** The text of a file. Throws a UsageError if there is none, or if it is no text. */
export function readText(path: string, kind: string): string {
  const bytes = readBytes(path, kind);
  if (!isUtf8(bytes) || bytes.includes(0)) {
    throw usageError(`${kind} ${path} is no text`, { expected: 'a text file in UTF-8' }, path);
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function readBytes(path: string, kind: string): Buffer {
  let size: number;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw directoryError(path, kind);
    size = stat.size;
    if (size <= bytesMax) return readFileSync(path);
  } catch (error) {
    throw fileError(error, path, `cannot read ${kind} ${path}`);
  }
  const expected = `at most ${bytesMax / 1_000_000} MB`;
  throw usageError(`${kind} ${path} has ${Math.round(size / 1_000_000)} MB`, { expected }, path);
}

/** For a directory where a file belongs. */
export function directoryError(path: string, kind: string): UsageError {
  return usageError(`${path} is a directory`, { expected: `the path of a ${kind}` }, path);
}

const causes: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or directory'],
  ['ENOTDIR', 'part of the path is not a directory'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'permission is denied'],
  ['EPERM', 'permission is denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left on the device'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file would become too large'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'there are too many symbolic links'],
  ['EMFILE', 'too many files are open'],
  ['EPIPE', 'the reader has gone'],
]);

/** What the file system says, as a usage error; other errors come back as they are. */
export function fileError(error: unknown, path: string, about: string, hint?: string): unknown {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return usageError(`${about}: ${causes.get(code) ?? code}`, { hint }, path);
}
