// Broadcast over a tree: the neighbours are a node's parent and children, and the workload's
// topology is not looked at. There is one way between any two nodes, so a value costs n − 1
// messages and as many acknowledgements, and the tree's depth bounds how long it takes. Gossip
// Glomers 3d: fewer than 30 messages an operation, half of the values everywhere within 400 ms and
// all within 600 ms.
//
// Survives what `broadcast/flood-retry` survives, but has no way around: below a node that is cut
// off or down nobody learns anything until it is back.
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
type Options = box.RetryOptions & TreeOptions;
type Ctx = Context<Bodies, box.RetryTimer, Options>;

export const treeRetry: Protocol<State, Bodies, box.RetryTimer, Options> = {
  name: 'broadcast/tree-retry',
  about: 'Passes each new value along a tree of its own, again until it is acknowledged.',
  options: { ...box.retryDefaults, ...treeDefaults },
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
  box.post(state.outbox, news, (peer) => peer === source, ctx);
}
