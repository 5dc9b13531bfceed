// Writing a file so that nobody ever sees half of it: into a temporary one beside the target, which
// takes the target's name at the very end. Everything is synchronous, so an event loop that is busy
// simulating cannot fall behind.
import { closeSync, openSync, renameSync, rmSync, type Stats, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { directoryError, fileError } from './text-file.js';

export interface OutputFile {
  write(bytes: Uint8Array): void;
  /** All is written: the file takes its name. */
  commit(): void;
  /** Leaves nothing behind. Harmless after `commit`. */
  abandon(): void;
}

/** Opens a file for writing. Throws a UsageError when it cannot be written. */
export function openOutput(path: string, kind: string): OutputFile {
  const about = `cannot write ${kind} ${path}`;
  const special = isSpecial(path, kind, about);
  const temporary = special ? path : join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      if (!special) rmSync(temporary, { force: true });
      throw fileError(error, path, about);
    }
  };
  const file = guarded(() => openSync(temporary, 'w'));
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    write: (bytes) => guarded(() => writeAll(file, bytes)),
    commit: () => {
      guarded(() => {
        close();
        if (!special) renameSync(temporary, path);
      });
    },
    abandon: () => {
      if (!isOpen) return;
      close();
      if (!special) rmSync(temporary, { force: true });
    },
  };
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** Pipes and devices are written as they are: there is nothing to rename. */
function isSpecial(path: string, kind: string, about: string): boolean {
  let stat: Stats | undefined;
  try {
    stat = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, path, about);
  }
  if (stat?.isDirectory() === true) throw directoryError(path, kind);
  return stat !== undefined && !stat.isFile();
}
