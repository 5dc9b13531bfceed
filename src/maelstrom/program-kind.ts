// What a file of somebody's is: a program at all, and one in JavaScript.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fileError } from '../files/text-file.js';
import { quoted } from '../scenario/problems.js';
import { usageError } from '../scenario/usage-error.js';

/** Throws a UsageError where there is no such program; it names what the path was given for. */
export function assertProgram(bin: string, given: '--bin' | 'the program'): void {
  const stat = statSync(bin, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return;
  if (stat !== undefined) {
    const kind = stat.isDirectory() ? 'a directory' : 'something else';
    throw usageError(`${given} ${quoted(bin)} is no file: it is ${kind}`, {
      expected: 'a file that can be run, such as ./echo.js',
    });
  }
  const hint = 'It is a path, such as ./echo.js; programs are not looked for in PATH.';
  throw usageError(`there is no program ${quoted(bin)}`, { hint });
}

/** By its name, or by the first line of a script; what is written for Deno or Bun needs those. */
export function isJavaScript(bin: string): boolean {
  const line = firstLine(bin);
  if (/^#!.*\b(deno|bun)\b/.test(line)) return false;
  return /\.[cm]?[jt]s$/.test(bin) || /^#!.*\b(node|nodejs)\b/.test(line);
}

const firstBytes = 200;

/** The first line of a file, as far as such lines go. */
export function firstLine(bin: string): string {
  try {
    const file = openSync(bin, 'r');
    try {
      const bytes = Buffer.alloc(firstBytes);
      const count = readSync(file, bytes);
      return bytes.subarray(0, count).toString('latin1').split('\n')[0] ?? '';
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fileError(error, bin, `cannot read the program ${bin}`);
  }
}
