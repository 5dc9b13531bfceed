// One line on a terminal that says how much of some work is done and how long the rest will take.
import type { Io } from './io.js';

/** Nothing is shown before this, and no more often. */
const firstMs = 500;
const everyMs = 100;

interface ShareProgress {
  /** To be called now and then, with the share that is done, from 0 to 1. */
  show(share: number): void;
  /** Says at once what is done from now on, of which no share is known. */
  say(text: string): void;
  /** Wipes the line. */
  clear(): void;
}

/** Progress on stderr, where that is a terminal. */
export function shareProgress(io: Io, title: string): ShareProgress {
  const startMs = io.nowMs();
  let nextMs = startMs + firstMs;
  let shown = false;
  const write = (text: string): void => {
    if (!io.stderr.isTty) return;
    shown = true;
    io.stderr.write(`\r\u001b[2K${text.slice(0, io.stderr.columns - 1)}`);
  };
  return {
    show: (share) => {
      const nowMs = io.nowMs();
      if (nowMs < nextMs) return;
      nextMs = nowMs + everyMs;
      const leftS = ((nowMs - startMs) / 1_000) * (1 / share - 1);
      const left = share > 0 ? ` · ${Math.ceil(leftS)} s left` : '';
      write(`${title} ${(share * 100).toFixed(1)} %${left}`);
    },
    say: write,
    clear: () => {
      if (shown) io.stderr.write('\r\u001b[2K');
      shown = false;
    },
  };
}
