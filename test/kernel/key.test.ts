// Keys: that they tell causes apart, that their bits are fair, and that they never change.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { drawBits, Key, keyOf, nthBits, parseKey } from '../../src/kernel/key.js';
import { hex64, mix32 } from '../../src/kernel/mix.js';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('Key.derive', () => {
  it('gives a million effects of a tree of causes a million keys', () => {
    const seen = new Set<bigint>();
    const dests = Array.from({ length: 10 }, (_, i) => keyOf('party', `n${i}`));
    const grow = (hi: number, lo: number, depth: number): void => {
      if (depth === 0) return;
      for (const [i, dest] of dests.entries()) {
        const key = new Key();
        key.derive(hi, lo, 1 | ((i % 2) << 4), dest.hi, dest.lo);
        seen.add(bitsOf(key));
        grow(key.hi, key.lo, depth - 1);
      }
    };
    const root = keyOf('seed', 'op', 0);
    grow(root.hi, root.lo, 6);
    expect(seen.size).toBe(1_111_110);
  });

  it('tells kinds, numbers and destinations of the effects of one event apart', () => {
    const seen = new Set<bigint>();
    const { hi, lo } = keyOf('seed', 'op', 1);
    for (let party = 0; party < 100; party++) {
      const dest = keyOf('party', `n${party}`);
      for (let word = 1; word <= 1_000; word++) {
        const key = new Key();
        key.derive(hi, lo, word, dest.hi, dest.lo);
        seen.add(bitsOf(key));
      }
    }
    expect(seen.size).toBe(100_000);
  });

  test.prop([int32, int32, int32, int32, int32], { seed: 1, numRuns: 1_000 })(
    'is a bijection of the cause: it can be undone',
    (hi, lo, word, destHi, destLo) => {
      const key = new Key();
      key.derive(hi, lo, word, destHi, destLo);
      expect(underive(key, word, destHi, destLo)).toEqual([hi, lo]);
    },
  );

  it('sets each bit in half of the keys, whatever little the causes differ in', () => {
    const count = 100_000;
    const ones = new Float64Array(64);
    for (let i = 0; i < count; i++) {
      const key = new Key();
      key.derive(0, i, 1, 0, 0);
      countBits(key.hi, ones, 0);
      countBits(key.lo, ones, 32);
    }
    expect(farthest(ones, count)).toBeLessThan(5);
  });

  it.each(Array.from({ length: 64 }, (_, bit) => bit))(
    'leads to independent draws for causes that differ in bit %i alone',
    (bit) => {
      const [hiBit, loBit] = bit < 32 ? [1 << bit, 0] : [0, 1 << (bit - 32)];
      const drawn = (hi: number, lo: number): number => {
        const key = new Key();
        key.derive(hi, lo, 1, 7, 9);
        return drawBits(key.hi, key.lo, 0);
      };
      const table = tableOf(20_000, ({ hi, lo }) => [drawn(hi, lo), drawn(hi ^ hiBit, lo ^ loBit)]);
      expect(table).toBeLessThan(chiSquareMax);
    },
  );

  it('leads to independent draws at a cause and at its effect', () => {
    const table = tableOf(100_000, ({ hi, lo }) => {
      const key = new Key();
      key.derive(hi, lo, 1, 7, 9);
      return [drawBits(hi, lo, 0), drawBits(key.hi, key.lo, 0)];
    });
    expect(table).toBeLessThan(chiSquareMax);
  });

  it('never changes: a changed key is another engine version', () => {
    const key = keyOf('7', 'op', 3);
    expect(key.toString()).toMatchInlineSnapshot(`"2bf230039d243b55"`);
    key.derive(key.hi, key.lo, 17, 123, -456);
    expect(key.toString()).toMatchInlineSnapshot(`"625c05d93a195c50"`);
  });
});

describe('keyOf', () => {
  it('tells where one name ends and the next begins', () => {
    const keys = [
      keyOf('ab', 'c'),
      keyOf('a', 'bc'),
      keyOf('abc'),
      keyOf('abc', ''),
      keyOf('', 'abc'),
    ];
    expect(new Set(keys.map(String)).size).toBe(5);
  });

  it('takes a number for its text', () => {
    expect(keyOf('op', 12)).toEqual(keyOf('op', '12'));
  });
});

describe('parseKey', () => {
  test.prop([int32, int32], { seed: 2 })('reads back what toString writes', (hi, lo) => {
    expect(parseKey(new Key().set(hi, lo).toString())).toEqual(new Key().set(hi, lo));
  });

  it.each(['', '0123456789abcde', '0123456789ABCDEF', '0123456789abcdef0', ' 123456789abcdef'])(
    'reads no key from "%s"',
    (text) => {
      expect(parseKey(text)).toBeUndefined();
    },
  );
});

describe('drawBits', () => {
  it.each([
    ['neighbouring draws of a handler', 0, 1],
    ['a later draw', 0, 7],
    ['two choices of the network', 0x4000_0001, 0x4000_0002],
    ['a choice of the network and a draw of the handler', 0x4000_0001, 1],
  ])('draws %s independently', (_, saltA, saltB) => {
    const draws = tableOf(100_000, ({ hi, lo }) => [
      drawBits(hi, lo, saltA),
      drawBits(hi, lo, saltB),
    ]);
    expect(draws).toBeLessThan(chiSquareMax);
  });

  it('draws evenly over its range', () => {
    const cells = new Float64Array(256);
    const count = 256 * 400;
    for (let i = 0; i < count; i++) {
      const { hi, lo } = keyOf('even', i);
      const cell = drawBits(hi, lo, i % 5) >>> 24;
      cells[cell] = (cells[cell] as number) + 1;
    }
    expect(chiSquare(cells, count / 256)).toBeLessThan(chiSquareMax);
  });

  it('draws the same from the same key, for ever', () => {
    expect([0, 1, 2].map((salt) => drawBits(1, 2, salt))).toMatchInlineSnapshot(`
      [
        1880614510,
        252990960,
        2364924771,
      ]
    `);
  });
});

describe('nthBits', () => {
  it.each([
    ['the first two', 0, 1],
    ['two later ones', 3, 4],
    ['the first and a later one', 0, 9],
  ])('draws %s independently', (_, nthA, nthB) => {
    const draws = tableOf(100_000, ({ hi, lo }) => [nthBits(hi, lo, nthA), nthBits(hi, lo, nthB)]);
    expect(draws).toBeLessThan(chiSquareMax);
  });

  it.each([1, 2])('is independent of what the network draws (nth %i)', (nth) => {
    const draws = tableOf(100_000, ({ hi, lo }) => [
      nthBits(hi, lo, nth),
      drawBits(hi, lo, 0x4000_0001),
    ]);
    expect(draws).toBeLessThan(chiSquareMax);
  });

  it.each([
    ['hi', 1, 0],
    ['lo', 0, 1],
  ])('is independent at keys that differ in a bit of %s', (__, hiBit, loBit) => {
    for (let bit = 0; bit < 32; bit++) {
      const draws = tableOf(5_000, ({ hi, lo }) => [
        nthBits(hi, lo, 1),
        nthBits(hi ^ (hiBit << bit), lo ^ (loBit << bit), 1),
      ]);
      expect(draws).toBeLessThan(chiSquareMax);
    }
  });

  it('draws the same from the same key, for ever', () => {
    expect([0, 1, 2].map((nth) => nthBits(1, 2, nth))).toMatchInlineSnapshot(`
      [
        1880614510,
        1833388140,
        1203707313,
      ]
    `);
  });
});

describe('mix32', () => {
  it('is a bijection on a million neighbours', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 1_000_000; i++) seen.add(mix32(i));
    expect(seen.size).toBe(1_000_000);
  });
});

describe('hex64', () => {
  it('writes both halves with their zeros', () => {
    expect(hex64(-1, 10)).toBe('ffffffff0000000a');
  });
});

/** 256 cells: beyond this a fair table comes once in ten thousand (255 degrees of freedom). */
const chiSquareMax = 345;

/** Chi-square of the table of two numbers' top four bits, over keys of unrelated events. */
function tableOf(count: number, drawn: (key: Key) => readonly [number, number]): number {
  const cells = new Float64Array(256);
  const key = keyOf('table');
  for (let i = 0; i < count; i++) {
    key.set(mix32(key.hi + i), mix32(key.lo ^ Math.imul(i, 0x9e3779b9)));
    const [a, b] = drawn(key);
    const cell = ((a >>> 28) << 4) | (b >>> 28);
    cells[cell] = (cells[cell] as number) + 1;
  }
  return chiSquare(cells, count / 256);
}

function chiSquare(cells: Float64Array, expected: number): number {
  return cells.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
}

/** How many standard deviations the count farthest from half is away from it. */
function farthest(ones: Float64Array, count: number): number {
  const deviation = Math.sqrt(count) / 2;
  return Math.max(...ones.map((seen) => Math.abs(seen - count / 2) / deviation));
}

function countBits(word: number, counts: Float64Array, base: number): void {
  for (let bit = 0; bit < 32; bit++) {
    counts[base + bit] = (counts[base + bit] as number) + ((word >>> bit) & 1);
  }
}

function bitsOf({ hi, lo }: Key): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

/** `derive` backwards, line by line: the cause whose effect has this key. */
function underive({ hi, lo }: Key, word: number, destHi: number, destLo: number): number[] {
  const z = unshift(lo, 16);
  const x = hi ^ z ^ (z >>> 13);
  const y = Math.imul(z, inverse(0x2c1b3c6d)) ^ x ^ (x >>> 16);
  const causeHi = (Math.imul(x, inverse(0x7feb352d)) - (y ^ (y >>> 15))) ^ destHi;
  const causeLo = (Math.imul(y, inverse(0x846ca68b)) - Math.imul(word, 0x9e3779b9)) ^ destLo;
  return [causeHi, causeLo];
}

/** Undoes `x ^= x >>> bits`. */
function unshift(value: number, bits: number): number {
  let result = value;
  for (let done = bits; done < 32; done += bits) result = value ^ (result >>> bits);
  return result | 0;
}

/** The inverse of an odd number modulo 2^32, by Newton's iteration. */
function inverse(odd: number): number {
  let result = odd;
  for (let i = 0; i < 5; i++) result = Math.imul(result, 2 - Math.imul(odd, result));
  return result;
}
