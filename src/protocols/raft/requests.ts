// What clients of this node wait for: the node answers when it learns what became of it.
import { answering, type NodeId } from '../../node/message.js';
import { codes, type KvBodies } from '../calls.js';
import type { Ctx } from './bodies.js';
import type { Result } from './machine.js';
import type { Request, State } from './state.js';

interface Outcome {
  readonly client: NodeId;
  readonly seq: number;
  readonly result: Result;
}

/** A command has been executed; its client may have been told already. */
export function answerCommand({ requests }: State, outcome: Outcome, ctx: Ctx): void {
  const { client, seq, result } = outcome;
  const request = requests.get(client);
  if (request?.seq !== seq) return;
  requests.delete(client);
  const body = { type: `${request.f}_ok` } as KvBodies;
  reply(client, seq, result === 0 ? body : { type: 'error', code: result }, ctx);
}

/** §6.4: reads whose index has been applied are answered from this state machine. */
export function answerReads(state: State, ctx: Ctx): void {
  for (const [client, request] of state.requests) {
    const { index } = request;
    if (index === undefined || index > state.applied) continue;
    state.requests.delete(client);
    state.served.push({ client, seq: request.seq, index, applied: state.applied });
    answerRead(state, client, request, ctx);
  }
}

export function answerRead({ machine }: State, client: NodeId, read: Request, ctx: Ctx): void {
  const { key, seq } = read;
  const { values } = machine;
  if (!values.has(key)) return reply(client, seq, { type: 'error', code: codes.missing }, ctx);
  reply(client, seq, { type: 'read_ok', value: values.get(key) }, ctx);
}

/** Nobody has answered for a long time. A read has certainly not happened; a command may yet. */
export function giveUp(state: State, client: NodeId, { f, seq }: Request, ctx: Ctx): void {
  state.requests.delete(client);
  const code = f === 'read' ? codes.unavailable : codes.timeout;
  reply(client, seq, { type: 'error', code }, ctx);
}

function reply(client: NodeId, seq: number, body: KvBodies, ctx: Ctx): void {
  ctx.send(client, answering(body, seq));
}
