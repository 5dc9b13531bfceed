// A building block: SWIM, Scalable Weakly-consistent Infection-style process group Membership (Das,
// Gupta & Motivala 2002), with Lifeguard's three extensions as options. The failure detector is
// detector.ts, dissemination dissemination.ts, suspicion suspicion.ts; here they are put together
// with what the paper leaves to others: how nodes join, leave, come back, and how halves of a
// cluster that took each other for dead find together again. `membership/swim` is the sound one.
import { assert } from '../../../kernel/assert.js';
import type { NodeId } from '../../../node/message.js';
import type { OptionProblem, Protocol } from '../../../node/protocol.js';
import {
  assertSound,
  incarnationOfLife,
  standingOfMember,
  updatesOf,
  viewOf,
} from '../standing.js';
import type { Bodies, Ctx, Options, State, Timers } from './bodies.js';
import * as detector from './detector.js';
import { hear, learn, ownStanding, piggyback, type Rules, spread } from './dissemination.js';

export type SwimProtocol = Protocol<State, Bodies, Timers, Options>;

interface Variant extends Rules {
  readonly name: string;
  readonly about: string;
  /** With which incarnation a node comes back after a crash. */
  readonly restart: 'higher incarnation' | 'first incarnation';
  /** Whether nodes remember who has failed. */
  readonly failed: 'remembered' | 'forgotten';
}

const defaults: Options = {
  periodUs: 1_000_000,
  ackUs: 200_000,
  pingReqs: 3,
  suspicionMult: 3,
  retransmitMult: 3,
  updatesMax: 6,
  syncUs: 5_000_000,
  healthMax: 0,
  suspicionMaxMult: 1,
  confirmations: 2,
  buddy: false,
};

/** A protocol that differs from others made here in `Variant` alone. */
export function swimLike({ name, about, ...variant }: Variant): SwimProtocol {
  return {
    name,
    about,
    options: defaults,
    problem,
    init: (ctx) => start(variant, ctx),
    on: { ...detectorHandlers(variant), ...membershipHandlers(variant) },
    timers: {
      period(state, _, ctx) {
        if (variant.failed === 'forgotten') forgetFailed(state);
        detector.period(state, ctx);
      },
      'ack-timeout': (state, { seq }, ctx) => detector.askOthers(state, seq, ctx),
      'relay-timeout': (state, { seq }, ctx) => detector.relayTimedOut(state, seq, ctx),
      sync(state, _, ctx) {
        if (state.left) return;
        sync(state, ctx);
        ctx.setTimer({ type: 'sync' }, ctx.options.syncUs);
      },
    },
    invariant: assertState,
    milestones: {
      suspecting: (state) => state.suspicions.size > 0,
      unhealthy: (state) => state.health > 0,
    },
  };
}

const detectorHandlers = (rules: Rules): SwimProtocol['on'] => ({
  ping(state, { src, body }, ctx) {
    if (state.left) return;
    hear(state, body.updates, rules, ctx);
    const gone = state.table.entries.get(src)?.status === 'failed';
    const about = gone ? src : undefined; // Whoever pings and is held to be gone should know.
    ctx.send(src, { type: 'ack', seq: body.seq, updates: piggyback(state, about, ctx) });
  },
  ack(state, { body }, ctx) {
    hear(state, body.updates, rules, ctx);
    detector.acked(state, body.seq, ctx);
  },
  'ping-req'(state, { src, body }, ctx) {
    if (state.left) return;
    hear(state, body.updates, rules, ctx);
    detector.relay(state, src, body, ctx);
  },
  nack: (state, { body }) => detector.nacked(state, body.seq),
});

const membershipHandlers = (rules: Rules): SwimProtocol['on'] => ({
  sync(state, { src, body }, ctx) {
    if (state.left) return;
    merge(state, src, body, rules, ctx);
    ctx.send(src, { type: 'sync_ok', ...allOf(state) });
  },
  sync_ok: (state, { src, body }, ctx) => merge(state, src, body, rules, ctx),
  members(state, message, ctx) {
    const members = viewOf(state.table, ownStanding(state, ctx.self));
    ctx.reply(message, { type: 'members_ok', members });
  },
  leave(state, message, ctx) {
    state.left = true;
    spread(state, ctx.self);
    detector.sayGoodbye(state, ctx);
    ctx.reply(message, { type: 'leave_ok', incarnation: state.incarnation });
  },
});

function problem(options: Options): OptionProblem | undefined {
  const { periodUs, ackUs, suspicionMaxMult, retransmitMult } = options;
  if (periodUs < 1_000) return { option: 'periodUs', expected: 'at least 1ms' };
  if (ackUs >= periodUs) return { option: 'ackUs', expected: 'shorter than `period`' };
  if (retransmitMult < 1) return { option: 'retransmitMult', expected: 'at least 1' };
  return suspicionMaxMult < 1 ? { option: 'suspicionMaxMult', expected: 'at least 1' } : undefined;
}

/** A node knows the members by its configuration, and asks one of them what has happened since. */
function start({ restart }: Pick<Variant, 'restart'>, ctx: Ctx): State {
  const life = restart === 'higher incarnation' ? ctx.incarnation : 1;
  const state: State = {
    table: { members: ctx.nodes, entries: new Map() },
    incarnation: incarnationOfLife(life),
    left: false,
    periods: 0,
    round: { offset: 0, stride: 1, next: 0, size: 0 },
    seq: 0,
    probe: undefined,
    relays: new Map(),
    suspicions: new Map(),
    news: new Map(),
    health: 0,
  };
  sync(state, ctx);
  const { periodUs, syncUs } = ctx.options;
  ctx.setTimer({ type: 'period' }, ctx.random.below(periodUs)); // Nodes do not ping in step.
  if (syncUs > 0) ctx.setTimer({ type: 'sync' }, syncUs + ctx.random.below(syncUs));
  return state;
}

/**
 * Exchanges all beliefs with a member drawn by chance, be it dead: that is how the dead hear of it.
 */
function sync(state: State, ctx: Ctx): void {
  const { table } = state;
  for (let tries = 0; tries < 4; tries++) {
    const node = ctx.random.pick(table.members);
    if (node === ctx.self || standingOfMember(table, node).status === 'left') continue;
    ctx.send(node, { type: 'sync', ...allOf(state) });
    return;
  }
}

const allOf = ({ incarnation, table }: State) => ({ incarnation, updates: updatesOf(table) });

/** Of deaths in another's table one is not sure: those concerned get the time to refute. */
function merge(
  state: State,
  src: NodeId,
  { incarnation, updates }: Extract<Bodies, { readonly type: 'sync' | 'sync_ok' }>,
  rules: Rules,
  ctx: Ctx,
): void {
  learn(state, { node: src, status: 'alive', incarnation, from: src }, ctx);
  const rumours = updates.map((update) => {
    const status = update.status === 'failed' ? ('suspect' as const) : update.status;
    return { from: src, ...update, status };
  });
  hear(state, rumours, rules, ctx);
}

function forgetFailed({ table, news }: State): void {
  for (const [node, { status }] of table.entries) {
    if (status === 'failed' && !news.has(node)) table.entries.delete(node);
  }
}

function assertState({ table, suspicions, health }: Readonly<State>): void {
  assertSound(table);
  for (const node of suspicions.keys()) {
    const { status } = standingOfMember(table, node);
    assert(status === 'suspect', 'a suspicion runs for a suspect', { node, status });
  }
  assert(health >= 0, 'health is no less than well', { health });
}
