// Locks that clients acquire and release without waiting: who cannot have the lock, or does not
// have it, is told so by a definite error and asks again when it likes. Whoever sent the request is
// the holder, by its name. Maelstrom has no such workload; its users asked for one.
//
// Each worker acquires and releases in turn, whether or not it got the lock, so that half of what a
// sound lock is asked must be refused. When nobody knows what became of a request, its group of
// workers goes on with another lock: the one who asked never comes back to release it.
import type { Plain } from '../kernel/plain.js';
import { type KeyGroups, keyFor, noGroups, placeOf, retire } from './key-groups.js';
import { completion } from './reply.js';
import { request } from './request.js';
import type { Workload } from './workload.js';

type State = {
  readonly groups: KeyGroups;
  /** Workers whose next request is a release. */
  readonly releasing: readonly number[];
};

const initial: State = { groups: noGroups, releasing: [] };

export const lock: Workload = {
  name: 'lock',
  about: 'Clients acquire and release locks; a lock has one holder, and only that one releases it.',
  options: {},
  workersPerNode: 2,
  generator: {
    init: initial,
    next: (plain, ctx) => {
      const state = plain as State;
      const { key, groups } = keyFor(state.groups, placeOf(ctx).group, ctx.process);
      const releases = state.releasing.includes(ctx.worker);
      const releasing = releases
        ? state.releasing.filter((worker) => worker !== ctx.worker)
        : [...state.releasing, ctx.worker];
      const op = { f: releases ? 'release' : 'acquire', value: [key, null] };
      return { op, state: { groups, releasing } };
    },
    update: (plain, { op, completion: { type } }) => {
      if (type !== 'info') return plain;
      const state = plain as State;
      const [key] = op.value as readonly [number];
      return { ...state, groups: retire(state.groups, key) };
    },
  },
  request: ({ f, value }) => request(f, { lock: (value as readonly Plain[])[0] }),
  complete: ({ f, value }, reply) => completion(reply, `${f}_ok`, {}, () => value),
  idempotent: [],
  checkers: [{ name: 'linearizable', options: { model: 'lock', keyed: true } }],
};
