// Values: equal ones have one key, all have an order, and a line of words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, keyOf, showValue } from '../../src/history/value.js';
import { equal } from '../../src/kernel/plain.js';

const few = fc.oneof(
  fc.constantFrom(0, 1, '0', '', '\u0000', '\u0000[]', null, true),
  fc.jsonValue(),
);
const value = fc.oneof(
  few,
  fc.array(few, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('a', 'b'), few),
);
const pinned = { seed: 7, numRuns: 2_000 } as const;
/** JSON has no −0. */
const asJson = (found: unknown): unknown => JSON.parse(JSON.stringify(found));

describe('keys of values', () => {
  it('are the same exactly for equal values', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [a, b] = [asJson(one), asJson(other)];
        expect(keyOf(a) === keyOf(b)).toBe(equal(a, b));
      }),
      pinned,
    );
  });

  it('do not depend on the order of fields', () => {
    expect(keyOf({ a: 1, b: { c: 2, d: 3 } })).toBe(keyOf({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it.each([
    [1, '1'],
    [null, 'null'],
    [undefined, null],
    [[1, 2], [12]],
    [['a,b'], ['a', 'b']],
    [{ a: 1 }, [['a', 1]]],
    [new Set([1]), [1]],
    [new Map([[1, 2]]), { 1: 2 }],
    [true, 'true'],
    [[], '\u0000[]'],
    [[undefined], [null]],
  ])('tell %j from %j', (a, b) => {
    expect(keyOf(a)).not.toBe(keyOf(b));
  });

  it('are refused to what is no data, and to what nests too deeply', () => {
    expect(() => keyOf(() => 0)).toThrow('not plain data');
    expect(() => keyOf(new Date(0))).toThrow('not plain data');
    let deep: unknown = 0;
    for (let at = 0; at < 2_000; at++) deep = [deep];
    expect(() => keyOf(deep)).toThrow('values nest less deeply');
  });
});

describe('the order of values', () => {
  it('is total', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
        const [x, y, z] = [a, b, c].sort(compareValues);
        expect(
          compareValues(x, y) <= 0 && compareValues(y, z) <= 0 && compareValues(x, z) <= 0,
        ).toBe(true);
      }),
      pinned,
    );
  });

  it('puts numbers by size before texts by code unit before the rest', () => {
    const mixed = [[1], 'n10', 10, null, 'n2', 9, Number.NaN, 'B', 'a'];
    expect(mixed.sort(compareValues)).toEqual([
      9,
      10,
      Number.NaN,
      'B',
      'a',
      'n10',
      'n2',
      [1],
      null,
    ]);
  });
});

describe('values in words', () => {
  it.each([
    ['a"b', '"a\\"b"'],
    [{ b: [1, null], a: true }, '{"a":true,"b":[1,null]}'],
    [new Set([1, 'x']), 'set[1,"x"]'],
    [new Map([['k', 1]]), 'map[["k",1]]'],
    [undefined, 'undefined'],
    ['x'.repeat(38), `"${'x'.repeat(38)}"`],
    ['x'.repeat(39), `"${'x'.repeat(38)}…`],
  ])('%j', (found, text) => {
    expect(showValue(found)).toBe(text);
  });
});
