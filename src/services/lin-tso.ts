// Maelstrom's lin-tso: a timestamp oracle, which says 0, 1, 2 …, each once.
import type { Body } from '../node/message.js';
import type { Protocol } from '../node/protocol.js';

interface Ask extends Body {
  readonly type: 'ts';
}

interface AskOk extends Body {
  readonly type: 'ts_ok';
  readonly ts: number;
}

interface State {
  next: number;
}

export const linTso: Protocol<State, Ask | AskOk> = {
  name: 'lin-tso',
  about: 'A timestamp oracle: 0, 1, 2 … without a gap, each once.',
  options: {},
  init: () => ({ next: 0 }),
  on: {
    ts(state, message, ctx) {
      ctx.reply(message, { type: 'ts_ok', ts: state.next });
      state.next += 1;
    },
  },
};
