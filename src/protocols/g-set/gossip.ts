// A grow-only set as a CRDT: nodes tell each other all that they have, and join what they hear.
// Source: Shapiro et al. 2011, specification 11; Maelstrom, doc/04-crdts, 01-g-set.
//
// Survives partitions, loss, duplicates and any order. What a node had told nobody when it crashed
// is gone.
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
  readonly elements: Set<Element>;
}

export const gossip: Protocol<State, Bodies, GossipTimer, GossipOptions> = {
  name: 'g-set/gossip',
  about: 'Nodes tell each other all elements every now and then, and join them.',
  options: gossipDefaults,
  problem: gossipProblem,
  init(ctx) {
    planGossip(ctx);
    return { elements: new Set() };
  },
  on: {
    add(state, message, ctx) {
      state.elements.add(message.body.element);
      ctx.reply(message, { type: 'add_ok' });
    },
    read(state, message, ctx) {
      ctx.reply(message, { type: 'read_ok', value: [...state.elements] });
    },
    gossip(state, { body }) {
      for (const element of body.elements) state.elements.add(element);
    },
  },
  timers: {
    gossip: (state, _, ctx) => tellAll({ type: 'gossip', elements: [...state.elements] }, ctx),
  },
};
