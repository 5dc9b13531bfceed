// Whom seeds serve: a worker that wants nothing any more keeps nobody from being served.
import { describe, expect, it } from 'vitest';
import { kindsIn } from '../../support/kinds.js';

describe('choking', () => {
  // n2 comes back from the other side of the partition when all slots of all seeds are taken, and
  // the last units are its. Those who hold the slots have nothing left to do.
  it.each(['v80', 'v131'])('gives the slot of an idle one to one that asks (%s)', async (seed) => {
    expect([...(await kindsIn('seeding-split-seed-set', seed))]).toEqual([]);
  });
});
