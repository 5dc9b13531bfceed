// Ids of three parts: node, incarnation, count. No two nodes share a name and no two lives of a
// node share an incarnation, so no message between nodes is needed.
//
// Survives everything: partitions (nodes never talk), crashes (the incarnation is another one),
// clock faults (no clock is read). A node outside this simulator has to keep its incarnation on
// disk, and to sync it before the first id of that life.
import type { Protocol } from '../../node/protocol.js';
import type { Bodies } from './bodies.js';

interface State {
  count: number;
}

export const counter: Protocol<State, Bodies> = {
  name: 'unique-ids/counter',
  about: 'Ids of node name, incarnation and a count; unique whatever happens.',
  options: {},
  init: () => ({ count: 0 }),
  on: {
    generate(state, message, ctx) {
      state.count += 1;
      const id = `${ctx.self}-${ctx.incarnation}-${state.count}`;
      ctx.reply(message, { type: 'generate_ok', id });
    },
  },
};
