// A building block: the rungs of the broadcast ladder that keep an outbox. All of them pass each
// new value on until it is acknowledged; they differ in who the neighbours are and in how long a
// value waits for company before it is passed on.
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { Context, OptionProblem, Protocol } from '../../node/protocol.js';
import type { ClientBodies, Topology, Value } from './bodies.js';
import * as box from './outbox.js';

interface State {
  readonly seen: Set<Value>;
  readonly outbox: box.Outbox;
}

type Bodies = ClientBodies | box.Gossip | box.GossipOk;
type Timers = box.FlushTimer | box.RetryTimer;
/** What `rung` makes, by its options. */
export type RungProtocol<O extends box.RetryOptions> = Protocol<State, Bodies, Timers, O>;
type Ctx<O extends box.RetryOptions> = Context<Bodies, Timers, O>;

interface Rung<O extends box.RetryOptions> {
  readonly name: string;
  readonly about: string;
  readonly options: O;
  problem(options: O): OptionProblem | undefined;
  /**
   * Whom this node passes values on to. `told` is the workload's topology, which comes when members
   * join or leave, too; `undefined` at the start.
   */
  neighbours(ctx: Ctx<O>, told: Topology | undefined): readonly NodeId[];
  /** How long a new value waits; 0: it does not. */
  waitUs(ctx: Ctx<O>): Micros;
}

/** A protocol that differs from others made here in its neighbours and its patience alone. */
export function rung<O extends box.RetryOptions>({
  neighbours,
  waitUs,
  ...named
}: Rung<O>): RungProtocol<O> {
  const connect = (state: State, ctx: Ctx<O>, told?: Topology): void =>
    box.connect(state.outbox, neighbours(ctx, told), state.seen, ctx);
  const learn = (state: State, values: readonly Value[], ctx: Ctx<O>, source?: NodeId): void => {
    const news = values.filter((value) => !state.seen.has(value));
    for (const value of news) state.seen.add(value);
    box.post(state.outbox, news, (peer) => peer === source, waitUs(ctx), ctx);
  };
  return {
    ...named,
    init(ctx) {
      const state: State = { seen: new Set(), outbox: new Map() };
      connect(state, ctx);
      return state;
    },
    on: {
      topology(state, message, ctx) {
        ctx.reply(message, { type: 'topology_ok' });
        connect(state, ctx, message.body);
      },
      broadcast(state, message, ctx) {
        ctx.reply(message, { type: 'broadcast_ok' });
        learn(state, [message.body.message], ctx);
      },
      gossip(state, { src, body }, ctx) {
        ctx.send(src, { type: 'gossip_ok', messages: body.messages });
        box.offered(state.outbox, src, body.messages);
        learn(state, body.messages, ctx, src);
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
}
