// The broken twin of `unique-ids/counter`: ids of node name and count alone. The count is in memory
// only, so after a crash the node counts from 1 again and hands out every id a second time.
//
// Survives partitions and clock faults; not a single crash.
import type { Protocol } from '../../node/protocol.js';
import type { Bodies } from './bodies.js';

interface State {
  count: number;
}

export const forgetful: Protocol<State, Bodies> = {
  name: 'unique-ids/forgetful',
  about: 'Broken: ids of node name and a count that a crash sets back to zero.',
  options: {},
  init: () => ({ count: 0 }),
  on: {
    generate(state, message, ctx) {
      state.count += 1;
      ctx.reply(message, { type: 'generate_ok', id: `${ctx.self}-${state.count}` });
    },
  },
};
