// Log replication (§3.5, §3.6): how a leader's log becomes everybody's, and when an entry is
// committed. What a leader sends is in send.ts.
import type { Message, NodeId } from '../../node/message.js';
import { advanceApplied } from './apply.js';
import type { AppendEntries, Appended, Ctx, InstallSnapshot } from './bodies.js';
import { install } from './compaction.js';
import { afterSync, deleteEntries, writeEntry } from './disk.js';
import { newLeadership } from './leadership.js';
import { append, configuration, type Entry, lastIndex, termAt, truncate } from './log.js';
import { confirmReads } from './reads.js';
import { adoptTerm, becomeFollower, descend, hearLeader } from './roles.js';
import { appendAndSend, send } from './send.js';
import type { Leadership, State } from './state.js';

/** §3.4 and §6.4: a leader says so at once, with an entry of its own term. */
export function becomeLeader(state: State, ctx: Ctx): void {
  const { term } = state;
  ctx.note(`leads term ${term}`);
  ctx.clearTimer(state.timer);
  state.role = 'leader';
  state.leader = state.self;
  state.lead = newLeadership(state, ctx);
  const { heartbeatUs, transferUs, churnUs } = ctx.options;
  ctx.setTimer({ type: 'heartbeat', term }, heartbeatUs);
  if (transferUs > 0) ctx.setTimer({ type: 'transfer', term }, transferUs);
  if (churnUs > 0) ctx.setTimer({ type: 'churn', term }, churnUs);
  appendAndSend(state, { term, kind: 'no-op' }, ctx);
}

/**
 * Figure 3.1, AppendEntries, the follower's side. An answer carries this server's term, so a round
 * of an earlier term must not be in it: the same leader would take it for one of the present term.
 */
export function appendEntries(state: State, { src, body }: Message<AppendEntries>, ctx: Ctx): void {
  const { log } = state;
  if (body.term < state.term) return refuse(state, src, { ...body, round: 0 }, 0);
  adoptTerm(state, body.term, ctx);
  hearLeader(state, src, ctx);
  const { prevIndex, prevTerm, entries, round } = body;
  const matches = prevIndex < log.snapshotIndex || termAt(log, prevIndex) === prevTerm;
  if (!matches) return refuse(state, src, body, beforeConflict(state, prevIndex));
  takeEntries(state, prevIndex, entries, ctx);
  const { term } = state;
  const index = prevIndex + entries.length;
  afterSync(state, src, { type: 'appended', term, success: true, index, refused: 0, round });
  advanceCommit(state, Math.min(body.commit, index), ctx);
}

function refuse(state: State, src: NodeId, asked: AppendEntries, index: number): void {
  const { term } = state;
  const { prevIndex: refused, round } = asked;
  afterSync(state, src, { type: 'appended', term, success: false, index, refused, round });
}

/**
 * Where the leader shall try next (§3.5): before all entries of the term that is in the way, or
 * where this log ends.
 */
function beforeConflict({ log, commit }: State, prevIndex: number): number {
  const term = termAt(log, prevIndex);
  if (term === undefined) return Math.min(lastIndex(log), prevIndex - 1);
  let index = prevIndex - 1;
  while (index > commit && termAt(log, index) === term) index--;
  return index;
}

/** Entries that conflict with the leader's go, with all that follow; those that agree stay. */
function takeEntries(state: State, prevIndex: number, entries: readonly Entry[], ctx: Ctx): void {
  const { log } = state;
  for (const [i, entry] of entries.entries()) {
    const index = prevIndex + 1 + i;
    if (index <= log.snapshotIndex) continue; // Committed, and the same there.
    const held = termAt(log, index);
    if (held === entry.term) continue;
    if (held !== undefined) {
      deleteEntries(state, index, lastIndex(log), ctx);
      truncate(log, index);
    }
    append(log, entry);
    writeEntry(state, index, entry, ctx);
  }
}

/** §5.3: a follower that lags behind the leader's log gets its snapshot. */
export function installSnapshot(
  state: State,
  { src, body }: Message<InstallSnapshot>,
  ctx: Ctx,
): void {
  const { snapshot } = body;
  if (body.term >= state.term) {
    adoptTerm(state, body.term, ctx);
    hearLeader(state, src, ctx);
    install(state, snapshot, ctx);
  }
  const { term, commit } = state;
  const success = body.term === term;
  const round = success ? body.round : 0;
  const index = Math.min(commit, snapshot.index);
  afterSync(state, src, { type: 'appended', term, success, index, refused: 0, round });
}

/** Figure 3.1, AppendEntries, the leader's side. */
export function appended(state: State, { src, body }: Message<Appended>, ctx: Ctx): void {
  if (body.term > state.term) return adoptTerm(state, body.term, ctx);
  if (body.term < state.term) return; // Of an earlier term of this leader, and another log.
  const { lead, log } = state;
  const progress = lead?.progress.get(src);
  if (lead === undefined || progress === undefined) return;
  progress.active = true;
  progress.round = Math.max(progress.round, body.round);
  if (body.success) {
    progress.installing = false;
    progress.match = Math.max(progress.match, body.index);
    progress.next = Math.max(progress.next, progress.match + 1);
    commitWhatQuorumHolds(state, lead, ctx);
  } else if (body.refused > progress.match) {
    const wanted = Math.max(progress.match, Math.min(body.index, body.refused - 1));
    progress.next = Math.min(progress.next, wanted + 1);
  }
  if (state.lead !== lead) return; // It has committed that it is a member no longer.
  confirmReads(state, lead, ctx);
  if (src !== state.self && progress.next <= lastIndex(log)) {
    send(state, lead, src, ctx);
  }
}

/** §3.6.2: an entry of its own term is committed, and all before it, once a quorum has it. */
function commitWhatQuorumHolds(state: State, { progress }: Leadership, ctx: Ctx): void {
  const { log } = state;
  const { members } = configuration(log);
  const held = members.map((member) => progress.get(member)?.match ?? 0);
  descend(held);
  const index = held[Math.floor(held.length / 2)] as number;
  if (index <= state.commit || termAt(log, index) !== state.term) return;
  advanceCommit(state, index, ctx);
}

function advanceCommit(state: State, index: number, ctx: Ctx): void {
  if (index <= state.commit) return;
  state.commit = index;
  advanceApplied(state, ctx);
  if (state.role === 'leader') leaveIfRemoved(state, ctx);
}

/** §4.2.2: a leader that is a member no longer leads until that is committed. */
function leaveIfRemoved(state: State, ctx: Ctx): void {
  const { index, members } = configuration(state.log);
  if (index <= state.commit && !members.includes(state.self)) becomeFollower(state, ctx);
}
