// Drives a run in slices, so that signals get through and progress can be seen. The first signal
// ends it gracefully, even if a handler never returns; the second one ends the process.
import { formatInstant } from '../kernel/time.js';
import { advance, type Running, sliceEvents } from '../scenario/run.js';
import { UsageError } from '../scenario/usage-error.js';
import { engineVersion } from '../scenario/version.js';
import { DeterminismError } from '../sim/strict.js';
import { Bug } from './bug.js';
import { type Io, type Signal, signalCodes } from './io.js';
import { drivePiped, isPiped } from './piped.js';
import { progressOf } from './progress.js';

/** What may end work early. */
export interface Interruption {
  /** The signal that came; `undefined` while none has. */
  signal(): Signal | undefined;
  /** ^C has broken off what was being done. */
  brokenOff(): undefined;
  stop(): void;
}

/** Listens for signals from now on; `cleanUp` comes before the end of the process. */
export function interruption(io: Io, cleanUp: () => void): Interruption {
  let heard: Signal | undefined;
  const stop = io.onSignal((signal) => {
    if (heard !== undefined) {
      cleanUp();
      io.exit(signalCodes[signal]);
    }
    heard = signal;
  });
  const brokenOff = (): undefined => {
    heard ??= 'SIGINT';
  };
  return { signal: () => heard, brokenOff, stop };
}

/** Runs to the end, or to the first signal. */
export async function drive(running: Running, io: Io, interrupted: Interruption): Promise<void> {
  const { world, seed } = running;
  const progress = progressOf(io, `seed ${seed}`);
  try {
    if (isPiped(running.scenario)) await drivePiped(running, io, interrupted, progress);
    for (let events = firstSlice; ; ) {
      await io.pause(); // A signal that came before is heard now, or never.
      if (interrupted.signal() !== undefined) return;
      const sinceMs = io.nowMs();
      const slice = io.interruptibly(() => advance(running, events));
      if (slice === undefined) interrupted.brokenOff();
      else if (!slice.value) return;
      events = nextSlice(events, io.nowMs() - sinceMs);
      progress.show(world);
    }
  } catch (error) {
    if (error instanceof DeterminismError || error instanceof UsageError) throw error;
    throw bugIn(running, error);
  } finally {
    progress.clear();
  }
}

/** So long a slice should take: only ^C does not wait for its end. */
const sliceMs = 50;
const firstSlice = 256;

/** How many events the next slice has, by how long one took: some take a thousand times others. */
function nextSlice(events: number, tookMs: number): number {
  if (tookMs > sliceMs) return Math.max(1, events >> 1);
  return tookMs < sliceMs / 4 ? Math.min(sliceEvents, 2 * events) : events;
}

/** An error that a run should not have thrown, with where the run was. */
export function bugIn({ world, seed }: Running, error: unknown): Bug {
  const at = `event ${world.events} at ${formatInstant(world.queue.nowUs)} s`;
  return new Bug(error, [`seed ${seed}, ${at}, engine ${engineVersion}`]);
}
