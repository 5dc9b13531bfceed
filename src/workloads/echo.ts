// Maelstrom's echo: each client says something and wants to hear it back.
import { anything, completion } from './reply.js';
import type { Workload } from './workload.js';

/** Texts differ by a number below this, as in Maelstrom. */
const textCount = 128;

export const echo: Workload = {
  name: 'echo',
  about: 'Each request carries a text that the reply must repeat.',
  options: {},
  generator: {
    init: undefined,
    next: (state, ctx) => ({
      op: { f: 'echo', value: `Please echo ${ctx.random.below(textCount)}` },
      state,
    }),
  },
  request: (op) => ({ type: 'echo', echo: op.value }),
  complete: (_, reply) => completion(reply, 'echo_ok', { echo: anything }, ({ echo }) => echo),
  idempotent: [],
  checkers: ['echo'],
};
