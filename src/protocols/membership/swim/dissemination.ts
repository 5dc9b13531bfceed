// SWIM's dissemination component (§3.2, §4.1): news ride on the failure detector's messages. Each
// node sends each at most λ⌈ln(n + 1)⌉ times, the ones it has sent least first. A node that is
// suspected or declared failed refutes by a new incarnation (§4.2).
import type { NodeId } from '../../../node/message.js';
import { ceilLn } from '../logarithm.js';
import { believe, type Status, standingOf, type Update } from '../standing.js';
import type { Ctx, Rumour, State } from './bodies.js';
import { confirm, settle, suspect } from './suspicion.js';

/** What differs in the broken twins. */
export interface Rules {
  readonly refutation: 'new incarnation' | 'old incarnation' | 'none';
}

/** λ⌈ln(n + 1)⌉. */
function retransmitLimit({ table }: Readonly<State>, mult: number): number {
  return mult * ceilLn(table.members.length + 1);
}

/** This node, as it sees itself. */
export function ownStanding(state: Readonly<State>, self: NodeId): Update {
  const status: Status = state.left ? 'left' : 'alive';
  return { node: self, status, incarnation: state.incarnation };
}

/** News for one message. `about` goes first, if it is believed to be anything but alive. */
export function piggyback(state: State, about: NodeId | undefined, ctx: Ctx): Rumour[] {
  const { news } = state;
  const { updatesMax, retransmitMult } = ctx.options;
  const rumours: Rumour[] = [];
  if (about !== undefined) {
    const rumour = rumourAbout(state, about, ctx);
    if (rumour !== undefined && rumour.status !== 'alive') rumours.push(rumour);
  }
  if (news.size === 0) return rumours;
  const limit = retransmitLimit(state, retransmitMult);
  const chosen = [...news].sort(([, a], [, b]) => a - b).slice(0, updatesMax);
  for (const [node, sent] of chosen) {
    const rumour = rumourAbout(state, node, ctx);
    if (rumour !== undefined) rumours.push(rumour);
    if (sent + 1 >= limit) news.delete(node);
    else news.set(node, sent + 1);
  }
  return rumours;
}

function rumourAbout(state: State, node: NodeId, ctx: Ctx): Rumour | undefined {
  if (node === ctx.self) {
    const { status, incarnation } = ownStanding(state, node);
    return { node, status, incarnation, from: node };
  }
  const standing = standingOf(state.table, node);
  return standing && { node, ...standing, from: state.suspicions.get(node)?.latest ?? ctx.self };
}

/** There is news about `node`: its count of transmissions begins anew. */
export function spread(state: State, node: NodeId): void {
  state.news.delete(node);
  state.news.set(node, 0);
}

/** Hears rumours, one after the other. */
export function hear(state: State, rumours: readonly Rumour[], rules: Rules, ctx: Ctx): void {
  for (const rumour of rumours) {
    if (rumour.node === ctx.self) hearOfSelf(state, rumour, rules, ctx);
    else learn(state, rumour, ctx);
  }
}

/** Believes an update if it prevails, and passes it on. */
export function learn(state: State, rumour: Rumour, ctx: Ctx): void {
  const { node, status } = rumour;
  if (!believe(state.table, rumour)) {
    if (status === 'suspect' && confirm(state, rumour, ctx)) spread(state, node);
    if (isDeaf(state, rumour)) spread(state, node);
    return;
  }
  spread(state, node);
  if (status === 'suspect') suspect(state, node, rumour.from, ctx);
  else settle(state, node);
  if (status === 'failed') ctx.note(`knows that ${node} has failed`);
}

/** Whoever suspects a member that has said goodbye has not heard it. */
function isDeaf({ table }: Readonly<State>, { node, status }: Rumour): boolean {
  return (
    (status === 'suspect' || status === 'failed') && standingOf(table, node)?.status === 'left'
  );
}

function hearOfSelf(state: State, rumour: Rumour, { refutation }: Rules, ctx: Ctx): void {
  const { status, incarnation } = rumour;
  if (state.left || incarnation < state.incarnation || refutation === 'none') return;
  if (status === 'alive' && incarnation === state.incarnation) return;
  if (refutation === 'new incarnation') state.incarnation = incarnation + 1;
  ctx.note(`refutes that it is ${status}`);
  state.health = Math.min(state.health + 1, ctx.options.healthMax);
  spread(state, ctx.self);
}
