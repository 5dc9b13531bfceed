// A key-value store that is somebody else's: each node passes requests on to the service lin-kv, or
// to another that the option names, and its answers back. Maelstrom, demo/ruby/lin_kv_proxy.rb.
//
// Survives partitions between nodes, crashes of nodes, and lost messages: a read without an answer
// did nothing, of a write nobody knows. A message to the service that arrives twice writes twice,
// which no store survives that cannot tell.
import type { Message } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import {
  type Asker,
  answer,
  answers,
  askerOf,
  type CallOptions,
  type Calls,
  type CallTimer,
  call,
  callDefaults,
  callProblem,
  codes,
  type KvBodies,
  type KvRequest,
  noCalls,
} from '../calls.js';

interface Next {
  readonly asker: Asker;
  readonly asked: KvRequest['type'];
}

interface State {
  readonly calls: Calls<Next>;
}

interface Options extends CallOptions {
  /** The service that is asked. */
  readonly service: string;
}

type Ctx = Context<KvBodies, CallTimer, Options>;

const handlers = answers<Next, State, Ctx>((_, { asker, asked }, got, ctx) => {
  if (got.ok) {
    const value = asked === 'read' ? { value: got.value } : {};
    return answer<KvBodies>(asker, { type: `${asked}_ok`, ...value } as KvBodies, ctx);
  }
  const lostRead = got.code === codes.timeout && asked === 'read';
  const code = lostRead ? codes.unavailable : got.code;
  answer<KvBodies>(asker, { ...got, type: 'error', code } as KvBodies, ctx);
});

export const proxy: Protocol<State, KvBodies, CallTimer, Options> = {
  name: 'lin-kv/proxy',
  about: 'Passes every request on to a key-value service, lin-kv unless told otherwise.',
  options: { ...callDefaults, service: 'lin-kv' },
  problem: callProblem,
  init: (ctx) => ({ calls: noCalls(ctx) }),
  on: { ...handlers.on, read: pass, write: pass, cas: pass },
  timers: handlers.timers,
};

function pass({ calls }: State, message: Message<KvRequest>, ctx: Ctx): void {
  const { msg_id: _, ...request } = message.body;
  const next = { asker: askerOf(message), asked: request.type };
  call(calls, [ctx.options.service, request as KvRequest], next, ctx);
}
