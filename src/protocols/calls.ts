// A building block: requests that a node makes to services, each of which is answered or
// given up once, and what the node meant to do next, kept as plain data. Numbers of requests differ
// between the lives of a node, so an answer to a former life is nobody's.
//
//   call(…, then) ─▶ service ─▶ answer ─▶ resume(then, answer)
//              └──▶ timer ──▶ given up ─▶ resume(then, { ok: false, code: 0 })
import { assert } from '../kernel/assert.js';
import type { Micros } from '../kernel/time.js';
import {
  answering,
  type Body,
  type ErrorBody,
  type Message,
  type NodeId,
  numbered,
} from '../node/message.js';
import type { Context, OptionProblem, TimerId } from '../node/protocol.js';

interface KvRead extends Body {
  readonly type: 'read';
  readonly key: unknown;
}

interface KvReadOk extends Body {
  readonly type: 'read_ok';
  readonly value: unknown;
}

interface KvWrite extends Body {
  readonly type: 'write';
  readonly key: unknown;
  readonly value: unknown;
}

interface KvWriteOk extends Body {
  readonly type: 'write_ok';
}

interface KvCas extends Body {
  readonly type: 'cas';
  readonly key: unknown;
  readonly from: unknown;
  readonly to: unknown;
  readonly create_if_not_exists?: boolean;
}

interface KvCasOk extends Body {
  readonly type: 'cas_ok';
}

interface Ts extends Body {
  readonly type: 'ts';
}

interface TsOk extends Body {
  readonly type: 'ts_ok';
  readonly ts: number;
}

export type KvRequest = KvRead | KvWrite | KvCas;

/** What nodes and key-value services say to each other. */
export type KvBodies = KvRequest | KvReadOk | KvWriteOk | KvCasOk | ErrorBody;

/** What nodes and the timestamp oracle say to each other. */
export type TsBodies = Ts | TsOk | ErrorBody;

type Request = KvRequest | Ts;
type Reply = Exclude<KvBodies | TsBodies, Request>;

/** A call has waited long enough. */
export interface CallTimer {
  readonly type: 'call';
  readonly id: number;
}

export interface CallOptions {
  /** An answer that takes longer never comes. */
  readonly callTimeoutUs: Micros;
}

export const callDefaults: CallOptions = { callTimeoutUs: 500_000 };

export function callProblem({ callTimeoutUs }: CallOptions): OptionProblem | undefined {
  if (callTimeoutUs >= 1_000) return undefined;
  return { option: 'callTimeoutUs', expected: 'at least 1ms' };
}

/** Open calls; `K` is what to do next, plain data. */
export interface Calls<K> {
  next: number;
  readonly open: Map<number, { readonly then: K; readonly timer: TimerId }>;
}

/** How a call ended: with the value or timestamp asked for, or a code; 0: no answer. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: number; readonly text?: string };

/** What Maelstrom's codes mean here. */
export const codes = {
  timeout: 0,
  unavailable: 11,
  malformed: 12,
  missing: 20,
  mismatch: 22,
  conflict: 30,
} as const;

/** No node makes so many calls in one life. */
const callsMax = 1_000_000_000;

/** No calls so far in this life of a node. */
export function noCalls<K>({ incarnation }: Pick<Context, 'incarnation'>): Calls<K> {
  return { next: incarnation * callsMax + 1, open: new Map() };
}

interface CallContext {
  readonly options: CallOptions;
  /** Any protocol's: what it sends is wider or narrower than our requests. */
  send(dest: NodeId, body: never): void;
  setTimer(timer: CallTimer, delayUs: Micros): TimerId;
}

/** Asks a service, and remembers what for. */
export function call<K>(
  calls: Calls<K>,
  [service, body]: readonly [NodeId, Request],
  then: K,
  ctx: CallContext,
): void {
  const id = calls.next++;
  const timer = ctx.setTimer({ type: 'call', id }, ctx.options.callTimeoutUs);
  calls.open.set(id, { then, timer });
  ctx.send(service, numbered(body, id) as never);
}

/** A state with open calls. */
interface Calling<K> {
  readonly calls: Calls<K>;
}

type Resume<S, K, C> = (state: S, then: K, answer: Answer, ctx: C) => void;

/** Handlers for a protocol that calls: `resume` goes on after each answer. */
export function answers<
  K,
  S extends Calling<K>,
  C extends { clearTimer(id: TimerId): void } = Context<KvBodies, CallTimer, CallOptions>,
>(resume: Resume<S, K, C>) {
  const answered = (state: S, { body }: Message<Reply>, ctx: C): void => {
    const id = body.in_reply_to ?? 0;
    const open = state.calls.open.get(id);
    if (open === undefined) return; // It came late, or twice.
    state.calls.open.delete(id);
    ctx.clearTimer(open.timer);
    resume(state, open.then, answerIn(body), ctx);
  };
  const expired = (state: S, { id }: CallTimer, ctx: C): void => {
    const open = state.calls.open.get(id);
    assert(open !== undefined, 'a call that was answered has no timer', { id });
    state.calls.open.delete(id);
    resume(state, open.then, { ok: false, code: codes.timeout }, ctx);
  };
  return {
    on: {
      ...{ read_ok: answered, write_ok: answered, cas_ok: answered, ts_ok: answered },
      error: answered,
    },
    timers: { call: expired },
  };
}

function answerIn(body: Reply): Answer {
  switch (body.type) {
    case 'error':
      return { ok: false, code: body.code, ...(body.text !== undefined && { text: body.text }) };
    case 'read_ok':
      return { ok: true, value: body.value };
    case 'ts_ok':
      return { ok: true, value: body.ts };
    default:
      return { ok: true, value: undefined };
  }
}

/** Who waits for an answer of ours: a message without what it says. */
export interface Asker {
  readonly src: NodeId;
  readonly msgId: number | undefined;
}

export function askerOf({ src, body }: Message): Asker {
  return { src, msgId: body.msg_id };
}

/** Answers somebody whose message was kept no longer than that. */
export function answer<B extends Body>(
  { src, msgId }: Asker,
  body: B,
  ctx: { send(dest: NodeId, body: B): void },
): void {
  ctx.send(src, msgId === undefined ? body : answering(body, msgId));
}
