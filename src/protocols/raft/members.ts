// Membership changes (chapter 4): one server at a time, so that any two configurations in a row
// share a member of every quorum; one change at a time; and none before the leader has committed an
// entry of its term (Ongaro, raft-dev, 2015-07-10), or two leaders could each change what the other
// does not know of. A newcomer is caught up before it counts (§4.2.1).
import type { NodeId } from '../../node/message.js';
import type { Ctx } from './bodies.js';
import { hasCommittedInTerm, newProgress } from './leadership.js';
import { configuration, lastIndex } from './log.js';
import { appendAndSend } from './send.js';
import type { Leadership, State } from './state.js';

/** The operator's wish: the members are those on the cluster's list. */
export function followList(state: State, lead: Leadership, ctx: Ctx): void {
  if (!mayChange(state, lead)) return;
  const { members } = configuration(state.log);
  const gone = members.find((member) => !ctx.nodes.includes(member));
  if (gone !== undefined) return remove(state, gone, ctx);
  if (lead.learner !== undefined && !ctx.nodes.includes(lead.learner)) lead.learner = undefined;
  lead.learner ??= ctx.nodes.find((node) => !members.includes(node));
}

/** An operator who changes his mind, for tests: removes a server, or adds one. */
export function churn(state: State, lead: Leadership, ctx: Ctx): void {
  if (!mayChange(state, lead) || lead.learner !== undefined) return;
  const { members } = configuration(state.log);
  const server = ctx.random.pick(ctx.nodes);
  if (!members.includes(server)) lead.learner = server;
  else if (members.length > 2) remove(state, server, ctx);
}

/** A newcomer that has all but the last entries becomes a member. */
export function addLearner(state: State, lead: Leadership, ctx: Ctx): void {
  const { learner, progress } = lead;
  if (learner === undefined || !mayChange(state, lead)) return;
  const { members } = configuration(state.log);
  const { match } = progress.get(learner) ?? startLearner(state, lead, learner);
  if (match + ctx.options.batchMax < lastIndex(state.log) || match === 0) return;
  lead.learner = undefined;
  change(state, [...members, learner], ctx);
}

function startLearner({ log }: State, { progress }: Leadership, learner: NodeId) {
  const fresh = newProgress(log);
  progress.set(learner, fresh);
  return fresh;
}

function remove(state: State, server: NodeId, ctx: Ctx): void {
  const { members } = configuration(state.log);
  const rest = members.filter((member) => member !== server);
  change(state, rest, ctx);
}

function change(state: State, members: readonly NodeId[], ctx: Ctx): void {
  ctx.note(`members: ${members.join(' ')}`);
  appendAndSend(state, { term: state.term, kind: 'members', members }, ctx);
}

function mayChange(state: State, { transfer }: Leadership): boolean {
  if (transfer !== undefined || !hasCommittedInTerm(state)) return false;
  return configuration(state.log).index <= state.commit;
}
