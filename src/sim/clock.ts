// A node's own clock: virtual time, shifted and stretched by faults. Whole microseconds throughout.
import type { Micros } from '../kernel/time.js';

export interface Clock {
  /** Added to virtual time, drift up to `sinceUs` included. */
  offsetUs: Micros;
  /** Microseconds gained per second of virtual time. */
  driftPpm: number;
  /** When the drift last changed. */
  sinceUs: Micros;
}

export function createClock(): Clock {
  return { offsetUs: 0, driftPpm: 0, sinceUs: 0 };
}

/** What the clock shows at virtual time `nowUs`; it may be negative. */
export function read(clock: Clock, nowUs: Micros): Micros {
  if (clock.driftPpm === 0) return nowUs + clock.offsetUs;
  return nowUs + clock.offsetUs + drifted(clock, nowUs);
}

/** How long `delayUs` of this clock takes in virtual time. */
export function stretch(clock: Clock, delayUs: Micros): Micros {
  if (clock.driftPpm === 0) return delayUs;
  return Math.round((delayUs * 1_000_000) / (1_000_000 + clock.driftPpm));
}

/** Changes the drift by `ppm` from now on. */
export function addDrift(clock: Clock, ppm: number, nowUs: Micros): void {
  clock.offsetUs += drifted(clock, nowUs);
  clock.sinceUs = nowUs;
  clock.driftPpm += ppm;
}

function drifted(clock: Clock, nowUs: Micros): Micros {
  return Math.floor(((nowUs - clock.sinceUs) * clock.driftPpm) / 1_000_000);
}
