// One line on a terminal that says how far a long run is. Short runs and pipes see nothing of it.
import type { World } from '../sim/world.js';
import type { Io } from './io.js';
import { grouped } from './layout.js';

/** Nothing is shown before this, and no more often. */
const firstMs = 500;
const everyMs = 100;

export interface Progress {
  /** To be called now and then. */
  show(world: World): void;
  /** Wipes the line. */
  clear(): void;
}

/** Progress of one run on stderr, by virtual time. */
export function progressOf(io: Io, title: string): Progress {
  const startMs = io.nowMs();
  let nextMs = startMs + firstMs;
  let shown = false;
  return {
    show: (world) => {
      const nowMs = io.nowMs();
      if (!io.stderr.isTty || nowMs < nextMs) return;
      nextMs = nowMs + everyMs;
      shown = true;
      const line = `${title} ${textOf(world, (nowMs - startMs) / 1_000)}`;
      io.stderr.write(`\r\u001b[2K${line.slice(0, io.stderr.columns - 1)}`);
    },
    clear: () => {
      if (shown) io.stderr.write('\r\u001b[2K');
      shown = false;
    },
  };
}

function textOf(world: World, passedS: number): string {
  const { durationUs, recoveryUs } = world.spec;
  const share = Math.min(1, world.queue.nowUs / (durationUs + recoveryUs));
  const rate = Math.round(world.events / passedS);
  const left = share === 0 ? '' : ` · ${Math.ceil((passedS * (1 - share)) / share)} s left`;
  return `${(share * 100).toFixed(1)} % · ${grouped(rate)} events/s${left}`;
}
