// Plain data as JSON, with Maps and Sets in it.
import { describe, expect, it } from 'vitest';
import { jsonTextOf } from '../../src/history/json-text.js';

describe('jsonTextOf', () => {
  it.each([
    [{ a: 1, b: [1, 'two', null] }, '{"a":1,"b":[1,"two",null]}'],
    [new Set([1, new Set([2])]), '[1,[2]]'],
    [{ deep: [{ map: new Map([['a', new Set([1])]]) }] }, '{"deep":[{"map":[["a",[1]]]}]}'],
    [[Number.NaN, Number.POSITIVE_INFINITY, undefined], '[null,null,null]'],
    [undefined, undefined],
  ])('writes %o on one line', (value, text) => {
    expect(jsonTextOf(value)).toBe(text);
  });
});
