// SWIM's suspicion mechanism (§4.2) with Lifeguard's dynamic timeouts (Dadgar, Phillips & Currey
// 2017, §IV.B): a suspicion of one's own lasts long at first, and the shorter the more others
// suspect the same node on their own account. Times are counted in periods.
import type { NodeId } from '../../../node/message.js';
import { ceilLn, ln } from '../logarithm.js';
import { standingOfMember } from '../standing.js';
import type { Ctx, Rumour, State, Suspicion } from './bodies.js';

/** A suspicion begins: `first` holds it. */
export function suspect(state: State, node: NodeId, first: NodeId, ctx: Ctx): void {
  ctx.note(`suspects ${node}`);
  state.suspicions.set(node, {
    since: state.periods,
    first,
    confirmedBy: new Set(),
    latest: first,
  });
}

/** The node is alive again, failed, or has left. */
export function settle(state: State, node: NodeId): void {
  state.suspicions.delete(node);
}

/** Somebody else holds the same suspicion; true if that counts, so that it should be passed on. */
export function confirm(state: State, { node, incarnation, from }: Rumour, ctx: Ctx): boolean {
  const suspicion = state.suspicions.get(node);
  if (suspicion === undefined || suspicion.first === from) return false;
  if (standingOfMember(state.table, node).incarnation !== incarnation) return false;
  const { confirmedBy } = suspicion;
  if (confirmedBy.has(from) || confirmedBy.size >= ctx.options.confirmations) return false;
  if (ctx.options.suspicionMaxMult === 1) return false; // Nothing would come of it.
  confirmedBy.add(from);
  suspicion.latest = from;
  return true;
}

/** Suspects whose time is over. */
export function overdue(state: State, ctx: Ctx): NodeId[] {
  if (state.suspicions.size === 0) return [];
  const { suspicionMult } = ctx.options;
  const least = suspicionMult * ceilLn(state.table.members.length + 1);
  return [...state.suspicions]
    .filter(([, suspicion]) => state.periods - suspicion.since >= timeout(suspicion, least, ctx))
    .map(([node]) => node);
}

/** max − (max − min)·ln(c + 1)/ln(k + 1) periods after c of k confirmations. */
function timeout({ confirmedBy }: Suspicion, least: number, ctx: Ctx): number {
  const { suspicionMaxMult, confirmations } = ctx.options;
  const most = least * suspicionMaxMult;
  if (confirmations === 0) return least;
  return most - ((most - least) * ln(confirmedBy.size + 1)) / ln(confirmations + 1);
}
