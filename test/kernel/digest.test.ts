// Digests: equal for equal data however it was built, different for data that a protocol can tell
// apart.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Digest, digestOf } from '../../src/kernel/digest.js';
import { clone, equal, NotPlainError } from '../../src/kernel/plain.js';
import { plainData } from '../support/plain-data.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('digestOf', () => {
  test.prop([plainData], { seed: 1 })('is the same for a copy', (value) => {
    expect(digestOf(clone(value))).toBe(digestOf(value));
  });

  test.prop([plainData, plainData], { seed: 2, numRuns: 500 })(
    'is equal exactly for equal data',
    (left, right) => {
      expect(digestOf(left) === digestOf(right)).toBe(equal(left, right));
    },
  );

  it('does not depend on the order of a record’s keys', () => {
    expect(digestOf({ a: 1, b: { c: 2, d: 3 } })).toBe(digestOf({ b: { d: 3, c: 2 }, a: 1 }));
    expect(digestOf({ 10: 'x', 9: 'y' })).toBe(digestOf({ 9: 'y', 10: 'x' }));
  });

  it('does not depend on a record’s prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(digestOf(bare)).toBe(digestOf({ a: 1 }));
  });

  const different: readonly (readonly [string, unknown, unknown])[] = [
    [
      'the order of a Map',
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
    ],
    ['the order of a Set', new Set([1, 2]), new Set([2, 1])],
    ['0 and −0', 0, -0],
    ['0 and −0, nested', [{ a: 0 }], [{ a: -0 }]],
    ['undefined and nothing', { a: undefined }, {}],
    ['undefined and null', undefined, null],
    ['null and an empty record', null, {}],
    ['true and 1', true, 1],
    ['a number and its text', 1, '1'],
    ['an empty text and 0', '', 0],
    ['an array and a Set', [1, 2], new Set([1, 2])],
    ['a Map and a record', new Map([['a', 1]]), { a: 1 }],
    ['empty containers', [], new Set()],
    ['where a text ends', ['ab', 'c'], ['a', 'bc']],
    ['where an array ends', [[1], 2], [[1, 2]]],
    ['where a record ends', [{ a: 1 }, 2], [{ a: 1, b: 2 }]],
    ['which key has which value', { a: 1, b: 2 }, { a: 2, b: 1 }],
    ['the last bit of a double', 0.1 + 0.2, 0.3],
    ['numbers beyond 32 bits', 2 ** 32, 0],
    ['infinities', Infinity, -Infinity],
    ['infinity and NaN', Infinity, Number.NaN],
    ['texts that hash alike elsewhere', 'Aa', 'BB'],
    ['letters beyond ASCII', 'é', 'e'],
  ];

  it.each(different)('sees %s', (_, left, right) => {
    expect(digestOf(left)).not.toBe(digestOf(right));
  });

  it('takes every NaN for the same', () => {
    const odd = new Float64Array(new Uint32Array([1, 0xfff8_0001]).buffer)[0];
    expect(digestOf(odd)).toBe(digestOf(Number.NaN));
  });

  it('tells two hundred thousand counters apart', () => {
    const seen = new Set<string>();
    for (let count = 0; count < 200_000; count++) seen.add(digestOf({ type: 'x', count }));
    expect(seen.size).toBe(200_000);
  });

  it('never changes: a changed digest is another engine version', () => {
    const value = { type: 'x', ids: [1, -1, 0.5], seen: new Set(['a']), at: new Map([[1, null]]) };
    expect(digestOf(value)).toMatchInlineSnapshot(`"c50e25a6c5ab8c74"`);
  });

  it.each([
    ['a function', { a: { b: () => 1 } }, 'a.b'],
    ['an instance of a class', [0, new Date(0)], '1'],
    ['a symbol', new Map([['k', Symbol('s')]]), 'value'],
    ['a bigint', new Set([1n]), 'member'],
  ])('refuses %s and says where it is', (_, value, path) => {
    expect(pathOf(value)).toBe(path);
  });

  it('refuses a cycle rather than hang', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => digestOf(cycle)).toThrow(NotPlainError);
  });
});

describe('Digest', () => {
  test.prop([word, word], { seed: 3 })('absorbs two words at once as one by one', (a, b) => {
    const [once, each] = [new Digest(), new Digest()];
    once.words(a, b);
    each.word(a);
    each.word(b);
    expect(once).toEqual(each);
  });

  test.prop([fc.array(word, { minLength: 1 }), fc.nat(), word], { seed: 4 })(
    'depends on every word before',
    (words, at, other) => {
      const changed = words.with(at % words.length, other);
      fc.pre(changed[at % words.length] !== words[at % words.length]);
      expect(chained(changed)).not.toBe(chained(words));
    },
  );

  test.prop([word, word], { seed: 5 })('depends on the order of words', (a, b) => {
    fc.pre(a !== b);
    expect(chained([a, b])).not.toBe(chained([b, a]));
  });
});

function chained(words: readonly number[]): string {
  const digest = new Digest();
  for (const one of words) digest.word(one);
  return digest.toString();
}

function pathOf(value: unknown): string | undefined {
  try {
    digestOf(value);
    return undefined;
  } catch (error) {
    return error instanceof NotPlainError ? error.path : undefined;
  }
}
