// A leader's clock: heartbeats (§3.4), the question whether a quorum still hears it (§6.2), and
// what an operator wants of it.
import type { Ctx } from './bodies.js';
import { addLearner, churn, followList } from './members.js';
import { beginRound } from './reads.js';
import { becomeFollower, isQuorum } from './roles.js';
import { sendToAll } from './send.js';
import type { Leadership, State } from './state.js';
import { beginTransfer, giveUpTransfer } from './transfer.js';

interface OfTerm {
  readonly term: number;
}

/** The leadership that a timer was set in, if it has not ended. */
const leadIn = ({ lead, term }: State, timer: OfTerm): Leadership | undefined =>
  timer.term === term ? lead : undefined;

export function heartbeat(state: State, timer: OfTerm, ctx: Ctx): void {
  const lead = leadIn(state, timer);
  if (lead === undefined) return;
  if (!isHeard(state, lead, ctx)) return becomeFollower(state, ctx);
  for (const progress of lead.progress.values()) progress.installing = false;
  if (lead.lease !== undefined) beginRound(lead, ctx);
  giveUpTransfer(lead);
  if (ctx.options.churnUs === 0) followList(state, lead, ctx);
  addLearner(state, lead, ctx);
  sendToAll(state, ctx);
  ctx.setTimer({ type: 'heartbeat', term: state.term }, ctx.options.heartbeatUs);
}

/** §6.2: once in an election timeout, a leader that no quorum has answered steps down. */
function isHeard(state: State, lead: Leadership, ctx: Ctx): boolean {
  const { electionUs, heartbeatUs } = ctx.options;
  if (++lead.beats * heartbeatUs < electionUs) return true;
  const { self } = state;
  const heard = isQuorum(
    state,
    (each) => each === self || lead.progress.get(each)?.active === true,
  );
  lead.beats = 0;
  for (const progress of lead.progress.values()) progress.active = false;
  return heard;
}

export function transferTimer(state: State, timer: OfTerm, ctx: Ctx): void {
  const lead = leadIn(state, timer);
  if (lead === undefined) return;
  beginTransfer(state, lead, ctx);
  ctx.setTimer({ type: 'transfer', term: state.term }, ctx.options.transferUs);
}

export function churnTimer(state: State, timer: OfTerm, ctx: Ctx): void {
  const lead = leadIn(state, timer);
  if (lead === undefined) return;
  churn(state, lead, ctx);
  ctx.setTimer({ type: 'churn', term: state.term }, ctx.options.churnUs);
}
