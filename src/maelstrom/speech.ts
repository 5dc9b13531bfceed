// What hosted programs say goes to the network, and to the judge of their conduct: the same way for
// programs behind pipes and for those in-process.
import type { Message, NodeId } from '../node/message.js';
import type { Context } from '../node/protocol.js';
import type { Conduct, Utterance } from './conduct.js';
import { type Spoken, spokenFor } from './line.js';

/** Who hears the programs of one world. */
export interface Audience {
  readonly conduct: Conduct;
  /** Whom nodes can talk to beside each other and clients. */
  readonly services: readonly NodeId[];
}

type Mouth = Pick<Context<Message['body']>, 'self' | 'nodes' | 'send'>;

/**
 * Sends what a program has said. It may speak in another's name, as Maelstrom lets it: other nodes
 * are told that name, and answer it; clients do not look, and services answer who has sent it.
 */
export function say(message: Spoken, said: Utterance, ctx: Mouth, audience: Audience): void {
  const { src, dest, body } = message;
  const { conduct, services } = audience;
  const foreign = src !== ctx.self;
  if (foreign) conduct.note('foreign', said, `it is said in the name of ${src}`);
  if (conduct.isClient(dest)) {
    conduct.answered(dest, body.in_reply_to, said);
  } else if (!ctx.nodes.includes(dest)) {
    if (!services.includes(dest)) conduct.note('nobody', said, `there is no ${dest}`);
  } else if (foreign) {
    ctx.send(dest, spokenFor(body, src));
    return;
  }
  ctx.send(dest, body);
}

/** Notes what a client asks of a program; false: it is no client that asks. */
export function hear({ src, body }: Message, ctx: Mouth, audience: Audience): boolean {
  const { conduct, services } = audience;
  const fromClient = src.startsWith('c') && !ctx.nodes.includes(src) && !services.includes(src);
  if (fromClient) conduct.asked(src, body.msg_id, body.type);
  return fromClient;
}
