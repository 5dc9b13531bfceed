// The φ accrual failure detector (Hayashibara et al. 2004) as Cassandra has it: arrivals are taken
// for exponential, so φ = −log₁₀ e^(−t/mean) = t/(mean·ln 10), and a threshold of 8 convicts after
// 18.42 times the mean interval. It knows neither nodes nor messages. Source: Cassandra,
// FailureDetector.java (ArrivalWindow).
import { assert } from '../../../kernel/assert.js';
import type { Micros } from '../../../kernel/time.js';

/** When heartbeats of one node arrived. */
export interface Arrivals {
  lastUs: Micros;
  /** The last intervals, in a ring. */
  readonly intervals: Micros[];
  /** Where the oldest is. */
  oldest: number;
  sumUs: Micros;
}

/** Before anything has arrived one interval is assumed. */
export function arrivalsFrom(nowUs: Micros, assumedUs: Micros): Arrivals {
  return { lastUs: nowUs, intervals: [assumedUs], oldest: 0, sumUs: assumedUs };
}

/**
 * A heartbeat arrived. An interval above `longestUs` says that the node was away, not how regular
 * it is, and does not count; nor does one of a clock that went back.
 */
export function arrived(
  arrivals: Arrivals,
  nowUs: Micros,
  { windowMax, longestUs }: { readonly windowMax: number; readonly longestUs: Micros },
): void {
  const intervalUs = nowUs - arrivals.lastUs;
  arrivals.lastUs = nowUs;
  if (intervalUs < 0 || intervalUs > longestUs) return;
  const { intervals, oldest } = arrivals;
  arrivals.sumUs += intervalUs;
  if (intervals.length < windowMax) {
    intervals.push(intervalUs);
    return;
  }
  arrivals.sumUs -= intervals[oldest] ?? 0;
  intervals[oldest] = intervalUs;
  arrivals.oldest = (oldest + 1) % windowMax;
}

/** How much a node's silence speaks for its failure. */
export function phiOf({ lastUs, intervals, sumUs }: Arrivals, nowUs: Micros): number {
  const meanUs = sumUs / intervals.length;
  assert(meanUs >= 0, 'intervals have a mean', { sumUs });
  return (nowUs - lastUs) / (Math.max(1, meanUs) * Math.LN10);
}
