// How far a hunt is: one line that is written over and over on a terminal, a line now and then
// elsewhere.

import type { Io } from '../io.js';
import { grouped } from '../layout.js';

/** What is known of a hunt that goes on. */
interface Standing {
  readonly title: string;
  readonly runs: number;
  /** `undefined`: nobody knows how many there will be. */
  readonly expected: number | undefined;
  /** How long it may go on; `undefined`: until all is done. */
  readonly leftMs: number | undefined;
  readonly failed: number;
}

interface HuntProgress {
  show(standing: Standing): void;
  clear(): void;
}

const everyMs = 100;
const linesEveryMs = 10_000;

export function huntProgress(io: Io): HuntProgress {
  const startMs = io.nowMs();
  let nextMs = startMs + (io.stderr.isTty ? 2 * everyMs : linesEveryMs);
  let shown = false;
  return {
    show: (standing) => {
      const nowMs = io.nowMs();
      if (nowMs < nextMs) return;
      nextMs = nowMs + (io.stderr.isTty ? everyMs : linesEveryMs);
      const text = textOf(standing, (nowMs - startMs) / 1_000);
      shown = io.stderr.isTty;
      io.stderr.write(shown ? `\r\u001b[2K${text.slice(0, io.stderr.columns - 1)}` : `${text}\n`);
    },
    clear: () => {
      if (shown) io.stderr.write('\r\u001b[2K');
      shown = false;
    },
  };
}

/** `▸ broadcast.yaml 3,412/10,000 runs · 812/s · 0 ✗ · 8 s left`. */
function textOf({ title, runs, expected, leftMs, failed }: Standing, passedS: number): string {
  const of = expected === undefined ? '' : `/${grouped(expected)}`;
  const rate = runs / Math.max(passedS, 0.001);
  const byRuns = expected === undefined || rate === 0 ? undefined : (expected - runs) / rate;
  const byTime = leftMs === undefined ? undefined : leftMs / 1_000;
  const leftS = Math.min(byRuns ?? Number.POSITIVE_INFINITY, byTime ?? Number.POSITIVE_INFINITY);
  const left = Number.isFinite(leftS) ? ` · ${grouped(Math.max(0, Math.ceil(leftS)))} s left` : '';
  const speed = `${grouped(Math.round(rate))}/s`;
  return `▸ ${title} ${grouped(runs)}${of} runs · ${speed} · ${failed} ✗${left}`;
}
