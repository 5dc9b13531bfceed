// How long a message is under way: shapes of latency, drawn from 32 bits without floating-point
// functions that engines may round differently.
import { exponential, share } from '../kernel/random.js';
import type { Micros } from '../kernel/time.js';
import type { Latency } from './spec.js';

const twoTo32 = 2 ** 32;
/** As a constant of this module: V8 looks imports up at every use. */
const shareOf = share;

/** The latency that 32 random bits stand for; a whole number of microseconds ≥ 0. */
export function latencyUs(latency: Latency, bits: number): Micros {
  switch (latency.shape) {
    case 'constant':
      return latency.us;
    case 'uniform':
      return latency.minUs + shareOf(bits, latency.maxUs - latency.minUs + 1);
    case 'exponential':
    case 'long-tail':
      return Math.min(unbounded(latency, bits), latency.maxUs);
  }
}

/** The mean, but for what `maxUs` cuts off; a whole number. */
export function meanLatencyUs(latency: Latency): Micros {
  switch (latency.shape) {
    case 'constant':
      return latency.us;
    case 'uniform':
      return Math.floor((latency.minUs + latency.maxUs) / 2);
    case 'exponential':
      return latency.meanUs;
    case 'long-tail':
      return 2 * latency.minUs;
  }
}

function unbounded(
  latency: Extract<Latency, { shape: 'exponential' | 'long-tail' }>,
  bits: number,
): Micros {
  if (latency.shape === 'exponential') {
    return latency.minUs + exponential(bits, latency.meanUs - latency.minUs);
  }
  return Math.floor(latency.minUs / Math.sqrt((bits + 0.5) / twoTo32));
}
