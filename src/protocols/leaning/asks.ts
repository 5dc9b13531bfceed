// A building block: requests to services, asked again and again until they are answered, so what is
// asked must be harmless to ask twice. It is asked as it was at first, whatever has become of the
// state that it was made from. What the node means to do next is kept as plain data.
// Numbers of requests differ between the lives of a node, so an answer to a former life is
// nobody's.
//
//   ask(…, aim) ─▶ service ─▶ answer ─▶ resume(aim, answer)
//          ▲          (lost)
//          └── timer ──┘
import type { Micros } from '../../kernel/time.js';
import {
  asOfNow,
  type Body,
  type ErrorBody,
  type Message,
  type NodeId,
  numbered,
} from '../../node/message.js';
import type { Context, TimerId } from '../../node/protocol.js';

/** Open requests; `K` is what to do next, plain data. */
export interface Asks<K> {
  next: number;
  readonly open: Map<number, Ask<K>>;
}

interface Ask<K> {
  readonly service: NodeId;
  readonly body: Body;
  readonly aim: K;
  timer: TimerId;
}

/** A request has waited long enough to be made again. */
export interface AskTimer {
  readonly type: 'ask';
  readonly id: number;
}

/** How a request ended: an answer, whatever its fields are, or a refusal. */
export type Answer =
  | { readonly ok: true; readonly body: Body & Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly code: number; readonly text: string };

/** What a protocol that asks must give. */
export interface AskContext {
  readonly options: { readonly askUs: Micros };
  send(dest: NodeId, body: never): void;
  setTimer(timer: never, delayUs: Micros): TimerId;
  clearTimer(id: TimerId): void;
}

/** A request without an answer is made again after this, unless options say otherwise. */
export const askDefaults = { askUs: 250_000 };

/** No node makes so many requests in one life. */
const asksMax = 1_000_000_000;

/** No requests so far in this life of a node. */
export function noAsks<K>({ incarnation }: Pick<Context, 'incarnation'>): Asks<K> {
  return { next: incarnation * asksMax + 1, open: new Map() };
}

export function ask<K>(
  asks: Asks<K>,
  [service, body]: readonly [NodeId, Body & Readonly<Record<string, unknown>>],
  aim: K,
  ctx: AskContext,
): void {
  const id = asks.next++;
  const whole = numbered(body, id);
  asks.open.set(id, { service, body: asOfNow(whole), aim, timer: setAgain(id, ctx) });
  ctx.send(service, whole as never);
}

/** Forgets requests that nobody waits for any longer. */
export function forget<K>({ open }: Asks<K>, idle: (aim: K) => boolean, ctx: AskContext): void {
  for (const [id, { aim, timer }] of [...open]) {
    if (!idle(aim)) continue;
    ctx.clearTimer(timer);
    open.delete(id);
  }
}

/** To be called with every message that may be an answer; undefined: it is none, or a late one. */
export function answered<K>(
  { open }: Asks<K>,
  { body }: Message,
  ctx: AskContext,
): { readonly aim: K; readonly answer: Answer } | undefined {
  const id = body.in_reply_to ?? 0;
  const found = open.get(id);
  if (found === undefined) return undefined;
  open.delete(id);
  ctx.clearTimer(found.timer);
  return { aim: found.aim, answer: answerIn(body) };
}

/** To be called when an `ask` timer fires. */
export function askAgain<K>({ open }: Asks<K>, { id }: AskTimer, ctx: AskContext): void {
  const found = open.get(id);
  if (found === undefined) return;
  found.timer = setAgain(id, ctx);
  ctx.send(found.service, found.body as never);
}

export function answerIn(body: Body): Answer {
  if (body.type !== 'error') return { ok: true, body: body as never };
  const { code, text = '' } = body as ErrorBody;
  return { ok: false, code, text };
}

function setAgain(id: number, ctx: AskContext): TimerId {
  return ctx.setTimer({ type: 'ask', id } as never, ctx.options.askUs);
}

/** What services answer: the types that a protocol which leans on them handles. */
export const replyTypes = [
  ...['append_ok', 'fetch_ok', 'offsets_ok', 'where_ok'],
  ...['init_producer_ok', 'produce_ok', 'end_transaction_ok'],
  ...['put_ok', 'find_ok', 'rows_ok', 'drop_ok', 'archive_ok'],
  ...['emit_ok', 'prepare_ok', 'commit_ok', 'abort_ok', 'shown_ok', 'past_ok'],
  'error',
] as const;
