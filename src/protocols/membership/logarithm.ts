// Logarithms for protocols whose bounds are logarithmic, by + − × ÷ alone: what Math.log returns
// depends on the machine.
import { assert } from '../../kernel/assert.js';

/** ⌈ln n⌉ of a whole number from 1. */
export function ceilLn(n: number): number {
  let result = 0;
  for (let power = 1; power < n; power *= Math.E) result++;
  return result;
}

/** ln x of x ≥ 1: halvings, then the series of artanh; error below 1e−9. */
export function ln(x: number): number {
  assert(x >= 1, 'the logarithm is taken of a number from 1', { x });
  let mantissa = x;
  let doublings = 0;
  while (mantissa > Math.SQRT2) {
    mantissa /= 2;
    doublings++;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let n = 15; n >= 1; n -= 2) sum = sum * t * t + 1 / n;
  return 2 * t * sum + doublings * Math.LN2;
}
