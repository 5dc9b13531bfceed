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
  return hex32(hi) + hex32(lo);
}

/** By byte: four times as fast as `toString(16)`, and traces ask for keys at every event. */
const digits: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

function hex32(word: number): string {
  const [a, b] = [digits[word >>> 24], digits[(word >>> 16) & 0xff]] as const;
  return `${a}${b}${digits[(word >>> 8) & 0xff]}${digits[word & 0xff]}`;
}
