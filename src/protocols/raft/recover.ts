// A server starts: with what its disk holds, or for the first time.
import type { NodeId } from '../../node/message.js';
import type { Ctx } from './bodies.js';
import { restore } from './compaction.js';
import { hardStateOn, readEntries, snapshotOn } from './disk.js';
import { append, type Log } from './log.js';
import { newMachine } from './machine.js';
import { awaitSilence } from './roles.js';
import type { State } from './state.js';

export function recover(ctx: Ctx): State {
  const read = (key: string) => ctx.store.read(key);
  const hard = hardStateOn(read);
  const stored = snapshotOn(read);
  const snapshot = stored?.snapshot;
  const { index, term, members } = snapshot ?? { index: 0, term: 0, members: firstMembers(ctx) };
  const log: Log = {
    snapshotIndex: index,
    snapshotTerm: term,
    entries: [],
    configurations: [{ index, members }],
  };
  for (const entry of readEntries(read, log)) append(log, entry);
  const writes = { hardWrites: hard?.version ?? 0, snapshotWrites: stored?.version ?? 0 };
  const state = newState(ctx.self, log, writes);
  state.term = hard?.term ?? 0;
  state.vote = hard?.vote;
  state.snapshot = snapshot;
  state.disk.unsynced = hard === undefined; // The first members were written.
  if (snapshot !== undefined) restore(state, snapshot);
  if (ctx.incarnation > 1) ctx.note(`recovered: term ${state.term}, ${log.entries.length} entries`);
  awaitSilence(state, ctx);
  return state;
}

const newState = (
  self: NodeId,
  log: Log,
  writes: { readonly hardWrites: number; readonly snapshotWrites: number },
): State => ({
  self,
  term: 0,
  vote: undefined,
  log,
  snapshot: undefined,
  disk: { unsynced: false, syncing: false, released: [], waiting: [], ...writes },
  role: 'follower',
  leader: undefined,
  commit: 0,
  applied: 0,
  machine: newMachine(),
  timer: 0,
  heard: false,
  requests: new Map(),
  retrying: false,
  served: [],
  votes: new Set(),
  lead: undefined,
});

/**
 * The members that the cluster begins with: those of the option, or all who are there when a server
 * starts that has nothing on its disk. Whoever comes later knows nobody until a leader adds it
 * (§4.2.1).
 */
function firstMembers(ctx: Ctx): readonly NodeId[] {
  const { voters } = ctx.options;
  if (voters !== '') return voters.split(' ');
  const written = ctx.store.read('members') as readonly NodeId[] | undefined;
  if (written !== undefined) return written;
  const isNewcomer = ctx.incarnation === 1 && ctx.nowUs !== 0;
  const members = isNewcomer ? [] : [...ctx.nodes];
  ctx.store.write('members', members);
  return members;
}
