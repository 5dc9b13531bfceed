// What Linux tells of processes under /proc. Everything here may find that the process has gone
// meanwhile, and then says so by `undefined` or by an empty list.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** Whether this machine has the files that quiescence is read from. */
export function hasProc(): boolean {
  try {
    readFileSync('/proc/self/syscall');
    return true;
  } catch {
    return false;
  }
}

/** A small file that is read again and again without being opened again. */
export class ProcFile {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  static open(path: string): ProcFile | undefined {
    try {
      return new ProcFile(openSync(path, 'r'));
    } catch {
      return undefined;
    }
  }

  /** What it says now; '' when its process has gone. */
  text(): string {
    return this.bytes().toString('latin1');
  }

  /** The same, good until any such file is read again. */
  bytes(): Buffer {
    try {
      return scratch.subarray(0, readSync(this.#file, scratch, 0, scratch.length, 0));
    } catch {
      return scratch.subarray(0, 0);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

const scratch = Buffer.alloc(4_096);

/**
 * How many threads a process has, without reading a word: its directory of threads has as many
 * links as threads and two more. Source: Linux, fs/proc/base.c, proc_task_getattr.
 */
export class ThreadCount {
  readonly #directory: number;

  private constructor(directory: number) {
    this.#directory = directory;
  }

  static open(directory: string): ThreadCount | undefined {
    try {
      return new ThreadCount(openSync(directory, 'r'));
    } catch {
      return undefined;
    }
  }

  /** Whether it certainly has one thread, and lives. */
  isOne(): boolean {
    try {
      return fstatSync(this.#directory).nlink === 3;
    } catch {
      return false;
    }
  }

  close(): void {
    closeSync(this.#directory);
  }
}

/** Fields of `/proc/PID/stat`. Source: proc_pid_stat(5). */
export interface Stat {
  /** `R` running, `S` asleep, `T` stopped, `Z` ended and not yet waited for … */
  readonly state: string;
  readonly session: number;
  readonly threads: number;
  /** As `waitpid` would tell it; 0 while it lives or where it is secret. */
  readonly exit: number;
}

export function statOf(text: string): Stat | undefined {
  const state = text.lastIndexOf(')') + 2;
  if (state < 2 || text.length < state + 2) return undefined;
  return {
    state: text[state] as string,
    session: fieldOf(text, state, 4),
    threads: fieldOf(text, state, 18),
    exit: fieldOf(text, state, 50),
  };
}

/** The field at a place, from 1; 0 if there is none. This is asked at every message. */
function fieldOf(text: string, from: number, place: number): number {
  let at = from - 1;
  for (let i = 1; i < place; i++) {
    at = text.indexOf(' ', at + 1);
    if (at < 0) return 0;
  }
  return Number.parseInt(text.slice(at + 1, at + 12), 10);
}

/** The living processes of a session, in the order of their ids. O(processes of the machine). */
export function processesOf(session: number): number[] {
  return numbersIn('/proc').filter((pid) => {
    const stat = statOf(textOf(`/proc/${pid}/stat`));
    return stat?.session === session && !'ZX'.includes(stat.state);
  });
}

/** The threads of a process, in the order of their ids. */
export function threadsOf(pid: number): number[] {
  return numbersIn(`/proc/${pid}/task`);
}

/** What a small file says, of 4 KB at most; '' if it has gone. */
export function textOf(path: string): string {
  // Not `readFileSync`: for a file of unknown size it takes 64 KB of new memory, at every look.
  const file = ProcFile.open(path);
  try {
    return file?.text() ?? '';
  } finally {
    file?.close();
  }
}

/** The two numbers of a `timespec` or `timeval` in the memory of a process: seconds, fraction. */
export function timeIn(pid: number, address: string): readonly [bigint, bigint] | undefined {
  const bytes = Buffer.alloc(16);
  try {
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    try {
      if (readSync(memory, bytes, 0, 16, BigInt(address)) < 16) return undefined;
    } finally {
      closeSync(memory);
    }
    return [bytes.readBigInt64LE(0), bytes.readBigInt64LE(8)];
  } catch {
    return undefined;
  }
}

function numbersIn(directory: string): number[] {
  try {
    const names = readdirSync(directory).filter((name) => /^\d+$/.test(name));
    return names.map(Number).sort((a, b) => a - b);
  } catch {
    return [];
  }
}
