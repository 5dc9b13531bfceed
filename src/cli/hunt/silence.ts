// How long a thread has shown no sign of life, as far as it could have: on a machine that is busy
// with others a thread that is slow is not one that hangs. Linux says what each thread has had of
// the processors; elsewhere all time counts.
import { readFileSync, readlinkSync } from 'node:fs';

/** What a thread has had of the processors since it began. */
export interface Share {
  readonly ranMs: number;
  /** It could have run, and others did. */
  readonly waitedMs: number;
  /** It runs or waits for a processor as it is looked at. */
  readonly ready: boolean;
}

/** The silence of one thread, looked at now and then. */
export class Silence {
  readonly #shareNow: () => Share | undefined;
  #beats: number;
  #before: Share | undefined;
  #silentMs = 0;

  /** `shareNow`: undefined where nobody knows. */
  constructor(beats: number, shareNow: () => Share | undefined) {
    this.#shareNow = shareNow;
    this.#beats = beats;
  }

  /** Milliseconds so far, after a look `spanMs` after the last one: any other count ends them. */
  look(beats: number, spanMs: number): number {
    const share = this.#shareNow();
    this.#silentMs = beats === this.#beats ? this.#silentMs + this.#counted(share, spanMs) : 0;
    this.#beats = beats;
    this.#before = share;
    return this.#silentMs;
  }

  /**
   * Of a thread that ran or wanted to, only what it ran counts: it may also have waited for those
   * that collect its garbage. Of one that slept all counts in which it need not have.
   */
  #counted(share: Share | undefined, spanMs: number): number {
    const before = this.#before;
    if (share === undefined || before === undefined) return spanMs;
    const ranMs = Math.max(0, share.ranMs - before.ranMs);
    const waitedMs = Math.max(0, share.waitedMs - before.waitedMs);
    const slept = !share.ready && ranMs + waitedMs < spanMs / 2;
    return slept ? Math.max(0, spanMs - waitedMs) : ranMs;
  }
}

/** The kernel's number of the thread that asks; 0 where it has none to tell. */
export function ownThread(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0;
  }
}

/** What a thread of this process has had; undefined: nobody knows, or it has ended. */
export function shareOf(thread: number): Share | undefined {
  if (thread === 0) return undefined;
  const place = `/proc/self/task/${thread}`;
  try {
    // Source: Documentation/scheduler/sched-stats.rst of Linux.
    const [ran = '', waited = ''] = readFileSync(`${place}/schedstat`, 'latin1').split(' ');
    const stat = readFileSync(`${place}/stat`, 'latin1');
    const ready = stat.slice(stat.lastIndexOf(')')).startsWith(') R');
    return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6, ready };
  } catch {
    return undefined;
  }
}
