// Where two plain values differ, in words.
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../src/kernel/difference.js';

describe('firstDifference', () => {
  it.each([
    ['in a field', { a: { b: 1 } }, { a: { b: 2 } }, 'x.a.b', 1, 2],
    ['in an array', [0, [1]], [0, [2]], 'x[1][0]', 1, 2],
    ['at the end of a longer array', [1], [1, 2], 'x[1]', undefined, 2],
    ['at the end of a shorter array', [1, 2], [1], 'x[1]', 2, undefined],
    ['in a Map', new Map([['k', 1]]), new Map([['k', 2]]), 'x[k]', 1, 2],
    ['in a Set', new Set(['a', 'b']), new Set(['a', 'c']), 'x[1]', 'b', 'c'],
    ['in a missing field', { a: 1, b: 2 }, { a: 1 }, 'x.b', 2, undefined],
    ['in an added field', { a: 1 }, { a: 1, b: 2 }, 'x.b', undefined, 2],
    ['in a field that is undefined', { a: undefined }, {}, 'x.a', undefined, undefined],
    ['at the top', 1, 2, 'x', 1, 2],
    ['in kind', { a: [] }, { a: new Set() }, 'x.a', [], new Set()],
    ['after what is equal', { a: [1], b: 1 }, { a: [1], b: 2 }, 'x.b', 1, 2],
  ])('finds one %s', (_, left, right, path, a, b) => {
    expect(firstDifference(left, right, 'x')).toEqual({ path, left: a, right: b });
  });

  it('finds that Maps have the same entries in another order', () => {
    const [left, right] = [
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
    ];
    expect(firstDifference(left, right, 'x')?.path).toBe('x');
  });
});
