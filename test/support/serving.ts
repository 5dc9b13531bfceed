// A service or node that stands alone and is asked one thing after the other: what it answers, and
// nothing of networks and time.
import { type Random, stream } from '../../src/kernel/random.js';
import type { Body, Message } from '../../src/node/message.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';

/** What comes back: whatever fields it has. */
type Reply = Body & Readonly<Record<string, unknown>>;

/** Asks as `src`; undefined: there was no answer. */
export type Ask = (
  src: string,
  body: Body & Readonly<Record<string, unknown>>,
) => Reply | undefined;

/** A fresh instance of `protocol` whose chance comes from `seed`. */
export function serving(protocol: AnyProtocol, seed = '1', options: object = {}): Ask {
  const random: Random = stream(seed, 'serving');
  const replies: Body[] = [];
  const ctx = {
    ...{ self: protocol.name, nodes: [], incarnation: 1, nowUs: 0, random },
    options: { ...protocol.options, ...options },
    reply: (_: Message, body: Body) => replies.push(body),
  } as unknown as Context;
  const state: unknown = protocol.init(ctx);
  return (src, body) => {
    const handler = protocol.on[body.type];
    handler?.(state, { src, dest: protocol.name, body }, ctx);
    return replies.pop() as Reply | undefined;
  };
}
