// Snowflake: ids of node, millisecond and number in it, with the guard of the original: a node
// whose clock shows less than it has shown before refuses to make ids until it has caught up.
// Source: Twitter's Snowflake (2010), IdWorker: "clock is moving backwards, rejecting requests".
//
// Survives partitions, clock jumps, and crashes; not a crash and a jump back together, because what
// the clock had shown is in memory only. While it refuses, it is not available.
import type { Protocol } from '../../node/protocol.js';
import type { Bodies } from './bodies.js';
import { type Millisecond, millisecondOf, noMillisecond, tick } from './millisecond.js';

/** Maelstrom's `temporarily-unavailable`, a definite failure. */
const unavailable = 11;

export const snowflake: Protocol<Millisecond, Bodies> = {
  name: 'unique-ids/snowflake',
  about: 'Ids of node name and wall clock; refuses while its clock is behind.',
  options: {},
  init: noMillisecond,
  on: {
    generate(state, message, ctx) {
      const ms = millisecondOf(ctx.nowUs);
      if (ms < state.ms) {
        const text = `the clock went back by ${state.ms - ms} ms`;
        ctx.reply(message, { type: 'error', code: unavailable, text });
        return;
      }
      const { sequence } = tick(state, ms);
      ctx.reply(message, { type: 'generate_ok', id: `${ctx.self}-${ms}-${sequence}` });
    },
  },
  milestones: { started: (state) => state.ms >= 0 },
};
