// SWIM's failure detector (§3.1): in each period one member is pinged; if it does not answer in
// time, k others are asked to ping it; if nobody has heard of it when the period ends, it is
// suspected. Members take turns in a random order (§4.3), so everybody is pinged within 2n − 1
// periods. With Lifeguard's local health (§IV.A): who misses answers that it should have got
// doubts itself first, and probes less often.
import type { NodeId } from '../../../node/message.js';
import { standingOfMember } from '../standing.js';
import type { Ctx, Probe, Relay, State } from './bodies.js';
import { learn, piggyback } from './dissemination.js';
import { overdue, settle } from './suspicion.js';

/** A relay says that it is there when this share of its time is over. */
const nackPercent = 80;

/** One period ends and the next begins. */
export function period(state: State, ctx: Ctx): void {
  const { probe } = state;
  state.probe = undefined;
  if (probe !== undefined) conclude(state, probe, ctx);
  for (const node of overdue(state, ctx)) declare(state, node, ctx);
  if (state.left && state.news.size === 0) return; // All has been said.
  const target = nextTarget(state, ctx);
  if (target !== undefined) ping(state, target, ctx);
  const stretch = state.health + 1;
  state.periods += stretch;
  ctx.setTimer({ type: 'period' }, ctx.options.periodUs * stretch);
}

function ping(state: State, target: NodeId, ctx: Ctx): void {
  const seq = state.seq++;
  const timer = ctx.setTimer({ type: 'ack-timeout', seq }, ctx.options.ackUs);
  state.probe = { target, seq, acked: false, unheard: 0, timer };
  const about = ctx.options.buddy ? target : undefined;
  ctx.send(target, { type: 'ping', seq, updates: piggyback(state, about, ctx) });
}

/** k members hear it at once: whoever says goodbye may be gone before it pings again. */
export function sayGoodbye(state: State, ctx: Ctx): void {
  for (const target of drawMembers(state, ctx.options.pingReqs, ctx.self, ctx)) {
    const updates = piggyback(state, undefined, ctx);
    ctx.send(target, { type: 'ping', seq: state.seq++, updates });
  }
}

/** The probe's ping was not answered in time: k others try. */
export function askOthers(state: State, seq: number, ctx: Ctx): void {
  const { probe } = state;
  if (probe?.seq !== seq || probe.acked) return;
  probe.timer = undefined;
  const { target } = probe;
  for (const relay of drawMembers(state, ctx.options.pingReqs, target, ctx)) {
    probe.unheard += 1;
    ctx.send(relay, { type: 'ping-req', seq, target, updates: piggyback(state, undefined, ctx) });
  }
}

/** Pings `target` for `requester`. */
export function relay(
  state: State,
  requester: NodeId,
  { seq, target }: { readonly seq: number; readonly target: NodeId },
  ctx: Ctx,
): void {
  const own = state.seq++;
  const waitUs = Math.floor((ctx.options.ackUs * nackPercent) / 100);
  const timer = ctx.setTimer({ type: 'relay-timeout', seq: own }, waitUs);
  state.relays.set(own, { requester, seq, timer });
  const about = ctx.options.buddy ? target : undefined;
  ctx.send(target, { type: 'ping', seq: own, updates: piggyback(state, about, ctx) });
}

/** Somebody answered: the target of this period's probe, or one that was pinged for another. */
export function acked(state: State, seq: number, ctx: Ctx): void {
  const { probe, relays } = state;
  if (probe?.seq === seq) {
    probe.acked = true;
    if (probe.timer !== undefined) ctx.clearTimer(probe.timer);
  }
  const relayed = relays.get(seq);
  if (relayed === undefined) return;
  relays.delete(seq);
  ctx.clearTimer(relayed.timer);
  const updates = piggyback(state, undefined, ctx);
  ctx.send(relayed.requester, { type: 'ack', seq: relayed.seq, updates });
}

/** A relay has waited long enough; a late ack finds nobody who wants it. */
export function relayTimedOut(state: State, seq: number, ctx: Ctx): void {
  const relayed: Relay | undefined = state.relays.get(seq);
  if (relayed === undefined) return;
  state.relays.delete(seq);
  if (ctx.options.healthMax > 0) ctx.send(relayed.requester, { type: 'nack', seq: relayed.seq });
}

/** A relay is there, though the target is not. */
export function nacked({ probe }: State, seq: number): void {
  if (probe?.seq === seq && probe.unheard > 0) probe.unheard -= 1;
}

function conclude(state: State, { target, acked: answered, unheard }: Probe, ctx: Ctx): void {
  const { healthMax, suspicionMult } = ctx.options;
  const change = answered ? -1 : Math.max(unheard, ctx.options.pingReqs === 0 ? 1 : 0);
  state.health = Math.min(Math.max(0, state.health + change), healthMax);
  const { status, incarnation } = standingOfMember(state.table, target);
  if (answered || state.left || (status !== 'alive' && status !== 'suspect')) return;
  if (suspicionMult === 0) return declare(state, target, ctx);
  learn(state, { node: target, status: 'suspect', incarnation, from: ctx.self }, ctx);
}

/** The time to refute is over. */
function declare(state: State, node: NodeId, ctx: Ctx): void {
  const { incarnation } = standingOfMember(state.table, node);
  ctx.note(`declares ${node} failed`);
  settle(state, node);
  learn(state, { node, status: 'failed', incarnation, from: ctx.self }, ctx);
}

/** Those that are pinged: whoever is not known to be gone. */
function isPinged({ table }: State, node: NodeId, ctx: Ctx): boolean {
  const { status } = standingOfMember(table, node);
  return node !== ctx.self && (status === 'alive' || status === 'suspect');
}

/** The next member in this round's order; `undefined`: nobody is left. */
function nextTarget(state: State, ctx: Ctx): NodeId | undefined {
  const { members } = state.table;
  for (let tries = 0; tries <= 2 * members.length; tries++) {
    const { round } = state;
    if (round.next >= round.size || round.size !== members.length) {
      state.round = newRound(members.length, ctx);
    }
    const { offset, stride, next } = state.round;
    state.round.next = next + 1;
    const node = members[(offset + stride * next) % members.length];
    if (node !== undefined && isPinged(state, node, ctx)) return node;
  }
  return undefined;
}

/**
 * Positions offset, offset + stride … modulo `size` are an order of all, as they share no factor.
 */
function newRound(size: number, ctx: Ctx): State['round'] {
  const offset = ctx.random.below(Math.max(1, size));
  let stride = 1 + ctx.random.below(Math.max(1, size - 1));
  while (commonFactor(stride, size) > 1) stride = (stride % size) + 1;
  return { offset, stride, next: 0, size };
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b);
}

/** Up to `count` different members, drawn by chance, neither `except` nor this node. */
function drawMembers(state: State, count: number, except: NodeId, ctx: Ctx): NodeId[] {
  const { members } = state.table;
  const drawn = new Set<NodeId>();
  for (let tries = 0; tries < 4 * count && drawn.size < count; tries++) {
    const node = ctx.random.pick(members);
    if (node !== except && isPinged(state, node, ctx)) drawn.add(node);
  }
  return [...drawn];
}
