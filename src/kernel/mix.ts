// Integer mixing: the one place where bits are stirred. Everything that is a "pure function of a
// key" and every digest stands on it. 32-bit operations only, so that every engine agrees.

/** A bijection of 32-bit integers with low bias. Source: C. Wellons, Hash Prospector, lowbias32. */
export function mix32(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** 16 hexadecimal digits of a 64-bit value given as two 32-bit halves. */
export function hex64(hi: number, lo: number): string {
  return (hi >>> 0).toString(16).padStart(8, '0') + (lo >>> 0).toString(16).padStart(8, '0');
}
