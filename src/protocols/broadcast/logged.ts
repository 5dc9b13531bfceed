// A building block: flooding with retries by nodes that write every value to their disk. Values are
// written and synced in groups, one group at a time (group commit); once a group is durable its
// values are held, can be read and go to the neighbours. After a crash a node holds what its disk
// holds and owes all of it to its neighbours.
//
// When a value is acknowledged, to a client or to a neighbour, is the one thing left open:
// `broadcast/durable` waits for the sync, `broadcast/unsynced` does not.
import type { Micros } from '../../kernel/time.js';
import type { Message, NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import { type Broadcast, type ClientBodies, neighboursOf, type Value } from './bodies.js';
import * as box from './outbox.js';

/** Who wants to hear that a value is durable. */
interface Waiting {
  readonly clients: Message<Broadcast>[];
  readonly neighbours: Set<NodeId>;
}

interface State {
  /** Durable values. */
  readonly held: Set<Value>;
  /** Values that no completed sync has made durable. */
  readonly unsynced: Map<Value, Waiting>;
  /** `failed`: the disk did, and `unsynced` is written again when the commit timer fires. */
  disk: 'idle' | 'syncing' | 'failed';
  readonly outbox: box.Outbox;
}

/** The disk has these values for good. */
interface Synced {
  readonly type: 'synced';
  readonly values: readonly Value[];
}

interface CommitTimer {
  readonly type: 'commit';
}

interface DiskOptions {
  /** How long a node leaves a disk alone that failed. */
  readonly diskRetryUs: Micros;
}

type Bodies = ClientBodies | box.Gossip | box.GossipOk;
type Timers = box.FlushTimer | box.RetryTimer | Synced | CommitTimer;
type Options = box.RetryOptions & DiskOptions;
type Ctx = Context<Bodies, Timers, Options>;
export type LoggedProtocol = Protocol<State, Bodies, Timers, Options>;

interface Variant {
  readonly name: string;
  readonly about: string;
  /** What must be true of a value before anybody is told that it is safe here. */
  readonly acknowledge: 'when-synced' | 'when-received';
}

/** A protocol that differs from others made here in `acknowledge` alone. */
export function loggedBroadcast({ name, about, acknowledge }: Variant): LoggedProtocol {
  const early = acknowledge === 'when-received';
  return {
    name,
    about,
    options: { ...box.retryDefaults, diskRetryUs: 250_000 },
    problem: box.retryProblem,
    init: recover,
    on: handlers(early),
    timers: {
      retry: (state, timer, ctx) => box.retry(state.outbox, timer, ctx),
      synced: (state, { values }, ctx) => synced(state, values, early, ctx),
      commit(state, _, ctx) {
        state.disk = 'idle';
        commit(state, ctx);
      },
    },
    diskFailed(state, _, error, ctx) {
      ctx.note(`disk ${error}, unsynced: ${state.unsynced.size}`);
      state.disk = 'failed';
      ctx.setTimer({ type: 'commit' }, ctx.options.diskRetryUs);
    },
    invariant: (state) => box.assertSound(state.outbox, state.held),
    milestones: {
      syncing: (state) => state.disk === 'syncing',
      'ten-values': (state) => state.held.size >= 10,
    },
  };
}

const handlers = (early: boolean): LoggedProtocol['on'] => ({
  topology(state, message, ctx) {
    ctx.reply(message, { type: 'topology_ok' });
    box.connect(state.outbox, neighboursOf(message.body, ctx.self), state.held, ctx);
  },
  broadcast(state, message, ctx) {
    const value = message.body.message;
    const known = state.held.has(value);
    if (known || early) ctx.reply(message, { type: 'broadcast_ok' });
    if (known) return;
    const waiting = waitingFor(state, value);
    if (!early) waiting.clients.push(message);
    commit(state, ctx);
  },
  gossip(state, { src, body }, ctx) {
    for (const value of body.messages) {
      if (!state.held.has(value)) waitingFor(state, value).neighbours.add(src);
    }
    const safe = body.messages.filter((value) => early || state.held.has(value));
    if (safe.length > 0) ctx.send(src, { type: 'gossip_ok', messages: safe });
    box.offered(state.outbox, src, body.messages);
    commit(state, ctx);
  },
  gossip_ok(state, { src, body }) {
    box.acknowledged(state.outbox, src, body.messages);
  },
  read(state, message, ctx) {
    ctx.reply(message, { type: 'read_ok', messages: [...state.held] });
  },
});

/** What the disk holds. A record that a crash tore is none: nobody was told of it. */
function recover(ctx: Ctx): State {
  const held = new Set<Value>();
  for (const key of ctx.store.keys()) {
    const value = Number(key);
    if (ctx.store.read(key) === value) held.add(value);
  }
  if (held.size > 0) ctx.note(`recovered: ${held.size}`);
  return { held, unsynced: new Map(), disk: 'idle', outbox: new Map() };
}

function waitingFor(state: State, value: Value): Waiting {
  const known = state.unsynced.get(value);
  if (known !== undefined) return known;
  const waiting: Waiting = { clients: [], neighbours: new Set() };
  state.unsynced.set(value, waiting);
  return waiting;
}

/** Writes and syncs all that is not durable, unless a group is under way. */
function commit(state: State, ctx: Ctx): void {
  if (state.disk !== 'idle' || state.unsynced.size === 0) return;
  const values = [...state.unsynced.keys()];
  for (const value of values) ctx.store.write(String(value), value);
  ctx.store.sync({ type: 'synced', values });
  state.disk = 'syncing';
}

/** A group is durable: those who wait hear of it, and the neighbours get its values. */
function synced(state: State, values: readonly Value[], early: boolean, ctx: Ctx): void {
  const sources = new Map<NodeId, Set<Value>>();
  for (const value of values) {
    const waiting = state.unsynced.get(value);
    state.unsynced.delete(value);
    state.held.add(value);
    for (const request of waiting?.clients ?? []) ctx.reply(request, { type: 'broadcast_ok' });
    for (const source of waiting?.neighbours ?? []) {
      const given = sources.get(source) ?? new Set();
      sources.set(source, given.add(value));
    }
  }
  for (const [source, given] of sources) {
    if (!early) ctx.send(source, { type: 'gossip_ok', messages: [...given] });
  }
  box.post(state.outbox, values, (peer, value) => sources.get(peer)?.has(value) === true, 0, ctx);
  state.disk = 'idle';
  commit(state, ctx);
}
