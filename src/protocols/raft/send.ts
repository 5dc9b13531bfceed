// What a leader sends (§3.5): to each follower the entries after those it has sent it already,
// without waiting for answers (pipelining, §10.2.2); what was lost meanwhile shows at the next
// heartbeat. It does not wait for its own disk either (§10.2.1).
import type { NodeId } from '../../node/message.js';
import type { Ctx } from './bodies.js';
import { afterSync, writeEntry } from './disk.js';
import { followConfiguration } from './leadership.js';
import { append, type Entry, termAt } from './log.js';
import type { Leadership, State } from './state.js';

/** A new entry. The leader counts itself when its disk has it (§10.2.1). */
export function appendAndSend(state: State, entry: Entry, ctx: Ctx): void {
  const { log, lead, term, self } = state;
  const index = append(log, entry);
  writeEntry(state, index, entry, ctx);
  if (lead !== undefined && entry.kind === 'members') followConfiguration(log, lead);
  const held = { term, success: true, index, refused: 0, round: 0 };
  afterSync(state, self, { type: 'appended', ...held });
  sendToAll(state, ctx);
}

/** Sends everybody what is new to them, be it nothing: a heartbeat. */
export function sendToAll(state: State, ctx: Ctx): void {
  const { lead, self } = state;
  if (lead === undefined) return;
  for (const peer of lead.progress.keys()) if (peer !== self) send(state, lead, peer, ctx);
}

export function send(
  state: State,
  { progress: all, round }: Leadership,
  peer: NodeId,
  ctx: Ctx,
): void {
  const { log, term, commit, snapshot } = state;
  const progress = all.get(peer);
  if (progress === undefined) return;
  if (progress.next <= log.snapshotIndex && snapshot !== undefined) {
    if (progress.installing) return;
    progress.installing = true;
    return ctx.send(peer, { type: 'install-snapshot', term, snapshot, round });
  }
  const prevIndex = progress.next - 1;
  const first = prevIndex - log.snapshotIndex;
  const isHeartbeat = first === log.entries.length;
  const entries = isHeartbeat ? none : log.entries.slice(first, first + ctx.options.batchMax);
  const prevTerm = termAt(log, prevIndex) as number;
  ctx.send(peer, { type: 'append-entries', term, prevIndex, prevTerm, entries, commit, round });
  progress.next += entries.length;
}

const none: readonly Entry[] = [];
