// A program that can be run as a process.
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { usageError } from '../../scenario/usage-error.js';
import type { Command } from './program.js';

/** A command whose program is there and can be run; its path is canonical. */
export function commandOf({ bin, args = [] }: Pick<Command, 'bin'> & Partial<Command>): Command {
  return { bin: executable(bin), args };
}

function executable(bin: string): string {
  let path: string;
  try {
    path = realpathSync(bin);
  } catch {
    throw usageError(`there is no program ${bin}`, { expected: 'the path of an executable file' });
  }
  if (!statSync(path).isFile()) {
    throw usageError(`${bin} is no file`, { expected: 'the path of an executable file' });
  }
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw usageError(`${bin} is not executable`, { hint: `chmod +x ${bin}` });
  }
  return path;
}
