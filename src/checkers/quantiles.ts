// Quantiles as Jepsen takes them, so that figures can be compared: of n sorted values the one at
// index floor(n·q), the last for q = 1. Source: jepsen.checker/frequency-distribution.

/** Of n values: n itself, the least, those at 0.5, 0.95 and 0.99, and the greatest. */
interface Quantiles {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** `undefined` of no values. O(n log n). */
export function quantilesOf(values: readonly number[]): Quantiles | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const sorted = Float64Array.from(values).sort(); // Typed arrays sort by size.
  const at = (q: number): number => sorted[Math.min(count - 1, Math.floor(count * q))] ?? 0;
  return { count, min: at(0), p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
