// Whether a program has nothing more to say unless it is told something. On Linux it is asked of
// the kernel: a program is quiescent when every thread of every process of its session is asleep in
// a call that waits for something, and none of them waits to write. One look at one thread is an
// instant; several threads are looked at twice, and nothing may have run in between.
import {
  ProcFile,
  processesOf,
  type Stat,
  statOf,
  ThreadCount,
  textOf,
  threadsOf,
  timeIn,
} from './processes.js';
import { type Sleep, sleepsOf } from './syscalls.js';

/** What a look at a program has found. */
export interface Look {
  /** `busy`: something in it runs, or will. `gone`: it has ended. */
  readonly state: 'quiescent' | 'busy' | 'gone';
  /** Some thread of it sleeps for a time only: it has a timer of its own. */
  readonly timed: boolean;
}

const busy: Look = { state: 'busy', timed: false };
const gone: Look = { state: 'gone', timed: false };
const quiescent: Look = { state: 'quiescent', timed: false };
const timedLook: Look = { state: 'quiescent', timed: true };

/** A sleep as long as this is no timer of a node's: schedulers of some languages have such. */
const longSleepSeconds = 60n;

/** What one thread is doing. `children`: it sleeps until a child process does something. */
type Doing = 'running' | 'asleep' | 'timed' | 'children';

/** Looks at one program, again and again. */
export class Observer {
  readonly #pid: number;
  readonly #call: ProcFile | undefined;
  readonly #stat: ProcFile | undefined;
  readonly #threads: ThreadCount | undefined;
  /** What its one thread slept in when it was idle last; mostly it does so again. */
  #idleCall: Buffer | undefined;
  /** It has been woken, and nothing has shown yet that it woke. */
  #woken = false;

  /** `proc`: where the kernel shows processes. */
  constructor(pid: number, proc = '/proc') {
    this.#pid = pid;
    this.#call = ProcFile.open(`${proc}/${pid}/task/${pid}/syscall`);
    this.#stat = ProcFile.open(`${proc}/${pid}/stat`);
    this.#threads = ThreadCount.open(`${proc}/${pid}/task`);
  }

  close(): void {
    this.#call?.close();
    this.#stat?.close();
    this.#threads?.close();
  }

  /**
   * It was told something. Between the kernel's decision to wake a thread and the moment at which
   * its processor takes it up, its call still reads as if it slept; only its state tells.
   */
  told(): void {
    this.#woken = true;
  }

  /** What it is doing now. A few microseconds for one thread, far more for a tree of processes. */
  look(): Look {
    const bytes = this.#call?.bytes();
    const isIdle = bytes !== undefined && this.#idleCall?.equals(bytes) === true;
    if (isIdle && !this.#woken && this.#threads?.isOne()) return quiescent;
    const call = bytes?.toString('latin1') ?? '';
    if (call.startsWith('running')) {
      this.#woken = false;
      return busy;
    }
    const stat = statOf(this.#stat?.text() ?? '');
    if (stat === undefined || 'ZX'.includes(stat.state)) return gone;
    if (isRunning(stat)) return busy;
    this.#woken = false;
    const doing = doingOf(this.#pid, call);
    if (doing === 'running') return busy;
    if (stat.threads > 1 || doing === 'children') return this.#lookTwice(doing === 'children');
    if (doing === 'timed') return timedLook;
    if (sleepOf(call)?.kind === 'read') this.#idleCall = Buffer.from(call, 'latin1');
    return quiescent;
  }

  /** What the kernel tells of its main process. */
  stat(): Stat | undefined {
    return statOf(this.#stat?.text() ?? '');
  }

  /** Milliseconds that one of its threads has waited for a processor; that which waited most. */
  starvedMs(): number {
    let nanoseconds = 0;
    for (const process of processesOf(this.#pid)) {
      for (const thread of threadsOf(process)) {
        // The second number of schedstat. Source: Documentation/scheduler/sched-stats.rst of Linux.
        const [, waited = '0'] = textOf(`/proc/${process}/task/${thread}/schedstat`).split(' ');
        nanoseconds = Math.max(nanoseconds, Number(waited));
      }
    }
    return nanoseconds / 1e6;
  }

  #lookTwice(hasChildren: boolean): Look {
    const first = sight(this.#pid, hasChildren);
    if (first === undefined) return busy;
    const second = sight(this.#pid, hasChildren);
    if (second === undefined || second.text !== first.text) return busy;
    return second.timed ? timedLook : quiescent;
  }
}

/** Runs, or is about to: the state of one that is being woken is `R`. */
function isRunning(stat: Stat | undefined): boolean {
  return stat?.state === 'R' || stat?.state === 'D';
}

/** What every thread is doing, as a text that changes when any of them has run. */
interface Sight {
  readonly text: string;
  readonly timed: boolean;
}

function sight(pid: number, hasChildren: boolean): Sight | undefined {
  let timed = false;
  const seen: string[] = [];
  for (const process of hasChildren ? processesOf(pid) : [pid]) {
    for (const thread of threadsOf(process)) {
      const path = `/proc/${process}/task/${thread}`;
      const call = textOf(`${path}/syscall`);
      const doing = doingOf(process, call);
      if (doing === 'running' || isRunning(statOf(textOf(`${path}/stat`)))) return undefined;
      if (doing === 'timed') timed = true;
      // The third number of schedstat: how often it has been given a processor.
      seen.push(`${process} ${thread} ${call} ${textOf(`${path}/schedstat`)}`);
    }
  }
  return { text: seen.join('\n'), timed };
}

/** Reads `/proc/PID/task/TID/syscall`: `running`, or a number, its arguments, and two addresses. */
function doingOf(pid: number, text: string): Doing {
  const words = text.split(' ');
  const how = sleepOf(text);
  const argument = (place: number): string => words[1 + place] ?? '0x0';
  switch (how?.kind) {
    case undefined:
    case 'write':
      return 'running';
    case 'idle':
      return 'asleep';
    case 'read':
      return argument(0) === '0x0' ? 'asleep' : 'children';
    case 'children':
      return 'children';
    case 'sleep':
      return 'timed';
    case 'millis': {
      const ms = Number(BigInt.asIntN(32, BigInt(argument(how.timeout))));
      return ms < 0 || ms >= 1_000 * Number(longSleepSeconds) ? 'asleep' : 'timed';
    }
    case 'pointer':
      return timedBy(pid, argument(how.timeout), false);
    case 'futex': {
      const operation = Number(argument(1)) & 0x7f;
      return timedBy(pid, argument(3), operation === futexWaitBitset);
    }
  }
}

function sleepOf(text: string): Sleep | undefined {
  const number = Number.parseInt(text, 10);
  return sleepsOf(process.arch)?.get(number);
}

/** Waits to an instant, where plain FUTEX_WAIT waits for a span. Source: futex(2). */
const futexWaitBitset = 9;

function timedBy(pid: number, address: string, isInstant: boolean): Doing {
  if (address === '0x0') return 'asleep';
  const time = timeIn(pid, address);
  if (time === undefined) return 'timed';
  const [seconds] = time;
  if (!isInstant) return seconds >= longSleepSeconds ? 'asleep' : 'timed';
  // By which clock is in the operation's flags; an instant of the wall clock is far larger.
  const monotonic = process.hrtime.bigint() / 1_000_000_000n;
  const wall = BigInt(Math.floor(Date.now() / 1_000));
  const left = seconds - (seconds > wall / 2n ? wall : monotonic);
  return left >= longSleepSeconds ? 'asleep' : 'timed';
}
