// Flooding without a safety net: a node passes each new value on to its neighbours, all but the one
// it came from, once. Gossip Glomers 3b; Maelstrom, doc/03-broadcast, "Don't Broadcast Back".
//
// Survives duplicates, delays, reordering and pauses. A lost message is lost for everyone behind
// it, unless the topology has another way around: partitions, loss, broken connections and crashes
// leave values missing for ever.
import type { NodeId } from '../../node/message.js';
import type { Protocol } from '../../node/protocol.js';
import { type ClientBodies, neighboursOf, type Value } from './bodies.js';

interface State {
  neighbours: readonly NodeId[];
  readonly seen: Set<Value>;
}

export const flood: Protocol<State, ClientBodies> = {
  name: 'broadcast/flood',
  about: 'Broken: passes each new value on once and never again, whatever becomes of it.',
  options: {},
  init: () => ({ neighbours: [], seen: new Set() }),
  on: {
    topology(state, message, ctx) {
      state.neighbours = neighboursOf(message.body, ctx.self);
      ctx.reply(message, { type: 'topology_ok' });
    },
    broadcast(state, message, ctx) {
      const { msg_id, message: value } = message.body;
      // Among nodes a broadcast has no msg_id and wants no answer.
      if (msg_id !== undefined) ctx.reply(message, { type: 'broadcast_ok' });
      if (state.seen.has(value)) return;
      state.seen.add(value);
      for (const neighbour of state.neighbours) {
        if (neighbour !== message.src) ctx.send(neighbour, { type: 'broadcast', message: value });
      }
    },
    read(state, message, ctx) {
      ctx.reply(message, { type: 'read_ok', messages: [...state.seen] });
    },
  },
  milestones: { 'ten-values': (state) => state.seen.size >= 10 },
};
