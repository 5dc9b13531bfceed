// A program that can be run as a process.
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { usageError } from '../../scenario/usage-error.js';
import { firstLine } from '../program-kind.js';
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
  assertInterpreter(bin, path);
  return path;
}

/** What a script's first line names has to be there: the system would only say that nothing is. */
function assertInterpreter(bin: string, path: string): void {
  const line = firstLine(path);
  const [, interpreter] = /^#!\s*(\S+)/.exec(line) ?? [];
  if (interpreter === undefined) {
    if (!/\.(py|rb)$/.test(bin)) return;
    const hint = 'such as #!/usr/bin/env python3';
    throw usageError(`${bin} has no first line that says what is to run it`, { hint });
  }
  if (line.endsWith('\r')) {
    const hint = `Its lines have to end as Unix has it: sed -i 's/\\r$//' ${bin}`;
    throw usageError(`the first line of ${bin} ends with a carriage return`, { hint });
  }
  if (existsSync(interpreter)) return;
  // Programs run in a directory of their own, so a relative path would lead nowhere.
  const hint = `Its first line says so; whatever else runs it can be named: --bin … -- ${path}`;
  throw usageError(`${bin} is to be run by ${interpreter}, which is not there`, { hint });
}
