// The interner: equal values, and no others, share a number; numbers count from 0.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interner } from '../../src/checkers/set-full/interner.js';
import { keyOf } from '../../src/history/value.js';
import { pinned } from './random-histories.js';

const value = fc.oneof(
  fc.nat({ max: 3_000 }),
  fc.constantFrom<unknown>(
    -1,
    -0,
    1.5,
    0.5,
    Number.NaN,
    2 ** 22 - 1,
    2 ** 22,
    2 ** 31,
    2 ** 32,
    1e300,
  ),
  fc.constantFrom<unknown>('0', '1', 'a', null, undefined, true, [1], { a: 1 }),
);

describe('the interner', () => {
  it('gives equal values one number and others another', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), (values) => {
        const interner = new Interner();
        const numbers = values.map((each) => interner.numberOf(each));
        const keys = new Map(values.map((each) => [keyOf(each), interner.numberOf(each)]));
        expect(numbers).toEqual(values.map((each) => keys.get(keyOf(each))));
        expect(new Set(keys.values()).size).toBe(keys.size);
      }),
      pinned(2_000),
    );
  });

  it('counts from 0 and keeps the values in order', () => {
    const interner = new Interner();
    const values = [5_000, 'x', 2_048, 5_000, -3, 1_024, 'x'];
    expect(values.map((each) => interner.numberOf(each))).toEqual([0, 1, 2, 0, 3, 4, 1]);
    expect(interner.values).toEqual([5_000, 'x', 2_048, -3, 1_024]);
  });
});
