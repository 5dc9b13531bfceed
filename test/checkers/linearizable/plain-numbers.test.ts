// Values as numbers: equal ones, and only those, have the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlainNumbers } from '../../../src/checkers/linearizable/plain-numbers.js';
import { keyOf } from '../../../src/history/value.js';

const leaf = fc.oneof(
  fc.constantFrom(0, -0, 1, 1.5, Number.NaN, '', '1', '\u0000', '\u0000[]', 'a', true, false),
  fc.constantFrom(null, undefined, new Set([1]), new Map([['a', 1]])),
);
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '1', 'a,b'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

describe('numbers of plain values', () => {
  it('are equal exactly where keys are', () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 2, maxLength: 12 }), (values) => {
        const numbers = new PlainNumbers();
        const known = values.map((value) => numbers.numberOf(value));
        for (const [at, a] of values.entries()) {
          for (const [other, b] of values.entries()) {
            const same = new Map([[keyOf(a), true]]).has(keyOf(b));
            expect(known[at] === known[other]).toBe(same);
          }
        }
      }),
      { seed: 1, numRuns: 3_000 },
    );
  });

  it('do not mind the order of fields, nor how deep a value nests', () => {
    const deep = (end: number): unknown =>
      Array.from({ length: 200 }).reduce((inner) => ({ inner }), { end });
    const numbers = new PlainNumbers();
    expect(numbers.numberOf({ a: 1, b: 2 })).toBe(numbers.numberOf({ b: 2, a: 1 }));
    expect(numbers.numberOf(deep(1))).toBe(numbers.numberOf(deep(1)));
    expect(numbers.numberOf(deep(1))).not.toBe(numbers.numberOf(deep(2)));
  });
});
