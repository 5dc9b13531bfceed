// The tree of `broadcast/adaptive` and its repair. Every node wants the first member as its root
// and the shortest way there: the rules of the spanning tree protocol (IEEE 802.1D), with one of
// distance-vector routing on top (`isFeasible`), so that nobody hangs on to its own descendants.
//
//   healthy          n0 ╳ n3 is cut      n0 is gone
//      n0                 n0                 n1
//    ╱ │ ╲               ╱ │                ╱  ╲
//  n1  n2  n3          n1  n2              n2   n3
//                      │
//                      n3
//
// All state is soft: a child is whoever says so now and then, a parent whoever keeps its promise to
// be heard again. It knows nothing of values but how to hand over what somebody lacks.
import type { Micros } from '../../../kernel/time.js';
import type { NodeId } from '../../../node/message.js';
import { type Have, haveOf, lackedBy } from '../logs.js';
import type { Ctx, Place, State, Timers } from './bodies.js';

/** Deeper trees are loops that nobody has noticed yet. */
const depthMax = 5;

/** More slots than a root has in one life. */
const beatsOfALife = 2 ** 32;

/** Arms the timer of this kind, in place of the one that is armed. */
export function arm(state: State, type: Timers['type'], delayUs: Micros, ctx: Ctx): void {
  disarm(state, type, ctx);
  state.timers.set(type, ctx.setTimer({ type }, delayUs));
}

function disarm(state: State, type: Timers['type'], ctx: Ctx): void {
  const armed = state.timers.get(type);
  if (armed !== undefined) ctx.clearTimer(armed);
  state.timers.delete(type);
}

/** A root: the first member at its start, and whoever has lost its parent. */
export function standAlone(state: State, ctx: Ctx): void {
  const beat = ctx.incarnation * beatsOfALife;
  state.parent = undefined;
  state.place = { root: ctx.self, depth: 0, beat, periodUs: ctx.options.slotUs };
  disarm(state, 'overdue', ctx);
  disarm(state, 'up', ctx);
  arm(state, 'slot', ctx.options.slotUs, ctx);
  if (!isBest(state, ctx)) arm(state, 'probe', ctx.options.probeUs, ctx);
}

/** The parent is overdue or gone: everybody is asked for a place. */
export function orphaned(state: State, ctx: Ctx): void {
  if (state.parent !== undefined) ctx.note(`lost its parent ${state.parent}`);
  state.lost = state.place;
  standAlone(state, ctx);
  for (const node of ctx.nodes) probe(state, node, ctx);
}

/** Looks for a better place again: at the best root, and at somebody drawn by chance. */
export function lookAround(state: State, ctx: Ctx): void {
  state.timers.delete('probe');
  const [best] = ctx.nodes;
  if (best === undefined || isBest(state, ctx)) return;
  probe(state, best, ctx);
  if (state.place.root !== best) probe(state, ctx.random.pick(ctx.nodes), ctx);
  arm(state, 'probe', ctx.options.probeUs, ctx);
}

function probe({ logs, parentHas }: State, node: NodeId, ctx: Ctx): void {
  if (node === ctx.self) return;
  ctx.send(node, { type: 'probe', runs: lackedBy(logs, parentHas), have: haveOf(logs) });
}

/** Takes the place that is offered if it is better than the one it has. */
export function consider(state: State, parent: NodeId, offered: Place, has: Have, ctx: Ctx): void {
  const place = { ...offered, depth: offered.depth + 1 };
  if (!isFeasible(state.lost, offered, ctx) || !isBetter(place, state.place, ctx)) return;
  state.parent = parent;
  state.parentHas = has;
  state.place = place;
  state.lost = undefined;
  state.children.delete(parent);
  disarm(state, 'slot', ctx);
  const { hopUs, patienceUs } = ctx.options;
  arm(state, 'overdue', 2 * hopUs + place.periodUs + patienceUs, ctx);
  state.late = true;
  arm(state, 'up', 0, ctx);
  if (state.children.size > 0) handDown(state, ctx);
}

/** The parent says where it stands now, and thereby where this node does. */
export function follow(state: State, { root, depth, beat, periodUs }: Place, ctx: Ctx): void {
  if (root === ctx.self || depth >= depthMax) return orphaned(state, ctx);
  state.place = { root, depth: depth + 1, beat, periodUs };
  arm(state, 'overdue', periodUs + ctx.options.patienceUs, ctx);
  if (!isBest(state, ctx) && !state.timers.has('probe')) {
    arm(state, 'probe', ctx.options.probeUs, ctx);
  }
}

/**
 * Each child is sent what it lacks; those that have not been heard for long are children no more.
 */
export function handDown(state: State, ctx: Ctx): void {
  const { children, logs, place } = state;
  const { hopUs, patienceUs } = ctx.options;
  const roundTripUs = 2 * hopUs * depthMax + patienceUs;
  const silentMax = 2 + Math.ceil(roundTripUs / Math.max(1, place.periodUs));
  const have = haveOf(logs);
  for (const [child, known] of children) {
    if (known.silent >= silentMax) {
      ctx.note(`lost its child ${child}`);
      children.delete(child);
      continue;
    }
    known.silent += 1;
    ctx.send(child, { type: 'down', runs: lackedBy(logs, known.have), have, place });
  }
}

/** A root's slot: all that is new goes down, and the next slot is as near as the news are fresh. */
export function slot(state: State, ctx: Ctx): void {
  const { slotUs, idleUs } = ctx.options;
  const { place } = state;
  const busyUs = [...state.children.values()].some(({ deep }) => deep) ? slotUs >> 1 : slotUs;
  const periodUs = state.news ? busyUs : Math.min(Math.max(2 * place.periodUs, busyUs), idleUs);
  state.news = false;
  state.place = { ...place, beat: place.beat + 1, periodUs };
  handDown(state, ctx);
  arm(state, 'slot', periodUs, ctx);
}

/** Whether there is no better place than this one: the first member's, or right below it. */
function isBest({ place }: State, ctx: Ctx): boolean {
  return place.root === ctx.nodes[0] && place.depth <= 1;
}

/** Roots rank as members do; below one root the shorter way is better. */
function isBetter(a: Place, b: Place, { nodes }: Ctx): boolean {
  const [rankA, rankB] = [a, b].map(({ root }) => nodes.indexOf(root)) as [number, number];
  if (rankA < 0) return false;
  return rankA === rankB ? a.depth < b.depth : rankB < 0 || rankA < rankB;
}

/**
 * Whoever has lost its root believes only those who have heard that root later than it has itself:
 * its own descendants have not. Source: Perkins & Bhagwat 1994 (DSDV), §3.
 */
function isFeasible(lost: Place | undefined, { root, depth, beat }: Place, { self }: Ctx): boolean {
  if (root === self || depth >= depthMax) return false;
  return lost?.root !== root || beat > lost.beat;
}
