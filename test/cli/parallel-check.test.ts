// Threads: whoever judges a part, the finding is that of one thread.
import { describe, expect, it } from 'vitest';
import { checkOperations, defaultBounds } from '../../src/checkers/linearizable/check.js';
import { checkInParallel, type Threads, threadsFor } from '../../src/cli/parallel-check.js';
import { findingOf } from '../../src/cli/share.js';
import { type Family, historyOf, modelOf } from '../checkers/linearizable/families.js';

const keyed: Omit<Family, 'name' | 'model' | 'domain'> = { clients: 12, operations: 600, keys: 9 };
const some: readonly Family[] = [
  { name: 'cas', model: 'cas-register', domain: 5, crashes: 5, ...keyed },
  { name: 'cas, bad', model: 'cas-register', domain: 0, bad: 'stale', ...keyed },
  { name: 'kv', model: 'kv', domain: 0, crashes: 2, ...keyed },
  { name: 'register, bad', model: 'register', domain: 3, bad: 'end', ...keyed },
];

/** Threads that are none: what they are given and what they say is copied as between threads. */
const hire: Threads['hire'] = () => async (share) =>
  structuredClone(share && findingOf(structuredClone(share)));

describe.each(some)('a history of the family $name', (family) => {
  it.each([2, 3, 8])('is judged by %i threads as by one', async (count) => {
    for (let seed = 1; seed <= 5; seed++) {
      const [operations, model] = [historyOf(family, seed), modelOf(family)];
      const expected = checkOperations(operations, model);
      expect(await checkInParallel(operations, model, defaultBounds, { count, hire })).toEqual(
        expected,
      );
    }
  });

  it('is as far from a verdict with two threads as with one', async () => {
    const bounds = { configurationsMax: 3, bytesMax: 2 ** 20 };
    const [operations, model] = [historyOf(family, 1), modelOf(family)];
    const expected = checkOperations(operations, model, bounds);
    expect(await checkInParallel(operations, model, bounds, { count: 2, hire })).toEqual(expected);
  });
});

describe('threads', () => {
  it('are started for long histories only', () => {
    expect(threadsFor(99_999).count).toBe(1);
  });
});
