// A coordination service in ZooKeeper's manner: a tree of small nodes; sessions, which end when
// nothing is heard of them, and ephemeral nodes, which end with their session; watches, which are
// told of one change and must then be set again, so that changes in between are not seen; versions
// to compare and set by; the number of the change that created a node (czxid), by which a node that
// was deleted and created again is told from the one before. A session hears answers and events in
// their order, and events before what they announce. It is one node here, not an ensemble; what it
// says is on its disk. Sources: Hunt et al. 2010, "ZooKeeper: wait-free coordination for
// internet-scale systems", §2; streams of answers may be late (`slow`), as a loaded ensemble's are.
import type { Micros } from '../../kernel/time.js';
import type { Body, Message, NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import {
  type Asker,
  answer,
  append,
  askerOf,
  durable,
  recover,
  type Synced,
  type Wal,
} from '../wal.js';
import {
  type Close,
  type CoordinationBodies,
  type Create,
  type Look,
  type Remove,
  type Request,
  refusals,
  type SessionId,
  type SetValue,
  type WatchEvent,
} from './requests.js';
import {
  type Change,
  change,
  childrenOf,
  emptyTree,
  endSession,
  type Outcome,
  statOf,
  type Tell,
  type Tree,
  watch,
} from './tree.js';

interface Session {
  readonly node: NodeId;
  readonly token: string;
  readonly timeoutUs: Micros;
  heardUs: Micros;
  /** Events that the client may not have seen, oldest first. */
  events: WatchEvent[];
  eventNext: number;
  /** When the last answer leaves: none may overtake it. */
  leavesUs: Micros;
  /** The last request, by its number, and the answer to it once there is one. */
  last: { readonly msgId: number; readonly body: Body | undefined };
}

type Entry =
  | { readonly do: 'connect'; readonly node: NodeId; readonly token: string; timeoutUs: Micros }
  | { readonly do: 'end'; readonly session: SessionId }
  | {
      readonly do: 'change';
      readonly session: SessionId;
      readonly msgId: number;
      readonly change: Change;
    };

interface State {
  readonly wal: Wal<Entry>;
  readonly tree: Tree;
  readonly sessions: Map<SessionId, Session>;
  sessionNext: SessionId;
}

type Timers =
  | Synced
  | { readonly type: 'expiry'; readonly session: SessionId }
  | { readonly type: 'leave'; readonly asker: Asker; readonly body: Body };

interface Options {
  /** The share of answers and events that are late, and by how much at most. */
  readonly slowPpm: number;
  readonly delayUs: Micros;
}

type Ctx = Context<CoordinationBodies, Timers, Options>;

export const coordination: Protocol<State, CoordinationBodies, Timers, Options> = {
  name: 'coordination',
  about:
    'A tree of nodes in the manner of ZooKeeper: sessions, ephemeral nodes, watches, versions.',
  options: { slowPpm: 0, delayUs: 0 },
  init(ctx) {
    const { wal, entries } = recover<Entry>(ctx);
    const state: State = { wal, tree: emptyTree(), sessions: new Map(), sessionNext: 1 };
    for (const entry of entries) apply(state, entry, undefined, ctx);
    for (const session of state.sessions.values()) session.events = [];
    return state;
  },
  on: {
    connect(state, message, ctx) {
      const { token, timeoutUs } = message.body;
      const known = sessionWith(state, token);
      if (known !== undefined) return welcome(known, askerOf(message), ctx);
      const entry = { do: 'connect', node: message.src, token, timeoutUs } as const;
      append(state.wal, entry, askerOf(message), ctx);
    },
    ping: (state, message, ctx) => {
      if (!hears(state, message, ctx)) return;
      reply(state, message.body.session, askerOf(message), { type: 'ping_ok' }, ctx);
    },
    create: changing,
    set: changing,
    remove: changing,
    look,
    exists: look,
    children: look,
    close(state, message, ctx) {
      if (!hears(state, message, ctx)) return;
      append(state.wal, { do: 'end', session: message.body.session }, askerOf(message), ctx);
    },
    past({ tree }, message, ctx) {
      const values = tree.past.get(message.body.path) ?? [];
      ctx.reply(message, { type: 'past_ok', values });
    },
  },
  timers: {
    synced(state, timer, ctx) {
      for (const { entry, asker } of durable(state.wal, timer)) apply(state, entry, asker, ctx);
    },
    expiry({ wal, sessions }, { session }, ctx) {
      const found = sessions.get(session);
      if (found === undefined) return;
      const leftUs = found.heardUs + found.timeoutUs - ctx.nowUs;
      if (leftUs > 0) ctx.setTimer({ type: 'expiry', session }, leftUs);
      else append(wal, { do: 'end', session }, undefined, ctx);
    },
    leave: (_, { asker, body }, ctx) => answer(asker, body, ctx),
  },
};

function apply(state: State, entry: Entry, asker: Asker | undefined, ctx: Ctx): void {
  switch (entry.do) {
    case 'connect': {
      const { node, token, timeoutUs } = entry;
      const known = sessionWith(state, token);
      if (known !== undefined) return welcome(known, asker, ctx);
      const id = state.sessionNext++;
      const fresh = { heardUs: ctx.nowUs, events: [], eventNext: 1, leavesUs: 0 };
      const last = { msgId: -1, body: undefined };
      state.sessions.set(id, { node, token, timeoutUs, ...fresh, last });
      ctx.setTimer({ type: 'expiry', session: id }, timeoutUs);
      return welcome(id, asker, ctx);
    }
    case 'end': {
      const ended = state.sessions.get(entry.session);
      if (ended === undefined) return;
      if (asker !== undefined) reply(state, entry.session, asker, { type: 'close_ok' }, ctx);
      state.sessions.delete(entry.session);
      return endSession(state.tree, entry.session, tellIn(state, ctx));
    }
    case 'change': {
      const session = state.sessions.get(entry.session);
      if (session === undefined) return expired(asker, ctx);
      const outcome = change(state.tree, entry.change, tellIn(state, ctx));
      const body = bodyOf(entry.change.do, outcome);
      session.last = { msgId: entry.msgId, body };
      return reply(state, entry.session, asker, body, ctx);
    }
  }
}

function sessionWith({ sessions }: State, token: string): SessionId | undefined {
  return [...sessions].find(([, session]) => session.token === token)?.[0];
}

function bodyOf(type: Change['do'], outcome: Outcome): Body {
  if (outcome.ok)
    return { type: `${type}_ok`, ...(outcome.stat && { stat: outcome.stat }) } as Body;
  return { type: 'error', code: outcome.code, text: outcome.text } as Body;
}

function changing(state: State, message: Message<Create | SetValue | Remove>, ctx: Ctx): void {
  if (!hears(state, message, ctx)) return;
  const { body } = message;
  const { session, path } = body;
  const wanted: Change =
    body.type === 'create'
      ? { do: 'create', session, path, value: body.value, ephemeral: body.ephemeral }
      : body.type === 'set'
        ? { do: 'set', path, value: body.value, version: body.version }
        : { do: 'remove', path, version: body.version };
  const msgId = body.msg_id ?? -1;
  append(state.wal, { do: 'change', session, msgId, change: wanted }, askerOf(message), ctx);
}

function look(state: State, message: Message<Look>, ctx: Ctx): void {
  if (!hears(state, message, ctx)) return;
  const { type, session, path, watch: wanted } = message.body;
  const { tree } = state;
  const asker = askerOf(message);
  if (type === 'children') {
    if (wanted) watch(tree.childWatches, path, session);
    const children = childrenOf(tree, path).map(([name, node]) => {
      return { name, value: node.value, stat: statOf(node) };
    });
    return reply(state, session, asker, { type: 'children_ok', children } as Body, ctx);
  }
  const found = tree.nodes.get(path);
  if (wanted && (found !== undefined || type === 'exists')) {
    watch(tree.dataWatches, path, session);
  }
  if (found === undefined && type === 'look') {
    const text = `there is no ${path}`;
    const body = { type: 'error', code: refusals.missing, text } as Body;
    return reply(state, session, asker, body, ctx);
  }
  const about = found && { value: found.value, stat: statOf(found) };
  reply(state, session, asker, { type: `${type}_ok`, ...about } as Body, ctx);
}

/** Whether the session lives, as it has just shown, and asks for something new. */
function hears(state: State, message: Message<Request | Close>, ctx: Ctx): boolean {
  const session = state.sessions.get(message.body.session);
  if (session === undefined) {
    expired(askerOf(message), ctx);
    return false;
  }
  session.heardUs = ctx.nowUs;
  const { session: id, seen, msg_id: msgId = -1 } = message.body;
  session.events = session.events.filter(({ number }) => number > seen);
  if (msgId < 0) return true;
  if (msgId > session.last.msgId) {
    session.last = { msgId, body: undefined };
    return true;
  }
  // The network's copy, or the client asks again. What is under way will be answered.
  const { last } = session;
  if (msgId === last.msgId && last.body !== undefined) {
    reply(state, id, askerOf(message), last.body, ctx);
  }
  return false;
}

function expired(asker: Asker | undefined, ctx: Ctx): void {
  answer(asker, { type: 'error', code: refusals.expired, text: 'session expired' } as Body, ctx);
}

function welcome(session: SessionId, asker: Asker | undefined, ctx: Ctx): void {
  answer(asker, { type: 'connect_ok', session, life: ctx.incarnation } as Body, ctx);
}

function tellIn(state: State, ctx: Ctx): Tell {
  return (id, event) => {
    const session = state.sessions.get(id);
    if (session === undefined) return;
    session.events.push(Object.assign({}, event, { number: session.eventNext++ }));
    const told = { type: 'notify', session: id } as Body;
    reply(state, id, { src: session.node, msgId: undefined }, told, ctx);
  };
}

/** Answers leave in their order, the late ones before those that come after them. */
function reply(state: State, id: SessionId, asker: Asker | undefined, body: Body, ctx: Ctx): void {
  const session = state.sessions.get(id);
  if (asker === undefined || session === undefined) return;
  const { nowUs, options, random } = ctx;
  const slow = options.slowPpm > 0 && options.delayUs > 0 && random.chance(options.slowPpm);
  const wantedUs = nowUs + (slow ? random.below(options.delayUs) : 0);
  // However its clock jumps: nothing waits longer than that.
  session.leavesUs = Math.min(Math.max(session.leavesUs, wantedUs), nowUs + options.delayUs);
  if (session.last.msgId === asker.msgId) session.last = { ...session.last, body };
  const whole = Object.assign({}, body, { events: [...session.events], life: ctx.incarnation });
  if (session.leavesUs <= nowUs) return answer(asker, whole, ctx);
  ctx.setTimer({ type: 'leave', asker, body: whole }, session.leavesUs - nowUs);
}
