// How a node starts: with what its disk has of its former lives.

import type { NodeId } from '../../node/message.js';
import { noChoking } from './choking.js';
import { deployed } from './code.js';
import { never } from './epoch.js';
import { flush, keep, recall } from './journal.js';
import type { Rules } from './rules.js';
import { watch } from './seats.js';
import type { Ctx, State } from './state.js';

/** Numbers of requests differ between the lives of a node, so that an answer finds its own. */
const requestsMax = 1_000_000_000;

export function start(rules: Rules, ctx: Ctx): State {
  const state: State = {
    notes: new Map(),
    ...{ heardUs: new Map(), noteVersion: 0, gossipAtUs: ctx.nowUs },
    ...{ proposals: new Map(), submissions: new Map(), claim: undefined, owns: new Map() },
    ...{ watches: new Map(), works: new Map(), modules: new Map(), loaded: new Map() },
    ...{ chunks: new Map(), choking: noChoking(), passing: new Map(), queries: new Map() },
    ...{ nextId: ctx.incarnation * requestsMax + 1, accepted: [], hopsMost: 0, choked: undefined },
    ...{ queueAtUs: ctx.nowUs, wantAtUs: ctx.nowUs },
    ...recall(ctx),
  };
  const { durable } = state;
  if (durable.nodes.length === 0) {
    keep(state, { kind: 'born', nodes: founders(rules, ctx) }, ctx);
  }
  // What it owned it owns no longer: the old grant is void.
  if (durable.owned !== undefined) keep(state, { kind: 'disown', topo: durable.owned }, ctx);
  if (rules.epochs === 'in memory') durable.counter = 0;
  for (const [topo, seat] of durable.seats) {
    watch({ state, ctx }, topo);
    if (rules.epochs === 'in memory') seat.promised = never;
    if (rules.seeds === 'amnesiac') {
      Object.assign(seat, { promised: never, accepted: never });
      seat.log.length = 0;
    }
  }
  deploy(state, ctx);
  ctx.setTimer({ type: 'tick' }, 1 + ctx.random.below(ctx.options.tickUs)); // Not in step.
  flush(state, ctx);
  return state;
}

/** Homes are made of founders for ever; whoever joins later has to be told who they are. */
function founders(rules: Rules, { nodes, options }: Ctx): readonly NodeId[] {
  return options.founders === '' || rules.homes === 'members'
    ? [...nodes]
    : options.founders.split(' ');
}

/** Modules lie on nodes from the start; an upgrade reaches the first half of them. */
function deploy({ modules, durable }: State, ctx: Ctx): void {
  const { upgradeUs } = ctx.options;
  const half = durable.nodes.slice(0, Math.floor(durable.nodes.length / 2));
  const upgrades = upgradeUs > 0 && half.includes(ctx.self);
  const late = upgrades && ctx.nowUs >= upgradeUs;
  for (const [name, { old, next }] of deployed) modules.set(name, late ? next : old);
  if (upgrades && !late) ctx.setTimer({ type: 'upgrade' }, upgradeUs - ctx.nowUs);
}
