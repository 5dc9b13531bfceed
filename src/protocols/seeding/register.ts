// The home register: for each topo its home, 2f + 1 nodes, keeps one record of what the topo is,
// which nodes seed it and whether it is queued, changed by compare-and-set alone. So two nodes that
// were given the same topo cannot pick two seed sets. The register is CASPaxos (Rystsov 2018):
//
//   prepare(ballot) ─▶ majority: promises, with what they have accepted
//   accept(ballot, change(value of the highest ballot)) ─▶ majority: chosen
//
// A proposal that meets a higher ballot waits a little and goes on with one that is higher still.
import type { NodeId } from '../../node/message.js';
import type { Promised, Saying } from './bodies.js';
import { compare, later, majority, never, same } from './epoch.js';
import { keep } from './journal.js';
import type { Change, Proposal, Settled, Then } from './proposal.js';
import { homeOf } from './ring.js';
import type { TopoId } from './spec.js';
import { type Env, say } from './state.js';
import type { TopoRecord } from './topo-record.js';

/** How often a proposal is begun anew. */
const attemptsMax = 60;

export function perform(topo: TopoId, value: TopoRecord | undefined, change: Change) {
  if (value === undefined) {
    if (change.kind !== 'reserve') return undefined;
    const { spec, packages, nowUs: sinceUs } = change;
    const status = 'reserved' as const;
    return { topo, spec, packages, status, round: 1, version: 0, seeds: [], sinceUs };
  }
  const { status, round, version } = value;
  const waiting = status === 'reserved' || status === 'queued';
  switch (change.kind) {
    case 'withdraw':
      return waiting && round === change.round ? { ...value, round: round + 1 } : value;
    case 'enqueue':
      return waiting && round === change.round ? queued(value) : value;
    case 'assign': {
      const { seeds } = change;
      if (!waiting || round !== change.round) return value;
      return { ...value, status: 'assigned' as const, version: 1, seeds };
    }
    case 'reseed':
      return status === 'assigned' && version === change.version - 1
        ? { ...value, version: change.version, seeds: change.seeds }
        : value;
    case 'finish':
      return status === 'assigned' ? { ...value, status: 'done' as const } : value;
    default:
      return value;
  }
}

const queued = (value: TopoRecord): TopoRecord => ({
  ...value,
  status: 'queued',
  round: value.round + 1,
});

export function propose(env: Env, topo: TopoId, change: Change, then: Then): void {
  const { state, ctx } = env;
  const id = state.nextId++;
  const proposal: Proposal = {
    id,
    ...{ topo, change, then, ballot: never, promises: new Map(), value: undefined },
    ...{ accepting: false, accepts: new Set(), full: new Set(), dueUs: ctx.nowUs, attempts: 0 },
  };
  state.proposals.set(id, proposal);
  begin(env, proposal);
}

/** Whether something of this kind is under way. */
export function isProposing({ state }: Env, topo: TopoId, kind: Then['kind']): boolean {
  for (const proposal of state.proposals.values()) {
    if (proposal.topo === topo && proposal.then.kind === kind) return true;
  }
  return false;
}

function begin(env: Env, proposal: Proposal): void {
  const { state, ctx } = env;
  const counter = state.durable.counter + 1;
  keep(state, { kind: 'ballot', counter }, ctx);
  proposal.ballot = [counter, ctx.self];
  proposal.promises.clear();
  proposal.accepts.clear();
  proposal.full.clear();
  proposal.accepting = false;
  proposal.attempts++;
  proposal.dueUs = ctx.nowUs + ctx.options.retryUs + ctx.random.below(ctx.options.retryUs);
  const { topo, ballot, id } = proposal;
  for (const home of homes(env, topo)) say(env, home, { type: 'prepare', topo, ballot, id });
}

export function homes({ state, ctx }: Env, topo: TopoId): readonly NodeId[] {
  return homeOf(topo, state.durable.nodes, ctx.options.homes);
}

/** Begins anew what has not come to an end; returns what is given up. */
export function retryProposals(env: Env): readonly Settled[] {
  const { state, ctx } = env;
  const given: Settled[] = [];
  for (const proposal of [...state.proposals.values()]) {
    if (ctx.nowUs < proposal.dueUs) continue;
    if (proposal.attempts < attemptsMax) begin(env, proposal);
    else given.push(settle(env, proposal, false));
  }
  return given;
}

function settle({ state }: Env, proposal: Proposal, ok: boolean): Settled {
  const { id, topo, then, change, value } = proposal;
  state.proposals.delete(id);
  const full = proposal.full.size > 0 && proposal.accepts.size === 0;
  return { topo, then, change, ok, value, full };
}

/** An acceptor is asked to promise. */
export function prepare(env: Env, src: NodeId, body: Saying<'prepare'>): void {
  const { state, ctx } = env;
  const { topo, ballot, id } = body;
  const slot = state.durable.slots.get(topo);
  const promised = slot?.promised ?? never;
  if (compare(ballot, promised) < 0) {
    say(env, src, { type: 'refused', topo, id, ballot: promised, full: false });
    return;
  }
  if (!same(ballot, promised)) keep(state, { kind: 'slot-promise', topo, ballot }, ctx);
  const { accepted = never, value } = slot ?? {};
  say(env, src, { type: 'prepared', topo, id, ballot, accepted, value });
}

/** An acceptor is asked to accept. */
export function accept(env: Env, src: NodeId, body: Saying<'accept'>): void {
  const { state, ctx } = env;
  const { topo, ballot, id, value } = body;
  const slot = state.durable.slots.get(topo);
  const promised = slot?.promised ?? never;
  const full = value.status === 'queued' && !roomFor(env, topo);
  if (compare(ballot, promised) < 0 || full) {
    say(env, src, { type: 'refused', topo, id, ballot: promised, full });
    return;
  }
  if (!same(slot?.accepted ?? never, ballot))
    keep(state, { kind: 'slot', topo, ballot, value }, ctx);
  say(env, src, { type: 'accepted', topo, id, ballot });
}

function roomFor({ state, ctx }: Env, topo: TopoId): boolean {
  let queuedCount = 0;
  for (const [other, { value }] of state.durable.slots) {
    if (value?.status === 'queued' && other !== topo) queuedCount++;
  }
  return queuedCount < ctx.options.queueSlots;
}

export function prepared(env: Env, src: NodeId, body: Promised): Settled | undefined {
  const proposal = env.state.proposals.get(body.id);
  if (proposal === undefined || !same(proposal.ballot, body.ballot)) return undefined;
  if (proposal.accepting) return undefined;
  proposal.promises.set(src, body);
  const { topo, promises, change } = proposal;
  if (promises.size < majority(homes(env, topo).length)) return undefined;
  const found = [...promises.values()].reduce((best, each) =>
    compare(each.accepted, best.accepted) > 0 ? each : best,
  );
  proposal.value = perform(topo, found.value, change);
  const chosen = [...promises.values()].every(({ accepted }) => same(accepted, found.accepted));
  if (chosen && proposal.value === found.value) return settle(env, proposal, true);
  const { ballot, id, value } = proposal;
  if (value === undefined) return settle(env, proposal, true);
  proposal.accepting = true;
  for (const home of homes(env, topo)) say(env, home, { type: 'accept', topo, ballot, id, value });
  return undefined;
}

export function accepted(env: Env, src: NodeId, body: Saying<'accepted'>): Settled | undefined {
  const proposal = env.state.proposals.get(body.id);
  if (proposal === undefined || !same(proposal.ballot, body.ballot)) return undefined;
  proposal.accepts.add(src);
  if (proposal.accepts.size < majority(homes(env, body.topo).length)) return undefined;
  proposal.full.clear();
  return settle(env, proposal, true);
}

export function refused(env: Env, src: NodeId, body: Saying<'refused'>): Settled | undefined {
  const { state, ctx } = env;
  const proposal = state.proposals.get(body.id);
  if (proposal === undefined) return undefined;
  if (body.full) {
    proposal.full.add(src);
    const answered = proposal.full.size + proposal.accepts.size;
    return answered < homes(env, body.topo).length ? undefined : settle(env, proposal, false);
  }
  if (compare(body.ballot, proposal.ballot) <= 0) return undefined; // Of an earlier attempt.
  if (body.ballot[0] > state.durable.counter) {
    state.durable.counter = later([state.durable.counter, ''], body.ballot)[0];
  }
  const pauseUs = 1 + ctx.random.below(ctx.options.retryUs);
  proposal.dueUs = Math.min(proposal.dueUs, ctx.nowUs + pauseUs);
  return undefined;
}
