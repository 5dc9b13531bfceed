// Plain data of every kind, small, for properties.
import { fc } from '@fast-check/vitest';
import type { Plain } from '../../src/kernel/plain.js';

const scalar: fc.Arbitrary<Plain> = fc.oneof(
  fc.constantFrom(undefined, null, true, false, 0, -0, Number.NaN, ''),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.constantFrom('a', 'b', 'ab', 'Aa', 'BB'),
  fc.string({ maxLength: 6 }),
);

const key = fc.constantFrom('a', 'b', 'c', '1', '10', 'length');

/** Any plain value, a few levels deep. */
export const plainData: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((rows) => new Map(rows)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).value;
