// Ids of 128 random bits, as a UUID of version 4 (122 of them are random there). Nothing is kept
// and nothing is agreed on: two ids are the same with a chance of one in 2^128 a pair.
//
// Survives everything, as far as chance is good.
import type { Context, Protocol } from '../../node/protocol.js';
import type { Bodies } from './bodies.js';

type State = Readonly<Record<string, never>>;

export const random: Protocol<State, Bodies> = {
  name: 'unique-ids/random',
  about: 'Ids of 128 random bits, as UUIDs; unique as far as chance is good.',
  options: {},
  init: () => ({}),
  on: {
    generate(_, message, ctx) {
      ctx.reply(message, { type: 'generate_ok', id: randomId(ctx.random) });
    },
  },
};

function randomId(chance: Context['random']): string {
  const words = Array.from({ length: 8 }, () => chance.below(0x1_0000));
  return words.map((word) => word.toString(16).padStart(4, '0')).join('');
}
