// How many bytes a message takes on the wire.
import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { sizeOf } from '../../src/network/size.js';

const value = fc.jsonValue({ maxDepth: 3, stringUnit: fc.constantFrom('a', 'b', ' ') });

test.prop([value], { seed: 1 })('is about the length of its JSON', (body) => {
  const { length } = JSON.stringify(body);
  const slack = 2 + (JSON.stringify(body).match(/[,[{]/g)?.length ?? 0);
  expect(Math.abs(sizeOf(body) - length)).toBeLessThanOrEqual(slack);
});

it('counts what is in Maps and Sets', () => {
  const [small, large] = [new Map([['k', 'v']]), new Map([['k', 'v'.repeat(100)]])];
  expect(sizeOf(large) - sizeOf(small)).toBe(99);
  expect(sizeOf(new Set(['v'.repeat(100)]))).toBeGreaterThan(100);
});
