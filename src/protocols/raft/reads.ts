// Reads without log entries (§6.4): a leader that has committed an entry of its term notes its
// commit index, makes sure that it still leads, by a round of heartbeats or by a lease (§6.4.1),
// and names the index; the node that the client asked answers once its state machine is there.
import type { Message, NodeId } from '../../node/message.js';
import type { Ctx, ReadIndexIs } from './bodies.js';
import { hasCommittedInTerm } from './leadership.js';
import { configuration } from './log.js';
import { answerReads } from './requests.js';
import { descend } from './roles.js';
import { sendToAll } from './send.js';
import type { Leadership, Lease, State } from './state.js';

interface Asked {
  readonly client: NodeId;
  readonly seq: number;
  /** The node that the client asked. */
  readonly via: NodeId;
}

/** Who asks before the leader has committed anything of its term asks again. */
export function beginRead(state: State, asked: Asked, ctx: Ctx): void {
  const { lead, commit: index } = state;
  if (lead === undefined || !hasCommittedInTerm(state)) return;
  const { client, seq, via } = asked;
  if (holdsLease(lead, ctx)) return nameIndex(state, { client, seq, via, index }, ctx);
  const round = beginRound(lead, ctx);
  lead.reads.push({ client, seq, via, index, round });
  sendToAll(state, ctx);
  confirmReads(state, lead, ctx); // Alone, a leader is its own quorum.
}

/** A round of heartbeats: those who answer it took this server for the leader after it began. */
export function beginRound(lead: Leadership, ctx: Ctx): number {
  const round = ++lead.round;
  if (lead.lease === undefined) return round;
  lead.lease.started.set(round, ctx.nowUs);
  ctx.setTimer({ type: 'lease', round }, lead.lease.us);
  return round;
}

/** Rounds that a quorum has answered confirm the reads that wait for them, and extend the lease. */
export function confirmReads(state: State, lead: Leadership, ctx: Ctx): void {
  const { reads, lease } = lead;
  if (reads.length === 0 && lease === undefined) return;
  const round = answeredRound(state, lead);
  if (lease !== undefined) lease.acknowledged = round;
  while ((reads[0]?.round ?? Number.POSITIVE_INFINITY) <= round) {
    const read = reads.shift();
    if (read !== undefined) nameIndex(state, read, ctx);
  }
}

/** The latest round that a quorum of the members has answered. */
function answeredRound({ log, self }: State, { progress, round }: Leadership): number {
  const { members } = configuration(log);
  const rounds = members.map((each) => (each === self ? round : (progress.get(each)?.round ?? 0)));
  descend(rounds);
  return rounds[Math.floor(rounds.length / 2)] as number;
}

function nameIndex(state: State, read: Asked & { readonly index: number }, ctx: Ctx): void {
  const { client, seq, via, index } = read;
  if (via === state.self) return indexNamed(state, read, ctx);
  ctx.send(via, { type: 'read-index-is', client, seq, index });
}

export function readIndexIs(state: State, { body }: Message<ReadIndexIs>, ctx: Ctx): void {
  indexNamed(state, body, ctx);
}

function indexNamed(state: State, named: Omit<ReadIndexIs, 'type'>, ctx: Ctx): void {
  const request = state.requests.get(named.client);
  if (request?.seq !== named.seq || request.f !== 'read') return;
  request.index = named.index;
  answerReads(state, ctx);
}

function holdsLease({ lease }: Leadership, ctx: Ctx): boolean {
  if (lease === undefined || lease.forfeited) return false;
  const startUs = lease.started.get(lease.acknowledged);
  if (startUs === undefined) return false;
  const heldUs = ctx.nowUs - startUs;
  return heldUs >= 0 && heldUs < lease.us;
}

/** The timer of a round: what began then is over. */
export function leaseOver(lease: Lease | undefined, round: number): void {
  lease?.started.delete(round);
}
