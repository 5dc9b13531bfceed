// Plain data: copies that behave as their originals, equality, and words for what differs.
import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../src/kernel/difference.js';
import {
  checkPlain,
  clone,
  cloner,
  copyRelation,
  deepFreeze,
  equal,
  NotPlainError,
  sharedMin,
} from '../../src/kernel/plain.js';
import { plainData } from '../support/plain-data.js';

const notPlain: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['a function', { a: [{ b: () => 1 }] }, 'a.0.b', /a function/],
  ['a named function', { run: function go() {} }, 'run', /a function \(go\)/],
  ['an instance of a class', { when: [new Date(0)] }, 'when.0', /an instance of Date/],
  ['a promise', [Promise.resolve()], '0', /an instance of Promise/],
  ['a symbol', new Map([['k', Symbol('s')]]), 'k', /a symbol/],
  ['a bigint', new Set([1n]), 'member', /a bigint/],
  ['itself', new (class Node {})(), '', /^the value is an instance of Node/],
  ['a typed array', { bytes: new Uint8Array(1) }, 'bytes', /an instance of Uint8Array/],
];

describe('clone', () => {
  test.prop([plainData], { seed: 1 })('is equal to its original', (value) => {
    expect(equal(clone(value), value)).toBe(true);
  });

  test.prop([plainData], { seed: 2 })('shares nothing with its original', (value) => {
    const copy = clone(value);
    const before = clone(value);
    spoil(copy);
    expect(equal(value, before)).toBe(true);
  });

  it.each([
    ['a record', { n: 1 }],
    ['an array', [1]],
    ['a Map', new Map([[1, 1]])],
    ['a Set', new Set([1])],
  ])('keeps %s shared that is shared', (_, part) => {
    const copy = clone({ one: part, two: [part], three: new Map([['k', part]]) });
    expect(copy.two[0]).toBe(copy.one);
    expect(copy.three.get('k')).toBe(copy.one);
    expect(copy.one).not.toBe(part);
  });

  it('keeps cycles, through every container', () => {
    const cycle: { self?: unknown; list: unknown[]; map: Map<string, unknown>; set: Set<unknown> } =
      { list: [], map: new Map(), set: new Set() };
    cycle.self = cycle;
    cycle.list.push(cycle);
    cycle.map.set('k', cycle);
    cycle.set.add(cycle);
    const copy = clone(cycle);
    expect(copy.self).toBe(copy);
    expect(copy.list[0]).toBe(copy);
    expect(copy.map.get('k')).toBe(copy);
    expect(copy.set.has(copy)).toBe(true);
  });

  it('keeps the order of Maps, Sets and keys', () => {
    const copy = clone({
      b: new Map([
        [2, 0],
        [1, 0],
      ]),
      a: new Set(['y', 'x']),
    });
    expect(Object.keys(copy)).toEqual(['b', 'a']);
    expect([...copy.b.keys()]).toEqual([2, 1]);
    expect([...copy.a]).toEqual(['y', 'x']);
  });

  it('keeps a field that is called __proto__ a field', () => {
    const copy = clone(JSON.parse('{"__proto__": {"polluted": 1}}') as object);
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect((copy as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each(notPlain)('refuses %s and says where it is', (_, value, path, says) => {
    const error = errorOf(() => clone(value));
    expect(error).toBeInstanceOf(NotPlainError);
    expect((error as NotPlainError).path).toBe(path);
    expect((error as NotPlainError).message).toMatch(says);
  });
});

describe('checkPlain', () => {
  test.prop([plainData], { seed: 5 })('is silent about what is plain', (value) => {
    expect(errorOf(() => checkPlain(value))).toBeUndefined();
  });

  it.each(notPlain)('refuses %s as clone does', (_, value) => {
    expect(errorOf(() => checkPlain(value))).toEqual(errorOf(() => clone(value)));
  });

  it('is silent about circles, through every container', () => {
    const cycle: Record<string, unknown> = {};
    Object.assign(cycle, { self: cycle, list: [cycle], map: new Map([['k', cycle]]) });
    cycle.set = new Set([cycle]);
    expect(errorOf(() => checkPlain(cycle))).toBeUndefined();
    cycle.odd = () => 1;
    expect(errorOf(() => checkPlain(cycle))).toBeInstanceOf(NotPlainError);
  });
});

describe('clone of long lists', () => {
  it('is the list itself where nobody can change anything in it', () => {
    const frozen = Object.freeze(Array.from({ length: sharedMin }, (_, i) => `item ${i}`));
    expect(clone({ frozen }).frozen).toBe(frozen);
    expect(clone({ open: [...frozen] }).open).toEqual(frozen);
  });

  it('is a copy where something in it may change', () => {
    const original = Object.freeze(Array.from({ length: sharedMin }, (_, n) => ({ n })));
    const copy = clone(original);
    expect(copy).toEqual(original);
    expect(copy[1]).not.toBe(original[1]);
  });
});

describe('cloner', () => {
  it('keeps parts shared that several of its arguments share', () => {
    const part = { n: 1 };
    const copyOf = cloner();
    const [left, right] = [copyOf({ part }), copyOf([part])];
    expect(right[0]).toBe(left.part);
    expect(left.part).not.toBe(part);
  });

  it('shares what deepFreeze has told to be frozen for good, and nothing else', () => {
    const immutables = new WeakSet<object>();
    const kept = deepFreeze({ list: [1, { n: 2 }] }, immutables);
    const halfFrozen = Object.freeze({ inner: { n: 1 } });
    const values = {
      kept,
      mutable: { n: 1 },
      byOthers: deepFreeze([halfFrozen], immutables),
      map: deepFreeze({ at: new Map([[1, kept]]) }, immutables),
      set: deepFreeze([new Set([1])], immutables),
    };
    const copy = cloner(immutables)(values);
    expect(copy).toEqual(values);
    expect(copy.kept).toBe(kept);
    expect(copy.map.at.get(1)).toBe(kept);
    for (const name of ['mutable', 'byOthers', 'map', 'set'] as const) {
      expect(copy[name], name).not.toBe(values[name]);
    }
    expect(copy.byOthers[0]?.inner).not.toBe(halfFrozen.inner);
    expect(clone(values).kept).not.toBe(kept);
  });
});

describe('equal', () => {
  test.prop([plainData, plainData], { seed: 3, numRuns: 500 })(
    'agrees with firstDifference, both ways round',
    (left, right) => {
      expect(equal(left, right)).toBe(equal(right, left));
      expect(firstDifference(left, right, 'x') === undefined).toBe(equal(left, right));
    },
  );

  it.each([
    ['NaN and NaN', Number.NaN, Number.NaN, true],
    ['0 and −0', 0, -0, false],
    ['undefined and nothing', { a: undefined }, {}, false],
    ['keys in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [
      'Maps in another order',
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
      false,
    ],
    ['Sets in another order', new Set([1, 2]), new Set([2, 1]), false],
    ['an array and a record', ['a'], { 0: 'a' }, false],
    ['a record and an array', { 0: 'a' }, ['a'], false],
    ['an empty Map and an empty record', new Map(), {}, false],
    ['an empty record and an empty Set', {}, new Set(), false],
    ['as many keys, but others', { a: undefined }, { b: undefined }, false],
    ['an inherited key', { toString: undefined }, { a: undefined }, false],
    ['null and an empty record', null, {}, false],
  ])('compares %s', (_, left, right, same) => {
    expect(equal(left, right)).toBe(same);
  });
});

describe('copyRelation', () => {
  const relation = (value: unknown, copy: unknown, immutables = new WeakSet<object>()) =>
    copyRelation(value, copy, immutables);

  it('tells a deep copy from what only equals, and from what does not', () => {
    const value = { list: [1, { n: 2 }], map: new Map([['k', new Set([3])]]), u: undefined };
    expect(relation(value, clone(value))).toBe('apart');
    expect(relation(value, value)).toBe('entangled');
    expect(relation(value, { ...value })).toBe('entangled');
    expect(relation(value, { ...clone(value), map: value.map })).toBe('entangled');
    expect(relation(value, { ...clone(value), u: null })).toBe('different');
    expect(relation({ u: undefined }, {})).toBe('different');
    expect(relation({}, { u: undefined })).toBe('different');
    expect(relation({ u: undefined }, { v: undefined })).toBe('different');
  });

  it('lets both have what cannot change', () => {
    const immutables = new WeakSet<object>();
    const told = deepFreeze({ a: { b: 1 } }, immutables);
    expect(relation({ told }, { told }, immutables)).toBe('apart');
    const frozen = Object.freeze([Object.freeze({ n: 1 }), 'x']);
    expect(relation({ frozen }, { frozen })).toBe('apart');
    const onlyOutside = Object.freeze([{ n: 1 }]);
    expect(relation({ onlyOutside }, { onlyOutside })).toBe('entangled');
    const map = Object.freeze(new Map());
    expect(relation({ map }, { map })).toBe('entangled');
    const circle: unknown[] = [];
    circle.push(Object.freeze({ circle }));
    Object.freeze(circle);
    expect(relation({ circle }, { circle })).toBe('entangled');
  });

  it('takes nothing for a copy that is no plain data', () => {
    const f = () => 1;
    expect(relation({ f }, { f })).toBe('different');
    expect(relation({ d: new Date(0) }, { d: new Date(0) })).toBe('different');
    expect(relation({ n: 1n }, { n: 1n })).toBe('different');
  });
});

describe('deepFreeze', () => {
  it('freezes all that is in a value', () => {
    const value = deepFreeze({ list: [{ a: 1 }], map: new Map([['k', { b: 1 }]]) });
    const parts = [value, value.list, value.list[0], value.map.get('k')];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  it('ends on a cycle', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(deepFreeze(cycle)).toBe(cycle);
  });
});

/** Changes whatever can be changed in a value. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Map) {
    for (const [key, inner] of value) [key, inner].forEach(spoil);
    value.clear();
  } else if (value instanceof Set) {
    for (const inner of value) spoil(inner);
    value.clear();
  } else if (Array.isArray(value)) {
    value.forEach(spoil);
    value.push('spoilt');
  } else {
    for (const inner of Object.values(value)) spoil(inner);
    Object.assign(value, { spoilt: true });
  }
}

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
