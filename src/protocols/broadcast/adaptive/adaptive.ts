// Broadcast over a hub for as long as that works. While all is well it is a phase-slotted hub: in
// each slot the root sends every child what it lacks, and each child answers, just in time for the
// next slot, with what it has: one message each way a period, which carries values and
// acknowledgements alike. When a link is cut, the child finds a parent that still hears the root
// and is relayed; when the root is gone, the first member that is left takes its place; when the
// cut heals, everybody returns: see tree.ts. Periods are halved while anybody is relayed, and
// doubled while there is nothing to say.
//
// Survives what `broadcast/flood-retry` survives, and needs no link in particular: values get
// everywhere while the links that are left connect the nodes. In a crash a node forgets what it
// has acknowledged and told nobody.

import { assert } from '../../../kernel/assert.js';
import type { NodeId } from '../../../node/message.js';
import type { Protocol } from '../../../node/protocol.js';
import { append, assertWhole, haveOf, lackedBy, merge, noLogs } from '../logs.js';
import type { Bodies, Ctx, Options, State, Timers } from './bodies.js';
import { arm, consider, follow, handDown, lookAround, orphaned, slot, standAlone } from './tree.js';

/** How much earlier than needed children answer, and how long urgent news wait for company. */
const earlyUs = 1_000;

export const adaptive: Protocol<State, Bodies, Timers, Options> = {
  name: 'broadcast/adaptive',
  about: 'Collects and hands out values in slots, over a tree that heals around what is cut.',
  options: {
    slotUs: 300_000,
    idleUs: 5_000_000,
    hopUs: 100_000,
    patienceUs: 50_000,
    probeUs: 250_000,
  },
  problem({ slotUs, idleUs, probeUs }) {
    if (slotUs < 2_000) return { option: 'slotUs', expected: 'at least 2ms' };
    if (probeUs < 1_000) return { option: 'probeUs', expected: 'at least 1ms' };
    return idleUs < slotUs
      ? { option: 'idleUs', expected: 'at least as long as `slot`' }
      : undefined;
  },
  init: start,
  on: {
    topology(state, message, ctx) {
      ctx.reply(message, { type: 'topology_ok' });
      membersChanged(state, ctx);
    },
    broadcast(state, message, ctx) {
      ctx.reply(message, { type: 'broadcast_ok' });
      const run = append(state.logs, message.body.message, ctx);
      if (run !== undefined) news(state, false, ctx);
    },
    down(state, { src, body }, ctx) {
      const grown = merge(state.logs, body.runs);
      if (src !== state.parent) return;
      state.parentHas = body.have;
      follow(state, body.place, ctx);
      if (state.parent !== src) return;
      handDown(state, ctx);
      state.news ||= grown;
      arm(state, 'up', answerDelayUs(state, ctx), ctx);
    },
    up(state, { src, body }, ctx) {
      state.children.set(src, { have: body.have, deep: body.deep, silent: 0 });
      if (merge(state.logs, body.runs)) news(state, body.late, ctx);
    },
    probe(state, { src, body }, ctx) {
      const { logs, place } = state;
      if (merge(logs, body.runs)) news(state, true, ctx);
      const runs = lackedBy(logs, body.have);
      ctx.send(src, { type: 'offer', runs, have: haveOf(logs), place });
    },
    offer(state, { src, body }, ctx) {
      const grown = merge(state.logs, body.runs);
      consider(state, src, body.place, body.have, ctx);
      if (grown) news(state, true, ctx);
    },
    read(state, message, ctx) {
      ctx.reply(message, { type: 'read_ok', messages: [...state.logs.held] });
    },
  },
  timers: {
    slot: (state, _, ctx) => slot(state, ctx),
    up: (state, _, ctx) => tellParent(state, ctx),
    overdue: (state, _, ctx) => orphaned(state, ctx),
    probe: (state, _, ctx) => lookAround(state, ctx),
  },
  invariant({ logs, parent, place, timers }) {
    assertWhole(logs);
    assert((parent === undefined) === (place.depth === 0), 'roots alone have no parent', {
      parent,
    });
    const guard = parent === undefined ? 'slot' : 'overdue';
    assert(timers.has(guard), 'a root has a slot, a child waits for its parent', { parent });
  },
  milestones: {
    'ten-values': ({ logs }) => logs.held.size >= 10,
    relayed: ({ place }) => place.depth > 1,
  },
};

/** Everybody begins as a child of the first member, which learns of them by what they say. */
function start(ctx: Ctx): State {
  const [first] = ctx.nodes;
  const { slotUs, hopUs, patienceUs } = ctx.options;
  const state: State = {
    logs: noLogs(),
    place: { root: first ?? ctx.self, depth: 1, beat: 0, periodUs: slotUs },
    parent: first,
    parentHas: new Map(),
    lost: undefined,
    children: new Map(),
    news: false,
    late: false,
    timers: new Map(),
  };
  if (first === undefined || first === ctx.self) {
    standAlone(state, ctx);
  } else {
    arm(state, 'up', Math.max(0, slotUs - hopUs - earlyUs), ctx);
    arm(state, 'overdue', slotUs + 2 * hopUs + patienceUs, ctx);
  }
  return state;
}

/** Those who have left are neither parents nor children; a new first member stands alone. */
function membersChanged(state: State, ctx: Ctx): void {
  const gone = (node: NodeId): boolean => !ctx.nodes.includes(node);
  for (const child of state.children.keys()) if (gone(child)) state.children.delete(child);
  if (state.parent === undefined || ctx.nodes[0] === state.parent) return;
  if (ctx.nodes[0] === ctx.self || gone(state.parent)) orphaned(state, ctx);
}

/**
 * There is something new here that children and parent may lack. It waits for its slot, unless it
 * is late already or the slots are far apart.
 */
function news(state: State, late: boolean, ctx: Ctx): void {
  state.news = true;
  if (!late && state.place.periodUs <= ctx.options.slotUs) return;
  if (state.parent === undefined) {
    arm(state, 'slot', earlyUs, ctx);
  } else if (!state.timers.has('up')) {
    state.late = true;
    arm(state, 'up', earlyUs, ctx);
  }
}

/** What the parent lacks, and what this node has; that keeps it a child. */
function tellParent(state: State, ctx: Ctx): void {
  state.timers.delete('up');
  const { logs, parent, parentHas, children, late } = state;
  if (parent === undefined) return;
  state.late = false;
  const exchange = { runs: lackedBy(logs, parentHas), have: haveOf(logs) };
  ctx.send(parent, { type: 'up', ...exchange, deep: children.size > 0, late });
}

/** So that the answer is there right before the root's next slot, or the one after it. */
function answerDelayUs({ place }: State, ctx: Ctx): number {
  const { depth, periodUs } = place;
  const leadUs = depth * (2 * ctx.options.hopUs + earlyUs);
  return periodUs - 1 - ((leadUs - 1) % periodUs);
}
