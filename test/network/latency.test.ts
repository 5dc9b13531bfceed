// Shapes of latency: their bounds, means and quantiles, and that they are whole numbers.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/kernel/random.js';
import { latencyUs } from '../../src/network/latency.js';
import type { Latency } from '../../src/network/spec.js';

const bits = fc.oneof(fc.constantFrom(0, 1, 2 ** 32 - 1), fc.nat(2 ** 32 - 1));
const us = fc.nat(10_000_000);

const shapes: readonly (readonly [string, fc.Arbitrary<Latency>])[] = [
  ['constant', us.map((at) => ({ shape: 'constant', us: at }))],
  [
    'uniform',
    fc.tuple(us, us).map(([minUs, more]) => ({ shape: 'uniform', minUs, maxUs: minUs + more })),
  ],
  [
    'exponential',
    fc.tuple(us, us, us).map(([minUs, more, yetMore]) => {
      const meanUs = minUs + more;
      return { shape: 'exponential', minUs, meanUs, maxUs: meanUs + yetMore };
    }),
  ],
  [
    'long-tail',
    fc.tuple(us, us).map(([minUs, more]) => ({ shape: 'long-tail', minUs, maxUs: minUs + more })),
  ],
];

describe.each(shapes)('%s', (_, shape) => {
  test.prop([shape, bits], { seed: 1, numRuns: 1_000 })(
    'is a whole number within its bounds, from any bits',
    (latency, draw) => {
      const drawnUs = latencyUs(latency, draw);
      const [minUs, maxUs] =
        latency.shape === 'constant' ? [latency.us, latency.us] : [latency.minUs, latency.maxUs];
      expect(Number.isInteger(drawnUs)).toBe(true);
      expect(drawnUs).toBeGreaterThanOrEqual(minUs);
      expect(drawnUs).toBeLessThanOrEqual(maxUs);
    },
  );
});

/** Sorted draws. */
function draws(latency: Latency, count = 200_000): number[] {
  const random = stream('latency', latency.shape);
  return Array.from({ length: count }, () => latencyUs(latency, random.below(2 ** 32))).toSorted(
    (a, b) => a - b,
  );
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const quantileOf = (values: readonly number[], share: number): number =>
  values[Math.floor(values.length * share)] as number;

describe('uniform', () => {
  it('takes both ends and all between equally often', () => {
    const counts = new Map<number, number>();
    for (const drawn of draws({ shape: 'uniform', minUs: 3, maxUs: 7 }, 50_000)) {
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()]).toEqual([3, 4, 5, 6, 7]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

describe('exponential', () => {
  const latency: Latency = { shape: 'exponential', minUs: 1_000, meanUs: 11_000, maxUs: 1e9 };

  it('has the mean that it is told, the minimum included', () => {
    expect(Math.abs(meanOf(draws(latency)) - 11_000)).toBeLessThan(120);
  });

  it('has the median of an exponential', () => {
    const medianUs = quantileOf(draws(latency), 0.5);
    expect(Math.abs(medianUs - (1_000 + 10_000 * Math.LN2))).toBeLessThan(100);
  });
});

describe('long-tail', () => {
  const latency: Latency = { shape: 'long-tail', minUs: 1_000, maxUs: 1e9 };

  it('has a median of 1.41 and a mean of twice its minimum', () => {
    const drawn = draws(latency);
    expect(Math.abs(quantileOf(drawn, 0.5) - 1_414)).toBeLessThan(15);
    expect(Math.abs(meanOf(drawn) - 2_000)).toBeLessThan(60);
  });

  it('is beyond a hundred times its minimum once in ten thousand', () => {
    const beyond = draws(latency).filter((drawnUs) => drawnUs >= 100_000).length;
    expect(Math.abs(beyond - 20)).toBeLessThanOrEqual(14);
  });
});
