// A building block: what every node of a stream does for clients, whatever the stream does: it
// takes input to the log, finds out what became of input that nobody acknowledged, and, if it is
// the first member, tells what the sink shows.
import type { Body, Message, NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import { type Answer, type AskContext, type Asks, ask } from '../leaning/asks.js';

interface Input extends Body {
  readonly type: 'input';
  readonly id: string;
  readonly partition: unknown;
  readonly records: readonly unknown[];
}

interface Locate extends Body {
  readonly type: 'locate';
  readonly ids: readonly string[];
}

interface Outputs extends Body {
  readonly type: 'outputs';
}

interface Commits extends Body {
  readonly type: 'commits';
}

interface States extends Body {
  readonly type: 'states';
}

/** What clients ask. */
export type ClientBodies = Input | Locate | Outputs | Commits | States;

/** Who waits for what. */
export interface Gate {
  readonly do: 'gate';
  readonly reply: 'input_ok' | 'locate_ok' | 'outputs_ok' | 'commits_ok';
  readonly src: NodeId;
  readonly msgId: number | undefined;
}

interface GatewayOptions {
  readonly log: string;
  readonly sink: string;
  readonly askUs: number;
}

export const gatewayDefaults = { log: 'log', store: 'snapshot-store', sink: 'sink' };

interface GatewayContext extends AskContext {
  readonly options: GatewayOptions;
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
}

export function gateOf({ src, body }: Message, reply: Gate['reply']): Gate {
  return { do: 'gate', reply, src, msgId: body.msg_id };
}

interface Asking {
  // biome-ignore lint/suspicious/noExplicitAny: what else the node means to do is its own business.
  readonly asks: Asks<any>;
}

/** Handlers of what clients ask. */
export function gateway<
  S extends Asking,
  C extends GatewayContext = Context<never, never, never>,
>() {
  return {
    input({ asks }: S, message: Message<Input>, ctx: C): void {
      const { id, partition, records } = message.body;
      const body = { type: 'append', partition, records, id };
      ask(asks, [ctx.options.log, body], gateOf(message, 'input_ok'), ctx);
    },
    locate({ asks }: S, message: Message<Locate>, ctx: C): void {
      const { ids } = message.body;
      const gate = gateOf(message, 'locate_ok');
      if (ids.length === 0) return passOn(gate, { found: [] }, ctx);
      ask(asks, [ctx.options.log, { type: 'where', ids }], gate, ctx);
    },
    outputs({ asks }: S, message: Message<Outputs>, ctx: C): void {
      const gate = gateOf(message, 'outputs_ok');
      const { sink } = ctx.options;
      if (!isFirst(ctx)) return passOn(gate, { sink, from: 0, outputs: [] }, ctx);
      ask(asks, [sink, { type: 'shown', from: 0 }], gate, ctx);
    },
  };
}

/** Whether it is this node that tells what there is but once. */
export function isFirst({ self, nodes }: Pick<GatewayContext, 'self' | 'nodes'>): boolean {
  return nodes[0] === self;
}

/** A service has answered what a client waits for. */
export function passAnswer(gate: Gate, answer: Answer, ctx: GatewayContext): void {
  if (!answer.ok) return passError(gate, answer, ctx);
  const { body } = answer;
  switch (gate.reply) {
    case 'input_ok':
      return passOn(gate, { offset: body.offset }, ctx);
    case 'locate_ok':
      return passOn(gate, { found: body.found }, ctx);
    case 'outputs_ok':
      return passOn(gate, { sink: ctx.options.sink, from: 0, outputs: body.outputs }, ctx);
    case 'commits_ok':
      return passOn(gate, { commits: body.commits }, ctx);
  }
}

export function passOn(
  { reply, src, msgId }: Gate,
  fields: Readonly<Record<string, unknown>>,
  ctx: Pick<GatewayContext, 'send'>,
): void {
  const body = { type: reply, ...fields, ...(msgId !== undefined && { in_reply_to: msgId }) };
  ctx.send(src, body as never);
}

function passError(
  { src, msgId }: Gate,
  { code, text }: Extract<Answer, { ok: false }>,
  ctx: GatewayContext,
): void {
  const body = { type: 'error', code, text, ...(msgId !== undefined && { in_reply_to: msgId }) };
  ctx.send(src, body as never);
}
