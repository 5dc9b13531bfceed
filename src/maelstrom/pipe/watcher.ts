// A small shell that outlives us by an instant: when our end of its pipe closes, because we closed
// it, crashed or were killed, it kills every program that we started and all that they started.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { makePipes } from './fifo.js';

/** In the environment of every program that we start, and so of all that they start. */
const mark = 'STORMGLASS_RUN';

/** So often it looks again for what a dying process may have started. */
const script = `
trap '' HUP INT QUIT TERM
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done
for round in 1 2 3 4 5 6 7 8 9; do
  found=$(grep -ls "${mark}=$1" /proc/[0-9]*/environ)
  [ -n "$found" ] || break
  for file in $found; do
    process=\${file#/proc/}
    kill -KILL "\${process%/environ}"
  done
done
`;

/** Kills what is left of our programs, whatever becomes of us. */
export class Watcher {
  /** What programs must have in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #pipe: number;
  readonly #groups = new Set<number>();
  /** Groups that have been killed; the machine takes a moment to be rid of them. */
  readonly #killed: number[] = [];
  #open = true;

  constructor() {
    const run = `${process.pid}-${process.hrtime.bigint()}`;
    this.environment = { [mark]: run };
    const [pipe] = makePipes(['in']);
    if (pipe === undefined) throw new Error('one pipe was asked for');
    // A session of its own: ^C in a terminal goes to all of ours.
    const options = { detached: true, stdio: [pipe.inner, 'ignore', 'ignore'], cwd: '/' } as const;
    this.#child = spawn('/bin/sh', ['-c', script, 'sh', run], {
      ...options,
      stdio: [...options.stdio],
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on('exit', () => resolve());
      this.#child.on('error', () => resolve());
    });
    this.#child.unref();
    closeSync(pipe.inner);
    this.#pipe = pipe.outer;
  }

  /** The programs of this process group are ours. */
  add(group: number): void {
    this.#groups.add(group);
    this.#say(`+ ${group}\n`);
  }

  /** Kills a group; nothing of it is left that could be seen from outside. */
  kill(group: number): void {
    if (!this.#groups.delete(group)) return;
    this.#killed.push(group);
    killGroup(group);
    this.#say(`- ${group}\n`);
  }

  /** Kills all that is left, at once; the machine is rid of it a moment later. */
  end(): void {
    if (!this.#open) return;
    for (const group of [...this.#groups]) this.kill(group);
    this.#open = false;
    closeSync(this.#pipe);
  }

  /** Kills all that is left; then that is gone, and the shell, too. */
  async close(): Promise<void> {
    this.end();
    this.#child.ref();
    await this.#ended;
    for (let look = 0; look < looksMax && this.#killed.some(isThere); look++) await pause();
  }

  #say(text: string): void {
    try {
      if (this.#open) writeSync(this.#pipe, text);
    } catch {
      // Somebody has killed the shell; we still kill what we know of.
    }
  }
}

/** So many looks, 10 ms apart: a process that sleeps in a broken driver cannot be killed at all. */
const looksMax = 500;

const pause = (): Promise<void> => new Promise((resume) => setTimeout(resume, 10));

/** Whether any process is left in the group, if only to be reaped. */
function isThere(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
