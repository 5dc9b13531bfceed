// A building block: a session with a coordination service, as ZooKeeper's clients have it: one
// request after the other, pings in between, events in their order and before what they announce.
// When the service ends the session, all that hung on it is gone, and whoever has it begins anew.
import type { Micros } from '../../kernel/time.js';
import type { Body, Message, NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import { type Answer, type AskContext, type Asks, answerIn } from './asks.js';

/** A session, open or not; `K` is what to do after a request, plain data. */
export interface Session<K> {
  /** 0: not connected. */
  id: number;
  /** The service's life; another one knows of no watches. */
  life: number;
  /** Sessions that this life of the node has asked for. */
  connects: number;
  /** The last event seen. */
  seen: number;
  readonly queue: Queued<K>[];
  open: (Queued<K> & { readonly msgId: number; sentUs: Micros }) | undefined;
  /** When anything was last sent. */
  sentUs: Micros;
}

interface Queued<K> {
  readonly body: Body & Readonly<Record<string, unknown>>;
  /** Undefined: a ping. */
  readonly aim: K | undefined;
}

/** A change that a watch was set on; `lost`: all watches are gone. */
interface Told {
  readonly path: string;
  readonly change: 'created' | 'changed' | 'removed' | 'children' | 'lost';
}

/** What a node does with its session. */
interface Uses<S, K, C> {
  of(state: S): { readonly session: Session<K>; readonly asks: Asks<unknown> };
  connected(state: S, ctx: C): void;
  /** The service has ended the session: ephemeral nodes and watches are gone. */
  expired(state: S, ctx: C): void;
  resume(state: S, aim: K, answer: Answer, ctx: C): void;
  told(state: S, event: Told, ctx: C): void;
}

interface SessionOptions {
  /** The name of the service. */
  readonly coordination: string;
  readonly sessionUs: Micros;
  readonly askUs: Micros;
}

interface SessionContext extends AskContext {
  readonly options: SessionOptions;
  readonly self: NodeId;
  readonly incarnation: number;
  readonly nowUs: Micros;
}

export const sessionDefaults = { coordination: 'coordination', sessionUs: 1_000_000 };

const expiredCode = 14;

/** How many pings a session has in its time-out. */
const pingsPerTimeout = 4;

export function noSession<K>(): Session<K> {
  return { id: 0, life: 0, connects: 0, seen: 0, queue: [], open: undefined, sentUs: 0 };
}

interface Lean<K> {
  readonly session: Session<K>;
  readonly asks: Asks<unknown>;
}

/** Begins a session; to be called once in a life, and whenever one has expired. */
export function connect<K>({ session, asks }: Lean<K>, ctx: SessionContext): void {
  session.id = 0;
  session.seen = 0;
  session.connects += 1;
  session.queue.length = 0;
  const token = `${ctx.self}/${ctx.incarnation}/${session.connects}`;
  const { sessionUs } = ctx.options;
  const body = { type: 'connect', token, timeoutUs: sessionUs };
  session.open = undefined;
  send({ session, asks }, { body, aim: undefined }, ctx);
}

/** The ticks of a session: to be called once in a life. */
export function beginTicks(ctx: SessionContext): void {
  const { sessionUs, askUs } = ctx.options;
  const everyUs = Math.max(1, Math.min(Math.floor(sessionUs / pingsPerTimeout), askUs));
  ctx.setTimer({ type: 'session' } as never, everyUs);
}

/** Asks when everything before is answered. */
export function request<K>(
  lean: Lean<K>,
  body: Body & Readonly<Record<string, unknown>>,
  aim: K,
  ctx: SessionContext,
): void {
  const { session } = lean;
  session.queue.push({ body, aim });
  if (session.open === undefined && session.id !== 0) sendNext(lean, ctx);
}

/** Handlers of a protocol that has a session. */
export function sessionHandlers<S, K, C extends SessionContext = Context<never, never, never>>(
  uses: Uses<S, K, C>,
) {
  return {
    /** To be called with every message that may be an answer; false: it is none of ours. */
    replied(state: S, message: Message, ctx: C): boolean {
      const { open } = uses.of(state).session;
      if (open === undefined || message.body.in_reply_to !== open.msgId) return false;
      answerTo(uses, state, message.body, ctx);
      return true;
    },
    notify(state: S, { body }: Message, ctx: C): void {
      const { session } = uses.of(state);
      if ((body as Heard).session === session.id) hear(uses, state, body, ctx);
    },
    ticked(state: S, _: unknown, ctx: C): void {
      tick(uses.of(state), ctx);
      beginTicks(ctx);
    },
  };
}

function answerTo<S, K, C extends SessionContext>(
  uses: Uses<S, K, C>,
  state: S,
  body: Body,
  ctx: C,
): void {
  const lean = uses.of(state);
  const { session } = lean;
  const { open } = session;
  session.open = undefined;
  const answer = answerIn(body);
  if (!answer.ok && answer.code === expiredCode) {
    connect(lean, ctx);
    return uses.expired(state, ctx);
  }
  if (open?.body.type === 'connect' && answer.ok) {
    session.id = Number(answer.body.session);
    session.life = Number(answer.body.life);
    uses.connected(state, ctx);
  } else {
    hear(uses, state, body, ctx);
    if (open?.aim !== undefined) uses.resume(state, open.aim, answer, ctx);
  }
  if (session.open === undefined && session.id !== 0) sendNext(lean, ctx);
}

/** Events come before what they announce, each once. */
function hear<S, K, C extends SessionContext>(
  uses: Uses<S, K, C>,
  state: S,
  body: Body,
  ctx: C,
): void {
  const { session } = uses.of(state);
  const { life = session.life, events = [] } = body as Heard;
  if (life > session.life) {
    session.life = life;
    session.seen = 0;
    uses.told(state, { path: '', change: 'lost' }, ctx);
  }
  if (life < session.life) return;
  for (const { number, path, change } of events) {
    if (number <= session.seen) continue;
    session.seen = number;
    uses.told(state, { path, change }, ctx);
  }
}

interface Heard {
  readonly session?: number;
  readonly life?: number;
  readonly events?: readonly (Told & { readonly number: number })[];
}

function tick<K>(lean: Lean<K>, ctx: SessionContext): void {
  const { session } = lean;
  const { sessionUs, askUs } = ctx.options;
  const { open } = session;
  if (open !== undefined) {
    if (ctx.nowUs - open.sentUs < askUs && ctx.nowUs >= open.sentUs) return;
    open.sentUs = ctx.nowUs;
    session.sentUs = ctx.nowUs;
    ctx.send(ctx.options.coordination, bodyOf(session, open) as never);
    return;
  }
  const idleUs = ctx.nowUs - session.sentUs;
  if (idleUs >= 0 && idleUs < sessionUs / pingsPerTimeout) return;
  if (session.id !== 0) send(lean, { body: { type: 'ping' }, aim: undefined }, ctx);
}

function sendNext<K>(lean: Lean<K>, ctx: SessionContext): void {
  const next = lean.session.queue.shift();
  if (next !== undefined) send(lean, next, ctx);
}

function send<K>({ session, asks }: Lean<K>, queued: Queued<K>, ctx: SessionContext): void {
  session.open = { ...queued, msgId: asks.next++, sentUs: ctx.nowUs };
  session.sentUs = ctx.nowUs;
  ctx.send(ctx.options.coordination, bodyOf(session, session.open) as never);
}

function bodyOf<K>(
  { id, seen }: Session<K>,
  { body, msgId }: { readonly body: Body; readonly msgId: number },
): Body {
  return Object.assign({}, body, { session: id, seen, msg_id: msgId });
}

/** What a coordination service answers in a session. */
export const sessionReplyTypes = [
  ...['connect_ok', 'ping_ok', 'create_ok', 'set_ok', 'remove_ok', 'close_ok'],
  ...['look_ok', 'exists_ok', 'children_ok'],
] as const;
