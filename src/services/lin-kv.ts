// Maelstrom's lin-kv: one store, one request after the other, so every answer is linearizable.
import type { Plain } from '../kernel/plain.js';
import type { Message } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';
import { type Found, type KvBodies, perform, type Request, slotOf } from './kv/requests.js';

interface State {
  readonly values: Map<Plain, Found>;
}

export const linKv: Protocol<State, KvBodies> = {
  name: 'lin-kv',
  about: 'A linearizable key-value store: read, write, cas.',
  options: {},
  init: () => ({ values: new Map() }),
  on: { read: serve, write: serve, cas: serve },
};

function serve({ values }: State, message: Message<Request>, ctx: Context<KvBodies>): void {
  const slot = slotOf(message.body.key);
  const { reply, change } = perform(message.body, values.get(slot));
  if (change !== undefined) values.set(slot, change);
  ctx.reply(message, reply);
}
