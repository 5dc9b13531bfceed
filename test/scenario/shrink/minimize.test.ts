// Delta debugging: what is left fails, and no single item of it can go.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimize } from '../../../src/scenario/shrink/minimize.js';

/** Drives the search to its end; counts the tests. */
function minimized(all: readonly number[], fails: (items: readonly number[]) => boolean) {
  let tests = 0;
  const work = minimize(all, function* (items) {
    tests++;
    yield;
    return fails(items);
  });
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return { items: step.value, tests };
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('minimize', () => {
  it('leaves nothing of what fails without anything', () => {
    expect(minimized(upTo(100), () => true)).toEqual({ items: [], tests: 1 });
  });

  it('finds one item among many in few tests', () => {
    const { items, tests } = minimized(upTo(1_000), (left) => left.includes(617));
    expect(items).toEqual([617]);
    expect(tests).toBeLessThan(60);
  });

  it('leaves what fails, in its order, of which no single item can go', () => {
    const wanted = fc.uniqueArray(fc.nat(59), { minLength: 1, maxLength: 6 });
    const pairs = fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 3 });
    fc.assert(
      fc.property(wanted, pairs, (all, either) => {
        // It takes all of some items, and one of each of some pairs.
        const fails = (items: readonly number[]): boolean =>
          all.every((item) => items.includes(item)) &&
          either.every(([a, b]) => items.includes(a) || items.includes(b));
        const { items } = minimized(upTo(60), fails);
        expect(fails(items)).toBe(true);
        expect(items).toEqual([...items].sort((a, b) => a - b));
        for (const item of items)
          expect(fails(items.filter((other) => other !== item))).toBe(false);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});
