// Broadcast in batches: over the same tree as `broadcast/tree-retry`, but a new value waits up to
// `flushUs` at each hop so that others can travel with it. Latency is traded for messages. Gossip
// Glomers 3e: fewer than 20 messages an operation, half of the values everywhere within a second
// and all within two.
//
// Survives what `broadcast/tree-retry` survives; in a crash the values that waited are lost too.
import type { NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import type { ClientBodies, Value } from './bodies.js';
import * as box from './outbox.js';
import { type TreeOptions, treeDefaults, treePeers, treeProblem } from './tree.js';

interface State {
  readonly seen: Set<Value>;
  readonly outbox: box.Outbox;
}

type Bodies = ClientBodies | box.Gossip | box.GossipOk;
type Timers = box.FlushTimer | box.RetryTimer;
type Options = box.FlushOptions & TreeOptions;
type Ctx = Context<Bodies, Timers, Options>;

export const batched: Protocol<State, Bodies, Timers, Options> = {
  name: 'broadcast/batched',
  about: 'Collects new values for a while and passes them along a tree in batches, with retries.',
  options: { ...box.retryDefaults, ...treeDefaults, flushUs: 100_000 },
  problem: (options) => box.retryProblem(options) ?? treeProblem(options),
  init(ctx) {
    const state: State = { seen: new Set(), outbox: new Map() };
    plant(state, ctx);
    return state;
  },
  on: {
    topology(state, message, ctx) {
      ctx.reply(message, { type: 'topology_ok' });
      plant(state, ctx); // It comes when members have joined or left.
    },
    broadcast(state, message, ctx) {
      ctx.reply(message, { type: 'broadcast_ok' });
      learn(state, [message.body.message], undefined, ctx);
    },
    gossip(state, { src, body }, ctx) {
      ctx.send(src, { type: 'gossip_ok', messages: body.messages });
      box.offered(state.outbox, src, body.messages);
      learn(state, body.messages, src, ctx);
    },
    gossip_ok(state, { src, body }) {
      box.acknowledged(state.outbox, src, body.messages);
    },
    read(state, message, ctx) {
      ctx.reply(message, { type: 'read_ok', messages: [...state.seen] });
    },
  },
  timers: {
    flush: (state, timer, ctx) => box.flush(state.outbox, timer, ctx),
    retry: (state, timer, ctx) => box.retry(state.outbox, timer, ctx),
  },
  invariant: (state) => box.assertSound(state.outbox, state.seen),
  milestones: { 'ten-values': (state) => state.seen.size >= 10 },
};

function plant(state: State, ctx: Ctx): void {
  const peers = treePeers(ctx.nodes, ctx.self, ctx.options.fanout);
  box.connect(state.outbox, peers, state.seen, ctx);
}

function learn(state: State, values: readonly Value[], source: NodeId | undefined, ctx: Ctx): void {
  const news = values.filter((value) => !state.seen.has(value));
  for (const value of news) state.seen.add(value);
  box.postLater(state.outbox, news, (peer) => peer === source, ctx);
}
