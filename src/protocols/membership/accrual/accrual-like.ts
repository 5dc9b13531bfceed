// A building block: membership by push-pull anti-entropy, in Cassandra's manner. Each second a node
// counts its heartbeat up and talks to a live node, sometimes to one that is not, in three
// messages: SYN (what I have), ACK (what you lack, what I lack), ACK2 (what you lack). Nobody tells
// of failures: each node judges for itself by how long a heartbeat is overdue, see phi.ts, and
// takes its judgement back when one arrives. Source: Cassandra, Gossiper.java,
// FailureDetector.java.
import { assert } from '../../../kernel/assert.js';
import type { Micros } from '../../../kernel/time.js';
import type { Body, NodeId } from '../../../node/message.js';
import type { Context, OptionProblem, Protocol } from '../../../node/protocol.js';
import type { ClientBodies } from '../bodies.js';
import type { Status } from '../standing.js';
import {
  type Delta,
  type Digest,
  deltasFor,
  digestsOf,
  type Endpoint,
  type Endpoints,
  examine,
  isNewer,
  unknownEndpoint,
} from './endpoints.js';
import { arrivalsFrom, arrived, phiOf } from './phi.js';

type Bodies =
  | ClientBodies
  | (Body & { readonly type: 'syn'; readonly digests: readonly Digest[] })
  | (Body & {
      readonly type: 'ack';
      readonly deltas: readonly Delta[];
      readonly requests: readonly Digest[];
    })
  | (Body & { readonly type: 'ack2'; readonly deltas: readonly Delta[] });

type Timers = { readonly type: 'round' };

interface Options {
  readonly gossipUs: Micros;
  /** Convict above this φ. */
  readonly phi: number;
  /** Intervals that are remembered of each node. */
  readonly windowMax: number;
  /** The interval that is assumed of a node that was never heard. */
  readonly assumedUs: Micros;
  /** Longer intervals do not count. */
  readonly longestUs: Micros;
}

type Ctx = Context<Bodies, Timers, Options>;

interface State {
  readonly endpoints: Endpoints;
  /** Rounds that a node which has left still gossips, so that all hear of it. */
  farewells: number;
}

export type AccrualProtocol = Protocol<State, Bodies, Timers, Options>;

interface Variant {
  readonly name: string;
  readonly about: string;
  /** The generation with which a node begins its n-th life. */
  generation(life: number): number;
}

/** More heartbeats than a life has. */
const versionsMax = 2 ** 30;

const farewellRounds = 20;

export function accrualLike({ name, about, generation }: Variant): AccrualProtocol {
  return {
    name,
    about,
    options: {
      gossipUs: 1_000_000,
      phi: 8,
      windowMax: 1_000,
      assumedUs: 2_000_000,
      longestUs: 2_000_000,
    },
    problem,
    init: (ctx) => start(generation(ctx.incarnation), ctx),
    on: {
      syn({ endpoints }, { src, body }, ctx) {
        ctx.send(src, { type: 'ack', ...examine(endpoints, body.digests) });
      },
      ack(state, { src, body }, ctx) {
        for (const delta of body.deltas) apply(state, delta, ctx);
        ctx.send(src, { type: 'ack2', deltas: deltasFor(state.endpoints, body.requests) });
      },
      ack2(state, { body }, ctx) {
        for (const delta of body.deltas) apply(state, delta, ctx);
      },
      members({ endpoints }, message, ctx) {
        const members = [...endpoints].map(([node, found]) => viewOf(node, found));
        ctx.reply(message, { type: 'members_ok', members });
      },
      leave(state, message, ctx) {
        const own = ownEndpoint(state, ctx.self);
        own.version += 1;
        own.left = true;
        ctx.reply(message, { type: 'leave_ok', incarnation: incarnationOf(own) });
      },
    },
    timers: { round },
    invariant({ endpoints }) {
      for (const [node, { arrivals, left, live }] of endpoints) {
        assert(arrivals.intervals.length > 0, 'every node has an interval', { node });
        assert(!left || live, 'who has left is not convicted', { node });
      }
    },
  };
}

function problem({ gossipUs, phi, windowMax }: Options): OptionProblem | undefined {
  if (gossipUs < 1_000) return { option: 'gossipUs', expected: 'at least 1ms' };
  if (windowMax < 1) return { option: 'windowMax', expected: 'at least 1' };
  return phi > 0 ? undefined : { option: 'phi', expected: 'more than 0' };
}

function start(generation: number, ctx: Ctx): State {
  const { gossipUs, assumedUs } = ctx.options;
  const endpoints: Endpoints = new Map(
    ctx.nodes.map((node) => [node, unknownEndpoint(ctx.nowUs, assumedUs)]),
  );
  const own = unknownEndpoint(ctx.nowUs, assumedUs);
  own.generation = generation;
  endpoints.set(ctx.self, own);
  ctx.setTimer({ type: 'round' }, ctx.random.below(gossipUs)); // Nodes do not gossip in step.
  return { endpoints, farewells: 0 };
}

function round(state: State, timer: Timers, ctx: Ctx): void {
  const own = ownEndpoint(state, ctx.self);
  if (own.left) state.farewells += 1;
  else own.version += 1;
  if (state.farewells > farewellRounds) return;
  if (!own.left) convict(state, ctx);
  const others = [...state.endpoints].filter(([node, { left }]) => node !== ctx.self && !left);
  const live = others.filter(([, found]) => found.live).map(([node]) => node);
  const dead = others.filter(([, found]) => !found.live).map(([node]) => node);
  const syn = { type: 'syn' as const, digests: digestsOf(state.endpoints) };
  if (live.length > 0) ctx.send(ctx.random.pick(live), syn);
  // To an unreachable node with a chance of dead/(live + 1): so halves find together again.
  if (ctx.random.below(live.length + 1) < dead.length) ctx.send(ctx.random.pick(dead), syn);
  ctx.setTimer(timer, ctx.options.gossipUs);
}

/** Whoever has been silent for too long is taken for failed, for the time being. */
function convict({ endpoints }: State, ctx: Ctx): void {
  for (const [node, found] of endpoints) {
    if (node === ctx.self || found.left || !found.live) continue;
    if (phiOf(found.arrivals, ctx.nowUs) <= ctx.options.phi) continue;
    ctx.note(`convicts ${node}`);
    found.live = false;
  }
}

/** Believes what is newer. Of itself a node knows best. */
function apply({ endpoints }: State, delta: Delta, ctx: Ctx): void {
  const { node, generation, version, left } = delta;
  if (node === ctx.self) return;
  let found = endpoints.get(node);
  if (found !== undefined && !isNewer(delta, found)) return;
  if (found === undefined) {
    found = unknownEndpoint(ctx.nowUs, ctx.options.assumedUs);
    endpoints.set(node, found);
  } else if (generation > found.generation) {
    found.arrivals = arrivalsFrom(ctx.nowUs, ctx.options.assumedUs);
  } else {
    arrived(found.arrivals, ctx.nowUs, ctx.options);
  }
  if (!found.live) ctx.note(`acquits ${node}`);
  Object.assign(found, { generation, version, left, live: true });
}

function ownEndpoint({ endpoints }: State, self: NodeId): Endpoint {
  const own = endpoints.get(self);
  assert(own !== undefined, 'a node knows itself', { self });
  return own;
}

function viewOf(node: NodeId, endpoint: Endpoint): [NodeId, Status, number] {
  const status = endpoint.left ? 'left' : endpoint.live ? 'alive' : 'failed';
  return [node, status, incarnationOf(endpoint)];
}

/** Generation and heartbeat as one number that only the node itself counts up. */
function incarnationOf({ generation, version }: Endpoint): number {
  return generation * versionsMax + version;
}
