// A key-value store in one node's memory. Right where there is one node and it does not crash.
// BROKEN with more: each has a store of its own, and nobody tells. Maelstrom, doc/06-raft, 01-kv.
import type { Message } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import { codes, type KvBodies, type KvRequest } from '../calls.js';

interface State {
  readonly values: Map<unknown, unknown>;
}

type Ctx = Context<KvBodies>;

export const single: Protocol<State, KvBodies> = {
  name: 'lin-kv/single',
  about: 'Keeps registers in memory; linearizable with one node, broken with more.',
  options: {},
  init: () => ({ values: new Map() }),
  on: {
    read: ({ values }, message, ctx) => {
      const { key } = message.body;
      if (!values.has(key)) return refuse(message, codes.missing, ctx);
      ctx.reply(message, { type: 'read_ok', value: values.get(key) });
    },
    write: ({ values }, message, ctx) => {
      values.set(message.body.key, message.body.value);
      ctx.reply(message, { type: 'write_ok' });
    },
    cas: ({ values }, message, ctx) => {
      const { key, from, to } = message.body;
      if (!values.has(key)) return refuse(message, codes.missing, ctx);
      if (values.get(key) !== from) return refuse(message, codes.mismatch, ctx);
      values.set(key, to);
      ctx.reply(message, { type: 'cas_ok' });
    },
  },
};

function refuse(request: Message<KvRequest>, code: number, ctx: Ctx): void {
  ctx.reply(request, { type: 'error', code });
}
