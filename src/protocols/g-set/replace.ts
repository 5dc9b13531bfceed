// BROKEN: as `g-set/gossip`, but what a node hears replaces what it has instead of being joined to
// it, as if the set were one value and the last message the newest. What was added meanwhile is
// lost.
import type { Protocol } from '../../node/protocol.js';
import {
  type GossipOptions,
  type GossipTimer,
  gossipDefaults,
  gossipProblem,
  planGossip,
  tellAll,
} from '../gossip.js';
import type { Bodies, Element } from './bodies.js';

interface State {
  elements: readonly Element[];
}

export const replace: Protocol<State, Bodies, GossipTimer, GossipOptions> = {
  name: 'g-set/replace',
  about: 'Broken: takes what it hears for the newest state, and forgets what it had.',
  options: gossipDefaults,
  problem: gossipProblem,
  init(ctx) {
    planGossip(ctx);
    return { elements: [] };
  },
  on: {
    add(state, message, ctx) {
      state.elements = [...state.elements, message.body.element];
      ctx.reply(message, { type: 'add_ok' });
    },
    read(state, message, ctx) {
      ctx.reply(message, { type: 'read_ok', value: state.elements });
    },
    gossip(state, { body }) {
      if (body.elements.length > 0) state.elements = body.elements;
    },
  },
  timers: {
    gossip: (state, _, ctx) => tellAll({ type: 'gossip', elements: state.elements }, ctx),
  },
};
