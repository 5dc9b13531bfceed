// Money moves between nodes while snapshots of all of it are taken: clients ask their node to pay
// another, and now and then for a snapshot, which comes as the answer. Chandy & Lamport 1985 have
// tokens; "money operations" are what users of streams asked for.
import { anything, completion } from './reply.js';
import { request } from './request.js';
import type { Invocation, Workload } from './workload.js';

const snapshotOp: Invocation = { f: 'snapshot', value: undefined };

/** One operation in so many is a snapshot. */
const snapshotEvery = 12;
const amountMax = 40;

export const snapshot: Workload = {
  name: 'snapshot',
  about: 'Nodes pay each other while snapshots are taken; each must be a cut with all the money.',
  options: {},
  generator: {
    init: undefined,
    next: (state, { random }) => {
      if (random.below(snapshotEvery) === 0) return { op: snapshotOp, state };
      return { op: { f: 'transfer', value: 1 + random.below(amountMax) }, state };
    },
  },
  final: () => [snapshotOp],
  request: ({ f, value }) => request(f, f === 'transfer' ? { amount: value } : {}),
  complete: ({ f, value }, reply) =>
    f === 'snapshot'
      ? completion(reply, 'snapshot_ok', { cut: anything }, ({ cut }) => cut)
      : completion(reply, 'transfer_ok', { to: anything }, () => value),
  idempotent: ['snapshot'],
  checkers: ['cut'],
};
