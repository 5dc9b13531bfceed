// Flooding with retries: each new value goes to the neighbours at once and again until each of them
// has acknowledged it. Gossip Glomers 3c; Maelstrom, doc/03-broadcast, "Fault Tolerance".
//
// Survives partitions, loss, duplicates, delays, reordering, pauses, and members that join and
// leave. Everything is in memory: what a node acknowledged and had passed on to nobody when it
// crashed is gone, and a node that restarts is sent only what its neighbours still owe it.
// `broadcast/durable` survives crashes.
import type { NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import { type ClientBodies, neighboursOf, type Value } from './bodies.js';
import * as box from './outbox.js';

interface State {
  readonly seen: Set<Value>;
  readonly outbox: box.Outbox;
}

type Bodies = ClientBodies | box.Gossip | box.GossipOk;

export const floodRetry: Protocol<State, Bodies, box.RetryTimer, box.RetryOptions> = {
  name: 'broadcast/flood-retry',
  about: 'Passes each new value to its neighbours, again until they acknowledge it.',
  options: box.retryDefaults,
  problem: box.retryProblem,
  init: () => ({ seen: new Set(), outbox: new Map() }),
  on: {
    topology(state, message, ctx) {
      ctx.reply(message, { type: 'topology_ok' });
      box.connect(state.outbox, neighboursOf(message.body, ctx.self), state.seen, ctx);
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

function learn(
  state: State,
  values: readonly Value[],
  source: NodeId | undefined,
  ctx: Context<Bodies, box.RetryTimer, box.RetryOptions>,
): void {
  const news = values.filter((value) => !state.seen.has(value));
  for (const value of news) state.seen.add(value);
  box.post(state.outbox, news, (peer) => peer === source, ctx);
}
