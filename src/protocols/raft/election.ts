// Leader election (§3.4, §3.6.1), with pre-vote (§9.6), leader stickiness (§4.2.3), and elections
// that a leader asks for (§3.10).
import type { Message, NodeId } from '../../node/message.js';
import type { Ctx, RequestVote, TimeoutNow, Vote } from './bodies.js';
import { afterSync, writeHardState } from './disk.js';
import { configuration, lastIndex, lastTerm, upToDate } from './log.js';
import { becomeLeader } from './replication.js';
import { adoptTerm, awaitElection, becomeFollower, isQuorum, tellMembers } from './roles.js';
import type { State } from './state.js';

/** An election timeout passed without a leader. */
export function electionTimeout(state: State, ctx: Ctx): void {
  state.leader = undefined;
  awaitElection(state, ctx);
  if (!configuration(state.log).members.includes(state.self)) return; // §4.2.1: no voter, no vote.
  if (ctx.options.preVote) preCampaign(state, ctx);
  else campaign(state, false, ctx);
}

/** §9.6: would a majority vote for one? The term stays as it is until it would. */
function preCampaign(state: State, ctx: Ctx): void {
  becomeFollower(state, ctx);
  state.role = 'pre-candidate';
  state.votes = new Set([state.self]);
  tellMembers(state, request(state, { term: state.term + 1, pre: true, transfer: false }));
  if (isQuorum(state, (member) => state.votes.has(member))) campaign(state, false, ctx);
}

/** §3.4: a new term, and a vote for oneself, which counts when the disk has it. */
function campaign(state: State, transfer: boolean, ctx: Ctx): void {
  adoptTerm(state, state.term + 1, ctx);
  state.role = 'candidate';
  state.vote = state.self;
  state.votes = new Set();
  writeHardState(state, ctx);
  tellMembers(state, request(state, { term: state.term, pre: false, transfer }));
  afterSync(state, state.self, { type: 'vote', term: state.term, pre: false, granted: true });
}

const request = (
  { log }: State,
  asked: Pick<RequestVote, 'term' | 'pre' | 'transfer'>,
): RequestVote => ({
  type: 'request-vote',
  ...asked,
  lastIndex: lastIndex(log),
  lastTerm: lastTerm(log),
});

/** §3.10: the leader wants this server to take over, now. */
export function timeoutNow(state: State, { body }: Message<TimeoutNow>, ctx: Ctx): void {
  if (body.term !== state.term || state.role === 'leader') return;
  if (!configuration(state.log).members.includes(state.self)) return;
  awaitElection(state, ctx);
  campaign(state, true, ctx);
}

export function requestVote(state: State, { src, body }: Message<RequestVote>, ctx: Ctx): void {
  const hasLeader = state.heard || state.role === 'leader';
  if (ctx.options.sticky && hasLeader && !body.transfer) return; // §4.2.3: not even its term.
  if (body.pre) return preVote(state, src, body);
  adoptTerm(state, body.term, ctx);
  const granted = mayVote(state, src, body);
  if (granted && state.vote === undefined) {
    state.vote = src;
    writeHardState(state, ctx);
  }
  if (granted) awaitElection(state, ctx); // Figure 3.1: who grants a vote waits.
  afterSync(state, src, { type: 'vote', term: state.term, pre: false, granted });
}

/** §3.4: one vote a term, and for nobody whose log lacks what may be committed (§3.6.1). */
function mayVote({ term, vote, log }: State, src: NodeId, asked: RequestVote): boolean {
  if (asked.term !== term) return false;
  if (vote !== undefined && vote !== src) return false;
  return upToDate(log, asked.lastIndex, asked.lastTerm);
}

/** A refusal carries the term: who is behind must hear of it, or asks in vain for ever. */
function preVote(state: State, src: NodeId, asked: RequestVote): void {
  const granted = asked.term > state.term && upToDate(state.log, asked.lastIndex, asked.lastTerm);
  const term = granted ? asked.term : state.term;
  afterSync(state, src, { type: 'vote', term, pre: true, granted });
}

export function vote(state: State, { src, body }: Message<Vote>, ctx: Ctx): void {
  const { term, pre, granted } = body;
  if (pre && granted) return preVoteGranted(state, src, term, ctx);
  if (term > state.term) return adoptTerm(state, term, ctx);
  if (term < state.term || !granted || state.role !== 'candidate') return;
  state.votes.add(src);
  if (isQuorum(state, (member) => state.votes.has(member))) becomeLeader(state, ctx);
}

function preVoteGranted(state: State, src: NodeId, term: number, ctx: Ctx): void {
  if (state.role !== 'pre-candidate' || term !== state.term + 1) return;
  state.votes.add(src);
  if (isQuorum(state, (member) => state.votes.has(member))) campaign(state, false, ctx);
}
