// Quantities as scenario files write them, there and back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatShare,
  formatSignedDuration,
  formatSignedShare,
  parseBandwidth,
  parseShare,
  parseSignedDuration,
  parseSignedShare,
} from '../../src/scenario/units.js';

const seed = 20_261_121;

describe('a share', () => {
  it.each([
    ['0%', 0],
    ['2%', 20_000],
    ['0.05%', 500],
    ['0.0001%', 1],
    ['100%', 1_000_000],
    ['20000ppm', 20_000],
  ])('%s is %i ppm', (text, ppm) => {
    expect(parseShare(text)).toBe(ppm);
  });

  it.each(['', '2', '2 %', '-1%', '101%', '1000001ppm', '0.5ppm', '0.00001%', 'NaN%', '1e3ppm'])(
    '%j is none',
    (text) => {
      expect(parseShare(text)).toBeUndefined();
    },
  );

  it('is written so that it can be read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (ppm) => {
        expect(parseShare(formatShare(ppm))).toBe(ppm);
      }),
      { seed },
    );
  });
});

describe('a signed quantity', () => {
  it.each([
    ['-2s', -2_000_000],
    ['+40ms', 40_000],
    ['0s', 0],
    ['-0s', 0],
  ])('%s is %i µs', (text, us) => {
    expect(parseSignedDuration(text)).toBe(us);
  });

  it('has one sign at most', () => {
    expect(parseSignedDuration('--2s')).toBeUndefined();
    expect(parseSignedShare('-+2%')).toBeUndefined();
  });

  it('is written so that it can be read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (value) => {
        expect(parseSignedShare(formatSignedShare(value))).toBe(value);
        expect(parseSignedDuration(formatSignedDuration(value))).toBe(value);
      }),
      { seed },
    );
  });
});

describe('a bandwidth', () => {
  it.each([
    ['500B/s', 500],
    ['64kB/s', 64_000],
    ['1.5MB/s', 1_500_000],
    ['1GB/s', 1_000_000_000],
  ])('%s is %i bytes a second', (text, bytes) => {
    expect(parseBandwidth(text)).toBe(bytes);
  });

  it.each(['0B/s', '1.5B/s', '1MB', '1Mb/s', '-1B/s', '1 MB/s'])('%j is none', (text) => {
    expect(parseBandwidth(text)).toBeUndefined();
  });
});
