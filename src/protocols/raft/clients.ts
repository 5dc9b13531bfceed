// Clients (chapter 6): any node takes their requests, passes them to the leader, and again until
// there is an answer, which is safe because a command is executed once (§6.3).
import type { Message, NodeId } from '../../node/message.js';
import type { KvRequest } from '../calls.js';
import type { Ctx, Propose, Proposed, ReadIndex } from './bodies.js';
import type { Command } from './log.js';
import { resultOf } from './machine.js';
import { beginRead } from './reads.js';
import { answerCommand, answerRead, giveUp } from './requests.js';
import { appendAndSend } from './send.js';
import type { Request, State } from './state.js';

/** A client asks for something. Of two copies of a request one is enough. */
export function ask(state: State, { src, body }: Message<KvRequest>, ctx: Ctx): void {
  const seq = body.msg_id ?? 0;
  const known = state.requests.get(src);
  if (known !== undefined && known.seq >= seq) return;
  const request = requestOf(body, seq);
  if (ctx.options.reads === 'local' && request.f === 'read') {
    return answerRead(state, src, request, ctx);
  }
  state.requests.set(src, request);
  pass(state, src, request, ctx);
  if (state.retrying) return;
  state.retrying = true;
  ctx.setTimer({ type: 'retry' }, ctx.options.retryUs);
}

function requestOf(body: KvRequest, seq: number): Request {
  const { type: f, key } = body;
  const from = f === 'cas' ? body.from : null;
  const to = f === 'cas' ? body.to : f === 'write' ? body.value : null;
  return { seq, f, key, from, to, tries: 0, index: undefined };
}

/** Passes a request to the leader, if one is known. */
function pass(state: State, client: NodeId, request: Request, ctx: Ctx): void {
  const { leader, self } = state;
  const { seq, f, key, from, to, index } = request;
  if (leader === undefined || index !== undefined) return;
  if (f === 'read') {
    if (leader === self) return beginRead(state, { client, seq, via: self }, ctx);
    return ctx.send(leader, { type: 'read-index', client, seq });
  }
  const command: Command = { client, seq, f, key, from, to };
  if (leader === self) return take(state, command, self, ctx);
  ctx.send(leader, { type: 'propose', command });
}

/** All that waits is passed on, to another leader perhaps. */
export function passAll(state: State, ctx: Ctx): void {
  for (const [client, request] of state.requests) pass(state, client, request, ctx);
}

export function retry(state: State, ctx: Ctx): void {
  for (const [client, request] of state.requests) {
    request.tries++;
    if (request.tries >= ctx.options.triesMax) giveUp(state, client, request, ctx);
    else pass(state, client, request, ctx);
  }
  state.retrying = state.requests.size > 0;
  if (state.retrying) ctx.setTimer({ type: 'retry' }, ctx.options.retryUs);
}

export function propose(state: State, { src, body }: Message<Propose>, ctx: Ctx): void {
  take(state, body.command, src, ctx);
}

/** §6.3: what has been executed is answered from its session; what is in the log is not added. */
function take(state: State, command: Command, via: NodeId, ctx: Ctx): void {
  const { lead, term, machine } = state;
  const { client, seq } = command;
  if (lead === undefined || lead.transfer !== undefined) return; // §3.10: it is about to stop.
  if (ctx.options.sessions) {
    const result = resultOf(machine, client, seq);
    if (result !== undefined) return tellResult(state, { client, seq, result }, via, ctx);
    const open = lead.proposals.get(client);
    if (open?.seq === seq) {
      open.via = via;
      return;
    }
  }
  lead.proposals.set(client, { seq, via });
  appendAndSend(state, { term, kind: 'command', command }, ctx);
}

function tellResult(state: State, told: Omit<Proposed, 'type'>, via: NodeId, ctx: Ctx): void {
  if (via === state.self) return answerCommand(state, told, ctx);
  ctx.send(via, { type: 'proposed', ...told });
}

export function proposed(state: State, { body }: Message<Proposed>, ctx: Ctx): void {
  answerCommand(state, body, ctx);
}

export function readIndex(state: State, { src, body }: Message<ReadIndex>, ctx: Ctx): void {
  beginRead(state, { client: body.client, seq: body.seq, via: src }, ctx);
}
