// Ids from the wall clock: node, millisecond, number in that millisecond. This is Snowflake without
// its guard: whatever the clock shows is believed. When it jumps back, the node lives through the
// same milliseconds again and hands out their ids again.
//
// Survives partitions and crashes; not a clock that goes back (jump, or the end of an offset).
import type { Protocol } from '../../node/protocol.js';
import type { Bodies } from './bodies.js';
import { type Millisecond, millisecondOf, noMillisecond, tick } from './millisecond.js';

export const clock: Protocol<Millisecond, Bodies> = {
  name: 'unique-ids/clock',
  about: 'Broken: ids of node name and wall clock, which repeat when the clock goes back.',
  options: {},
  init: noMillisecond,
  on: {
    generate(state, message, ctx) {
      const { ms, sequence } = tick(state, millisecondOf(ctx.nowUs));
      ctx.reply(message, { type: 'generate_ok', id: `${ctx.self}-${ms}-${sequence}` });
    },
  },
};
