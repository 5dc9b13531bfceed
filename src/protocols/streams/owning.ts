// A building block: tasks that nodes take for themselves. Who creates a task's ephemeral node owns
// it; the number of that change is the owner's epoch, by which services refuse an owner that has
// been replaced. All others watch, so every node knows who owns what, or did a moment ago.
import type { Message, NodeId } from '../../node/message.js';
import {
  type Answer,
  type Asks,
  type AskTimer,
  answered,
  askAgain,
  forget,
  replyTypes,
} from '../leaning/asks.js';
import {
  beginTicks,
  connect,
  request,
  type Session,
  sessionHandlers,
  sessionReplyTypes,
} from '../leaning/session.js';
import { type Gate, gateOf, gateway, passAnswer, passOn } from './gateway.js';

/** What is known of who owns a task. */
export interface OwnAim {
  readonly do: 'own' | 'watch';
  readonly task: number;
}

interface Lean<K> {
  readonly session: Session<K>;
  readonly asks: Asks<unknown>;
}

type TaskContext = Parameters<typeof request>[3] & Parameters<typeof passAnswer>[2];

interface Owning<K> extends Lean<K> {
  readonly tasks: Map<number, unknown>;
}

/** What a node does with its tasks. */
interface Uses<S, K, C> {
  count(state: S, ctx: C): number;
  /** Whether a request is made in the name of a task. */
  isOfTask(aim: K): boolean;
  /** A task is this node's, in this epoch. */
  owned(state: S, task: number, epoch: number, ctx: C): void;
  /** Another node has a task. */
  elsewhere(state: S, task: number, node: NodeId): void;
  /** A service has answered what a task, or whoever reads for a client, has asked. */
  resume(state: S, aim: K, answer: Answer, ctx: C): void;
}

type Handler<S, C> = (state: S, message: Message, ctx: C) => void;

/**
 * Handlers of a node that has tasks, and loses them when its session ends: of what clients ask, of
 * what services answer. There are no snapshots to tell of.
 */
export function taskHandlers<K extends object, S extends Owning<K>, C extends TaskContext>(
  uses: Uses<S, K, C>,
): Record<'on' | 'timers', Readonly<Record<string, unknown>>> {
  const resume = (state: S, aim: K, answer: Answer, ctx: C): void =>
    resumeIn(uses, state, aim, answer, ctx);
  const session = sessionIn(uses, resume);
  const replied: Handler<S, C> = (state, message, ctx) => {
    if (session.replied(state, message, ctx)) return;
    const found = answered(state.asks, message, ctx);
    if (found !== undefined) resume(state, found.aim as K, found.answer, ctx);
  };
  const replies = [...replyTypes, ...sessionReplyTypes].map((type) => [type, replied] as const);
  return {
    on: {
      ...gateway<S, C>(),
      ...Object.fromEntries(replies),
      notify: session.notify,
      commits: (_: S, message: Message, ctx: C): void =>
        passOn(gateOf(message, 'commits_ok'), { commits: [] }, ctx),
    },
    timers: {
      ask: (state: S, timer: AskTimer, ctx: C): void => askAgain(state.asks, timer, ctx),
      session: session.ticked,
    },
  };
}

/** To be called at the start of a life. */
export function beginTasks<K>(state: Owning<K>, ctx: TaskContext): void {
  connect(state, ctx);
  beginTicks(ctx);
}

function resumeIn<K extends object, S extends Owning<K>, C extends TaskContext>(
  { owned, elsewhere, resume }: Uses<S, K, C>,
  state: S,
  aim: K,
  answer: Answer,
  ctx: C,
): void {
  const known = aim as K | Gate | OwnAim;
  if (!('do' in known)) return;
  if (known.do === 'gate') return passAnswer(known, answer, ctx);
  if (known.do !== 'own' && known.do !== 'watch') return resume(state, aim, answer, ctx);
  const owner = owning(state, known, answer, ctx);
  if (owner === undefined) return;
  if ('node' in owner) elsewhere(state, known.task, owner.node);
  else owned(state, known.task, owner.epoch, ctx);
}

function sessionIn<K extends object, S extends Owning<K>, C extends TaskContext>(
  { count, isOfTask }: Uses<S, K, C>,
  resume: Uses<S, K, C>['resume'],
) {
  return sessionHandlers<S, K, C>({
    of: (state) => state,
    connected: (state, ctx) => ownAll(state, count(state, ctx), ctx),
    expired(state, ctx) {
      state.tasks.clear();
      forget(state.asks as Asks<K>, isOfTask, ctx);
    },
    resume,
    told(state, { path, change }, ctx) {
      if (change === 'removed') own(state, Number(path.slice('/owners/'.length)), ctx);
      if (change !== 'lost') return;
      const all = count(state, ctx);
      for (let id = 0; id < all; id++) if (!state.tasks.has(id)) own(state, id, ctx);
    },
  });
}

/** Tries to own all tasks. Each node begins with another one, or the first would own them all. */
function ownAll<K>(lean: Lean<K | OwnAim>, count: number, ctx: TaskContext): void {
  const from = Math.max(0, ctx.nodes.indexOf(ctx.self));
  for (let i = 0; i < count; i++) own(lean, (from + i) % count, ctx);
}

function own<K>(lean: Lean<K | OwnAim>, task: number, ctx: TaskContext): void {
  const body = { type: 'create', path: `/owners/${task}`, value: ctx.self, ephemeral: true };
  request(lean, body, { do: 'own', task }, ctx);
}

/** Who owns a task: this node, in this epoch, or another one; undefined: nobody knows yet. */
type Owner = { readonly epoch: number } | { readonly node: NodeId } | undefined;

/** The coordination service has answered. */
function owning<K>(
  lean: Lean<K | OwnAim>,
  { do: asked, task }: OwnAim,
  answer: Answer,
  ctx: TaskContext,
): Owner {
  if (asked === 'own') {
    if (answer.ok) return { epoch: (answer.body.stat as { readonly czxid: number }).czxid };
    const body = { type: 'exists', path: `/owners/${task}`, watch: true };
    request(lean, body, { do: 'watch', task }, ctx);
    return undefined;
  }
  if (!answer.ok) return undefined;
  if (answer.body.stat !== undefined) return { node: String(answer.body.value) };
  own(lean, task, ctx); // It has gone in the meantime.
  return undefined;
}
