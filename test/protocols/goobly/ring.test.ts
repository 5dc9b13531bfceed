// Consistent hashing: how evenly keys are spread, and which of them move.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { claimsOf, ownerOf, preferenceOf, type Ring } from '../../../src/protocols/goobly/ring.js';

const keys = Array.from({ length: 2_000 }, (_, i) => `key-${i}`);

/** Rings of these members under many names, as many draws of their tokens. */
function rings(count: number, buckets = 0): readonly Ring[] {
  return Array.from({ length: 12 }, (_, draw) => {
    const members = Array.from({ length: count }, (_, i) => `r${draw}-n${i}`);
    return { epoch: 1, members, claims: claimsOf([], members, buckets) };
  });
}

function loadOf(ring: Ring, vnodes: number): number {
  const loads = new Map<string, number>();
  for (const key of keys) {
    const owner = ownerOf(ring, key, vnodes);
    loads.set(owner, (loads.get(owner) ?? 0) + 1);
  }
  return (Math.max(...loads.values()) * ring.members.length) / keys.length;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describe('a ring', () => {
  it('of 256 tokens each spreads keys as Cassandra does: the fullest has 8 % too many', () => {
    const load = median(rings(5).map((ring) => loadOf(ring, 256)));
    expect(load).toBeGreaterThan(1.02);
    expect(load).toBeLessThan(1.15);
  });

  it('of 3 tokens each spreads them badly', () => {
    const load = median(rings(5).map((ring) => loadOf(ring, 3)));
    expect(load).toBeGreaterThan(1.3);
    expect(load).toBeLessThan(2.4);
  });

  it('of three buckets leaves all but three instances idle', () => {
    const [ring = { epoch: 1, members: [], claims: [] }] = rings(10, 3);
    expect(new Set(keys.map((key) => ownerOf(ring, key, 256))).size).toBe(3);
  });
});

const members = fc.uniqueArray(fc.stringMatching(/^n\d{1,3}$/), { minLength: 1, maxLength: 6 });
const few = keys.slice(0, 60);

describe('when a member comes', () => {
  test.prop([members, fc.constantFrom(1, 3, 64)], { seed: 5, numRuns: 40 })(
    'a key stays where it is or goes to that one',
    (before, vnodes) => {
      const [after, old] = [[...before, 'newcomer'], { epoch: 1, members: before, claims: [] }];
      for (const key of few) {
        const [from, to] = [old, { ...old, members: after }].map((ring) =>
          ownerOf(ring, key, vnodes),
        );
        expect([from, 'newcomer']).toContain(to);
      }
    },
  );

  test.prop([members, fc.integer({ min: 1, max: 20 })], { seed: 6 })(
    'a bucket stays where it is or goes to that one, and shares are fair',
    (before, buckets) => {
      const old = claimsOf([], before, buckets);
      const after = claimsOf(old, [...before, 'newcomer'], buckets);
      for (const [bucket, owner] of after.entries()) {
        expect([old[bucket], 'newcomer']).toContain(owner);
      }
      const share = after.filter((owner) => owner === 'newcomer').length;
      expect(share).toBe(Math.floor(buckets / (before.length + 1)));
    },
  );
});

test.prop([members, fc.string(), fc.constantFrom(1, 3, 64)], { seed: 7, numRuns: 60 })(
  'all members are on the list of a key, its owner first',
  (list, key, vnodes) => {
    const preference = preferenceOf({ members: list }, key, vnodes);
    expect(preference.toSorted()).toEqual(list.toSorted());
    expect(preference[0]).toBe(ownerOf({ epoch: 1, members: list, claims: [] }, key, vnodes));
  },
);
