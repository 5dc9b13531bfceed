// Chance: fair within its bounds, the same for ever, and without a floating-point function whose
// last bit an engine may choose.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../src/kernel/key.js';
import { exponential, KeyedRandom, type Random, stream } from '../../src/kernel/random.js';

const twoTo32 = 2 ** 32;

const sources: readonly (readonly [string, () => Random])[] = [
  ['KeyedRandom', () => new KeyedRandom().rekey(1, 2)],
  ['stream', () => stream('seed', 'test')],
];

describe.each(sources)('%s', (_, make) => {
  test.prop([fc.integer({ min: 1, max: twoTo32 })], { seed: 1 })(
    'draws whole numbers below the bound',
    (bound) => {
      const random = make();
      for (let i = 0; i < 20; i++) {
        const drawn = random.below(bound);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true);
      }
    },
  );

  it.each([0, -1, twoTo32 + 1, Number.NaN])('refuses the bound %d', (bound) => {
    expect(() => make().below(bound)).toThrow(RangeError);
  });

  it.each([2, 6, 10, 1_000])('draws each number below %i equally often', (bound) => {
    const random = make();
    const count = bound * 200;
    const cells = new Float64Array(bound);
    for (let i = 0; i < count; i++) {
      const cell = random.below(bound);
      cells[cell] = (cells[cell] as number) + 1;
    }
    const chiSquare = cells.reduce((sum, seen) => sum + (seen - 200) ** 2 / 200, 0);
    expect(chiSquare).toBeLessThan(bound + 5 * Math.sqrt(2 * bound));
  });

  it.each([0, 1, 50_000, 500_000, 999_999, 1_000_000])('is true for %i in a million', (ppm) => {
    const random = make();
    const count = 100_000;
    let hits = 0;
    for (let i = 0; i < count; i++) if (random.chance(ppm)) hits++;
    const expected = (count * ppm) / 1_000_000;
    const deviation = Math.sqrt((expected * (1_000_000 - ppm)) / 1_000_000);
    expect(Math.abs(hits - expected)).toBeLessThanOrEqual(4 * deviation);
  });

  it('picks one of the items, and none of nothing', () => {
    const random = make();
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
    expect(() => random.pick([])).toThrow('there is something to pick from');
  });

  it('shuffles into each order equally often, and leaves the items alone', () => {
    const random = make();
    const items = Object.freeze(['a', 'b', 'c']);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = random.shuffle(items).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const seen of orders.values()) expect(Math.abs(seen - 1_000)).toBeLessThan(150);
  });
});

describe('KeyedRandom', () => {
  it('draws something else in the end at events that draw the same at first', () => {
    // Where hi × 0x85ebca6b ^ lo is the same, the first draw is: one of 2^32 pairs of events.
    const lo = (hi: number) => Math.imul(hi, 0x85ebca6b) ^ 1_234;
    const random = new KeyedRandom();
    const drawn = Array.from({ length: 1_000 }, (_, hi) => {
      random.rekey(hi, lo(hi));
      return Array.from({ length: 4 }, () => random.below(twoTo32));
    });
    expect(new Set(drawn.map(([first]) => first)).size).toBe(1);
    expect(new Set(drawn.map(([, ...others]) => others.join())).size).toBe(1_000);
    for (const at of [1, 2, 3]) expect(new Set(drawn.map((each) => each[at])).size).toBe(1_000);
  });

  it('begins anew for each event', () => {
    const random = new KeyedRandom().rekey(3, 4);
    const drawn = [random.below(1_000), random.below(1_000)];
    random.below(1_000);
    random.rekey(3, 4);
    expect([random.below(1_000), random.below(1_000)]).toEqual(drawn);
  });

  it('draws from its key alone', () => {
    const [left, right] = [new KeyedRandom().rekey(3, 4), new KeyedRandom()];
    right.rekey(9, 9).below(7);
    right.rekey(3, 4);
    expect(right.shuffle([1, 2, 3, 4, 5])).toEqual(left.shuffle([1, 2, 3, 4, 5]));
  });

  it('comes out as forced, and draws the others as if nothing were forced', () => {
    const [free, forced] = [new KeyedRandom().rekey(3, 4), new KeyedRandom().rekey(3, 4)];
    forced.forced = new Map([[1, 42]]);
    const [first, , third] = [free.below(100), free.below(100), free.below(100)];
    expect([forced.below(100), forced.below(100), forced.below(100)]).toEqual([first, 42, third]);
  });

  it('keeps a forced draw below its bound', () => {
    const random = new KeyedRandom().rekey(3, 4);
    random.forced = new Map([[0, 42]]);
    expect(random.below(10)).toBe(2);
  });
});

describe('stream', () => {
  it('draws what seedrandom’s alea draws, for ever', () => {
    const random = stream('a seed', 'a purpose');
    const drawn = Array.from({ length: 4 }, () => random.below(twoTo32));
    expect(drawn).toMatchInlineSnapshot(`
      [
        2787039424,
        3700300196,
        747187723,
        2847734349,
      ]
    `);
  });

  it('is another one for each purpose and each seed', () => {
    const names = [
      ['1', 'ops'],
      ['1', 'faults'],
      ['2', 'ops'],
    ] as const;
    const drawn = names.map(([seed, purpose]) => stream(seed, purpose).below(twoTo32));
    expect(new Set(drawn).size).toBe(3);
  });
});

describe('exponential', () => {
  test.prop([fc.nat(twoTo32 - 1)], { seed: 2, numRuns: 5_000 })(
    'is −ln of its bits within a thousand-millionth',
    (bits) => {
      const scale = 2 ** 40;
      const exact = -Math.log((bits + 0.5) / twoTo32);
      expect(Math.abs(exponential(bits, scale) / scale - exact)).toBeLessThan(1e-9);
    },
  );

  it('has the mean that it is told', () => {
    let sum = 0;
    const count = 100_000;
    const random = new KeyedRandom().rekey(5, 6);
    for (let i = 0; i < count; i++) sum += exponential(random.below(twoTo32), 10_000);
    expect(Math.abs(sum / count - 10_000)).toBeLessThan(150);
  });

  it('draws the same from the same bits, for ever', () => {
    const bits = [0, 1, 12_345, 2 ** 31 - 1, 2 ** 31, 3_037_000_500, twoTo32 - 1];
    expect(bits.map((draw) => exponential(draw, 1_000_000_000))).toMatchInlineSnapshot(`
      [
        22873856958,
        21775244669,
        12759662874,
        693147180,
        693147180,
        346573590,
        0,
      ]
    `);
  });

  it('falls as its bits rise', () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => keyOf('bits', i).lo >>> 0);
    const drawn = keys.toSorted((a, b) => a - b).map((bits) => exponential(bits, 1_000_000));
    expect(drawn).toEqual(drawn.toSorted((a, b) => b - a));
  });
});
