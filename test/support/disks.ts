// A node that writes and syncs, for tests of its disk.
import type { Plain } from '../../src/kernel/plain.js';
import type { LostWrites } from '../../src/nemesis/fault.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { type Act, acting, type Setting, second, watch } from './worlds.js';

/** Notes what a started node finds, and every sync that completes or fails. */
export const noting: Partial<AnyProtocol> = {
  timers: { synced: (_, __, ctx) => ctx.note('synced') },
  diskFailed: (_, __, error, ctx) => ctx.note(error),
};

/** One node, which does this. */
export const onDisk = (acts: readonly Act[], setting: Setting = {}, parts = noting) =>
  watch({ nodes: ['n0'], protocol: acting(acts, parts), ...setting });

/** What its disk holds at the end. */
export const durable = (run: ReturnType<typeof watch>): Record<string, Plain> =>
  Object.fromEntries(run.world.parties[0]?.node?.disk.durable ?? []);

export const crashAt = (atUs: number, lost: LostWrites = 'all') =>
  [atUs, { f: 'crash', nodes: ['n0'], lost }, second] as const;

export const writeAndSync: Act = [
  1_000,
  'n0',
  (ctx) => {
    ctx.store.write('a', 1);
    ctx.store.write('b', [2]);
    ctx.store.sync({ type: 'synced' });
  },
];
