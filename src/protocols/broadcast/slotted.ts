// Broadcast over a phase-slotted hub, without acknowledgements: two messages for each leaf and
// period, however many values there are; see slots.ts. It shows what the bare schedule costs.
//
// Survives duplicates, delays, reordering and pauses. What is lost on the way to or from the hub is
// lost for good; `broadcast/slotted-retry` sends it again.
import type { Body } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import type { ClientBodies, Value } from './bodies.js';
import type { Gossip } from './outbox.js';
import { type SlotOptions, slotDefaults, slotProblem, starPeers, untilSlotUs } from './slots.js';

interface State {
  readonly seen: Set<Value>;
  /** What the next slot will carry. */
  unsent: Value[];
}

type Bodies = ClientBodies | Gossip;
interface SlotTimer {
  readonly type: 'slot';
}
type Ctx = Context<Bodies | Body, SlotTimer, SlotOptions>;

export const slotted: Protocol<State, Bodies, SlotTimer, SlotOptions> = {
  name: 'broadcast/slotted',
  about: 'Broken: collects values at a hub in slots and hands them out, once and never again.',
  options: slotDefaults,
  problem: slotProblem,
  init: () => ({ seen: new Set(), unsent: [] }),
  on: {
    topology(_, message, ctx) {
      ctx.reply(message, { type: 'topology_ok' });
    },
    broadcast(state, message, ctx) {
      ctx.reply(message, { type: 'broadcast_ok' });
      learn(state, [message.body.message], true, ctx);
    },
    gossip(state, { src, body }, ctx) {
      learn(state, body.messages, src !== ctx.nodes[0], ctx);
    },
    read(state, message, ctx) {
      ctx.reply(message, { type: 'read_ok', messages: [...state.seen] });
    },
  },
  timers: {
    slot(state, _, ctx) {
      for (const peer of starPeers(ctx)) {
        ctx.send(peer, { type: 'gossip', messages: state.unsent });
      }
      state.unsent = [];
    },
  },
};

function learn(state: State, values: readonly Value[], passOn: boolean, ctx: Ctx): void {
  for (const value of values) {
    if (state.seen.has(value)) continue;
    state.seen.add(value);
    if (!passOn) continue;
    if (state.unsent.length === 0) ctx.setTimer({ type: 'slot' }, untilSlotUs(ctx));
    state.unsent.push(value);
  }
}
