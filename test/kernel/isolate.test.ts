// Isolation: a message's copy is its receiver's alone, and its hash covers all that it says.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Isolator } from '../../src/kernel/isolate.js';
import { sectionMax } from '../../src/kernel/list-memory.js';
import { clone, equal, NotPlainError, type Plain, sharedMin } from '../../src/kernel/plain.js';
import { numbersMax } from '../../src/kernel/shape.js';
import { plainData } from '../support/plain-data.js';

const hashOf = (value: unknown): number => {
  const isolator = new Isolator();
  isolator.copy(value);
  return isolator.hash;
};

type Leaf = { readonly holder: Record<string, unknown>; readonly key: string };

/** Every place of a value that holds no container. */
function leavesOf(value: unknown): Leaf[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => {
    const inner = holder[key];
    return typeof inner === 'object' && inner !== null ? leavesOf(inner) : [{ holder, key }];
  });
}

const json = fc.jsonValue({ maxDepth: 3 });
const message = fc.record({ type: fc.string(), a: json, b: json });
const scalar: fc.Arbitrary<Plain> = fc.oneof(
  fc.constantFrom(undefined, null, true, false, 0, 1, '', 'a', 'b', 'Aa', 'BB'),
  fc.integer(),
  fc.double(),
  fc.string(),
);

describe('Isolator.pack', () => {
  /** As the queue does it; `undefined` when the record is none to be packed. */
  function packed(value: object): { readonly made: object; readonly hash: number } | undefined {
    const isolator = new Isolator();
    const words = new Int32Array(3 + numbersMax);
    for (let use = 0; use < 1_010; use++) {
      isolator.hash = 7;
      const shape = isolator.pack(value, words, 3);
      if (shape === undefined) continue;
      return { made: shape.make(words, 3), hash: isolator.hash };
    }
    return undefined;
  }

  const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const keys = fc.uniqueArray(
    fc.constantFrom('a', 'b', 'msg_id', 'in_reply_to', "it's", 'toString'),
  );
  const flat = fc
    .tuple(fc.constantFrom('ping', 'append', 'a "b"', ''), keys, fc.infiniteStream(integer))
    .map(([type, names, numbers]) =>
      Object.fromEntries([['type', type], ...names.map((name) => [name, numbers.next().value])]),
    );

  test.prop([flat], { seed: 5 })(
    'makes the same record again, with the hash of a copy',
    (value) => {
      const copier = new Isolator();
      copier.hash = 7;
      const copy = copier.copy(value);
      const { made, hash } = packed(value) as { made: object; hash: number };
      expect(equal(made, copy)).toBe(true);
      expect(Object.keys(made)).toEqual(Object.keys(value));
      expect(made).not.toBe(value);
      expect(hash).toBe(copier.hash);
    },
  );

  it.each([
    ['no text first', { a: 1, type: 'x' }],
    ['a fraction', { type: 'x', a: 0.5 }],
    ['−0', { type: 'x', a: -0 }],
    ['too large a number', { type: 'x', a: 2 ** 31 }],
    ['a second text', { type: 'x', a: 'y' }],
    ['nothing', { type: 'x', a: undefined }],
    ['a list', { type: 'x', a: [1] }],
    ['too many numbers', { type: 'x', a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }],
    ['fields of its prototype', Object.assign(Object.create({ a: 1 }), { type: 'x' })],
    ['a field named __proto__', JSON.parse('{"type":"x","__proto__":1}')],
    ['no field', {}],
  ])('leaves %s alone', (_, value) => {
    const isolator = new Isolator();
    isolator.hash = 7;
    expect(packed(value)).toBeUndefined();
    isolator.pack(value, new Int32Array(numbersMax), 0);
    expect(isolator.hash).toBe(7);
  });

  it('packs only what comes often', () => {
    const isolator = new Isolator();
    const value = { type: 'seldom', at: 1 };
    const shapes = Array.from({ length: 1_001 }, () =>
      isolator.pack(value, new Int32Array(numbersMax), 0),
    );
    expect(shapes.slice(0, 999)).toEqual(new Array(999).fill(undefined));
    expect(shapes[1_000]?.keys).toEqual(['type', 'at']);
  });
});

describe('Isolator.copy of what comes often', () => {
  /** An isolator that knows the shape of `value`. */
  function practised(value: object): Isolator {
    const isolator = new Isolator();
    for (let use = 0; use < 1_010; use++) isolator.pack(value, new Int32Array(numbersMax), 0);
    return isolator;
  }

  const field = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.constant(-0),
  );
  const names = fc.uniqueArray(fc.constantFrom(...'abcdefghij', "it's", 'toString', '7'));
  const flat = fc
    .tuple(fc.constantFrom('data', ''), names, fc.infiniteStream(field))
    .map(([type, keys, fields]) =>
      Object.fromEntries([['type', type], ...keys.map((key) => [key, fields.next().value])]),
    );

  test.prop([flat, flat, message], { seed: 6 })(
    'is the copy of what comes seldom, with its hash, also of another shape',
    (value, another, odd) => {
      const isolator = practised(value);
      for (const each of [value, another, value, odd, value]) {
        isolator.hash = 7;
        const copy = isolator.copy(each);
        const { hash } = isolator;
        const seldom = new Isolator();
        seldom.hash = 7;
        expect(copy).toStrictEqual(seldom.copy(each));
        expect(Object.keys(copy)).toEqual(Object.keys(each));
        expect(copy).not.toBe(each);
        expect(hash).toBe(seldom.hash);
      }
    },
  );
});

describe('Isolator.copy', () => {
  test.prop([plainData], { seed: 1 })('is equal to its original', (value) => {
    expect(equal(new Isolator().copy(value), value)).toBe(true);
  });

  test.prop([message], { seed: 2 })('is isolated from its original, both ways', (original) => {
    const before = clone(original);
    const copy = new Isolator().copy(original);
    for (const { holder, key } of leavesOf(copy)) holder[key] = 'changed by the receiver';
    expect(equal(original, before)).toBe(true);
    const again = new Isolator().copy(original);
    for (const { holder, key } of leavesOf(original)) holder[key] = 'changed by the sender';
    expect(equal(again, before)).toBe(true);
  });

  it('isolates Maps and Sets and what is in them', () => {
    const original = { map: new Map([['k', { n: 1 }]]), set: new Set([{ n: 1 }]) };
    const copy = new Isolator().copy(original);
    original.map.get('k')!.n = 2;
    original.map.set('l', { n: 3 });
    for (const item of original.set) item.n = 2;
    original.set.clear();
    expect(copy).toEqual({ map: new Map([['k', { n: 1 }]]), set: new Set([{ n: 1 }]) });
  });

  it('copies parts apart that are shared', () => {
    const part = { n: 1 };
    const copy = new Isolator().copy({ one: part, two: part });
    expect(copy.one).not.toBe(copy.two);
  });

  it('hands on a long list of scalars that nobody can change, with the hash of a copy', () => {
    const items = Array.from({ length: sharedMin }, (_, i) => (i % 2 === 0 ? i : `item ${i}`));
    const [open, frozen] = [[...items], Object.freeze([...items])];
    expect(new Isolator().copy(open)).not.toBe(open);
    expect(new Isolator().copy({ frozen }).frozen).toBe(frozen);
    expect(hashOf(frozen)).toBe(hashOf(open));
  });

  it('goes through a list that is too long to be kept in mind section by section', () => {
    const items: unknown[] = Array.from({ length: 2 * sectionMax + 1 }, (_, i) => i % 5);
    const frozen = Object.freeze([...items]);
    expect(new Isolator().copy(frozen)).toBe(frozen);
    expect(hashOf(frozen)).toBe(hashOf(items));
    const mixed = Object.freeze([...items, { n: 1 }]);
    expect(new Isolator().copy(mixed).at(-1)).not.toBe(mixed.at(-1));
    expect(hashOf(mixed)).toBe(hashOf([...mixed]));
  });

  it('copies a frozen list of things that may change', () => {
    const original = Object.freeze(Array.from({ length: sharedMin }, (_, n) => ({ n })));
    const copy = new Isolator().copy(original);
    expect(copy).toEqual(original);
    expect(copy[1]).not.toBe(original[1]);
    expect(hashOf(original)).toBe(hashOf([...original]));
  });

  it('keeps the fields of an instance of a class, as JSON would', () => {
    class Point {
      x = 1;
      norm(): number {
        return this.x;
      }
    }
    expect(new Isolator().copy({ at: new Point() })).toEqual({ at: { x: 1 } });
  });

  it.each([
    ['a function', { f: () => 1 }],
    ['a symbol', { s: Symbol('s') }],
    ['a bigint', [1n]],
    ['an instance without fields', { when: new Date(0) }],
    ['a promise', [Promise.resolve(1)]],
    ['a bare function', () => 1],
  ])('refuses %s', (_, value) => {
    expect(() => new Isolator().copy(value)).toThrow(NotPlainError);
  });

  it('refuses a cycle rather than hang, and works on afterwards', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const isolator = new Isolator();
    expect(() => isolator.copy(cycle)).toThrow(NotPlainError);
    const deep = JSON.parse(`${'['.repeat(150)}${']'.repeat(150)}`) as Plain;
    const wide = Array.from({ length: 500 }, () => ({ n: [1] }));
    expect(equal(isolator.copy([deep, wide]), [deep, wide])).toBe(true);
  });
});

describe('Isolator.hash', () => {
  test.prop([message, fc.nat(), scalar], { seed: 3, numRuns: 1_000 })(
    'changes with every leaf',
    (value, nth, other) => {
      const changed = clone(value);
      const leaves = leavesOf(changed);
      const { holder, key } = leaves[nth % leaves.length] as Leaf;
      fc.pre(!Object.is(holder[key], other) && !(holder[key] === 0 && other === 0));
      holder[key] = other;
      expect(hashOf(changed)).not.toBe(hashOf(value));
    },
  );

  test.prop([fc.array(message, { maxLength: 20 }), message], { seed: 4 })(
    'does not depend on what was copied before',
    (before, value) => {
      const isolator = new Isolator();
      for (const earlier of before) isolator.copy(earlier);
      isolator.hash = 0;
      isolator.copy(value);
      expect(isolator.hash).toBe(hashOf(value));
    },
  );

  it.each([
    ['an empty text before and after others', ''],
    ['a text that was met before', 'topology'],
  ])('is the same for %s', (_, text) => {
    const isolator = new Isolator();
    const hashes = ['@', 'P', '`', text, 'topology', text].map((said) => {
      isolator.hash = 0;
      isolator.copy(said);
      return isolator.hash;
    });
    expect([hashes[3], hashes[5]]).toEqual([hashOf(text), hashOf(text)]);
  });

  it('accumulates over all that is copied, in order', () => {
    const [ab, ba] = [new Isolator(), new Isolator()];
    for (const value of ['a', 'b']) ab.copy(value);
    for (const value of ['b', 'a']) ba.copy(value);
    expect(ab.hash).not.toBe(ba.hash);
  });

  it.each([
    ['keys', { a: 1 }, { b: 1 }],
    ['keys that differ in the middle', { n10: 1 }, { n20: 1 }],
    ['keys that change places', { a: 1, b: 2 }, { a: 2, b: 1 }],
    ['a field that is undefined', { a: 1 }, { a: 1, b: undefined }],
    ['where an array ends', [[1], 2], [[1, 2]]],
    ['0 and an empty text', [0], ['']],
    ['true and small numbers', [true], [1]],
    ['texts of the same sum', ['Aa'], ['BB']],
    ['a number and its text', [1], ['1']],
    ['null and undefined', [null], [undefined]],
    ['halves of a double', [0.1], [0.2]],
    ['the order of a Set', new Set([1, 2]), new Set([2, 1])],
  ])('sees %s', (_, left, right) => {
    expect(hashOf(left)).not.toBe(hashOf(right));
  });
});

describe('Isolator.absorb', () => {
  test.prop([message], { seed: 5 })('stirs in what copy would', (value) => {
    const isolator = new Isolator();
    isolator.absorb(value);
    expect(isolator.hash).toBe(hashOf(value));
  });

  it('refuses what is not plain', () => {
    expect(() => new Isolator().absorb({ f: () => 1 })).toThrow(NotPlainError);
  });
});
