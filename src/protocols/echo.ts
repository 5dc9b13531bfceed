// The smallest protocol: a node says back what it is told. It keeps nothing, so it survives
// everything but a lost message.
import type { Body } from '../node/message.js';
import type { Protocol } from '../node/protocol.js';

interface Echo extends Body {
  readonly type: 'echo';
  readonly echo: unknown;
}

interface EchoOk extends Body {
  readonly type: 'echo_ok';
  readonly echo: unknown;
}

type State = Readonly<Record<string, never>>;

export const echo: Protocol<State, Echo | EchoOk> = {
  name: 'echo',
  about: 'Answers every request with the text it carried.',
  options: {},
  init: () => ({}),
  on: {
    echo(_, message, ctx) {
      ctx.reply(message, { type: 'echo_ok', echo: message.body.echo });
    },
  },
};
