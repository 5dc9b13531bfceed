// A building block: Plumtree, epidemic broadcast trees (Leitão, Pereira & Rodrigues 2007b), over
// HyParView. A value goes along eager links at once and is announced along lazy ones; who gets it
// twice prunes the link it came by, so what is left of the eager links is a tree; who is told of a
// value and does not get it grafts the link that told it, so the tree mends itself. Rules bear the
// paper's names. As Riak does, differences are resolved by anti-entropy now and then (`backup`).
import { assert } from '../../kernel/assert.js';
import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import type { ClientBodies, Value } from '../broadcast/bodies.js';
import * as log from '../broadcast/logs.js';
import * as entropy from './anti-entropy.js';
import * as view from './hyparview.js';

interface Gossip extends Body {
  readonly type: 'gossip';
  readonly run: log.Run;
  readonly value: Value;
}

interface IHave extends Body {
  readonly type: 'i-have';
  readonly values: readonly Value[];
}

interface Prune extends Body {
  readonly type: 'prune';
}

interface Graft extends Body {
  readonly type: 'graft';
  readonly value: Value;
}

type Bodies =
  | ClientBodies
  | Gossip
  | IHave
  | Prune
  | Graft
  | view.ViewBodies
  | entropy.CompareBodies;

type Timers =
  | view.ViewTimer
  /** A value that was announced should have come. */
  | { readonly type: 'missing'; readonly value: Value }
  /** Announcements are sent together. */
  | { readonly type: 'announce' }
  | { readonly type: 'backup' };

interface Options extends view.ViewOptions {
  /** How long announcements wait for each other. */
  readonly announceUs: Micros;
  /** How long after its announcement a value may come by the tree. */
  readonly graftUs: Micros;
  /** The cycle of anti-entropy; 0: none. */
  readonly backupUs: Micros;
}

type Ctx = Context<Bodies, Timers, Options>;

interface State {
  readonly views: view.Views;
  readonly eager: Set<NodeId>;
  readonly lazy: Set<NodeId>;
  readonly logs: log.Logs;
  /** All values that came, to be sent to whoever grafts. */
  readonly runs: Map<Value, log.Run>;
  /** Announced and not there: by whom. Each has a timer. */
  readonly missing: Map<Value, NodeId[]>;
  /** To be announced. */
  unannounced: Value[];
}

export type PlumtreeProtocol = Protocol<State, Bodies, Timers, Options>;

interface Variant {
  readonly name: string;
  readonly about: string;
  readonly graft: 'when missing' | 'never';
}

export function plumtreeLike({ name, about, graft }: Variant): PlumtreeProtocol {
  return {
    name,
    about,
    options: {
      ...view.viewDefaults,
      announceUs: 100_000,
      graftUs: 300_000,
      backupUs: 2_000_000,
    },
    init: start,
    on: { ...broadcastHandlers(graft), ...viewHandlers(), ...entropyHandlers() },
    timers: {
      view: (state, _, ctx) => view.tend(state.views, listenerOf(state, ctx), ctx),
      missing: (state, { value }, ctx) => graftFor(state, value, ctx),
      announce: (state, _, ctx) => announce(state, ctx),
      backup({ logs }, timer, ctx) {
        entropy.compareWithSomebody(logs, 'push-pull', ctx);
        ctx.setTimer(timer, ctx.options.backupUs);
      },
    },
    invariant({ views, eager, lazy, logs }) {
      view.assertSound(views);
      log.assertWhole(logs);
      for (const peer of eager) assert(!lazy.has(peer), 'a link is eager or lazy', { peer });
      const links = eager.size + lazy.size;
      assert(links === views.active.size, 'links are those of the active view', { links });
    },
    milestones: { pruned: ({ lazy }) => lazy.size > 0 },
  };
}

function start(ctx: Ctx): State {
  const { backupUs } = ctx.options;
  if (backupUs > 0) ctx.setTimer({ type: 'backup' }, 1 + ctx.random.below(backupUs));
  return {
    views: view.start(ctx),
    eager: new Set(),
    lazy: new Set(),
    logs: log.noLogs(),
    runs: new Map(),
    missing: new Map(),
    unannounced: [],
  };
}

/**
 * New neighbours are eager until they turn out to be one way too many. They hear of all that came
 * before them, as in a tree that has just grown together.
 */
const listenerOf = ({ eager, lazy, missing, runs }: State, ctx: Ctx): view.Listener => ({
  neighbourUp(node) {
    eager.add(node);
    if (runs.size > 0) ctx.send(node, { type: 'i-have', values: [...runs.keys()] });
  },
  neighbourDown(node) {
    eager.delete(node);
    lazy.delete(node);
    for (const [value, sources] of missing) {
      const others = sources.filter((source) => source !== node);
      missing.set(value, others);
    }
  },
});

const broadcastHandlers = (graft: Variant['graft']): PlumtreeProtocol['on'] => ({
  topology(_, message, ctx) {
    ctx.reply(message, { type: 'topology_ok' });
  },
  broadcast(state, message, ctx) {
    ctx.reply(message, { type: 'broadcast_ok' });
    const value = message.body.message;
    const run = log.append(state.logs, value, ctx);
    if (run !== undefined) deliver(state, value, run, undefined, ctx);
  },
  read({ logs, runs }, message, ctx) {
    const messages = [...new Set([...logs.held, ...runs.keys()])];
    ctx.reply(message, { type: 'read_ok', messages });
  },
  gossip(state, { src, body }, ctx) {
    if (state.runs.has(body.value)) {
      setLink(state, src, 'lazy');
      ctx.send(src, { type: 'prune' });
      return;
    }
    log.merge(state.logs, [body.run]);
    setLink(state, src, 'eager');
    deliver(state, body.value, body.run, src, ctx);
  },
  prune: (state, { src }) => setLink(state, src, 'lazy'),
  'i-have'(state, { src, body }, ctx) {
    if (graft === 'never') return;
    for (const value of body.values) {
      if (state.runs.has(value)) continue;
      const sources = state.missing.get(value);
      if (sources !== undefined) sources.push(src);
      else {
        state.missing.set(value, [src]);
        ctx.setTimer({ type: 'missing', value }, ctx.options.graftUs);
      }
    }
  },
  graft(state, { src, body }, ctx) {
    setLink(state, src, 'eager');
    const run = state.runs.get(body.value);
    if (run !== undefined) ctx.send(src, { type: 'gossip', run, value: body.value });
  },
});

const viewHandlers = (): PlumtreeProtocol['on'] => {
  const handle = (
    state: State,
    message: { readonly src: NodeId; readonly body: view.ViewBodies },
    ctx: Ctx,
  ): void => view.onView(state.views, message, listenerOf(state, ctx), ctx);
  return {
    join: handle,
    'forward-join': handle,
    neighbour: handle,
    accept: handle,
    reject: handle,
    disconnect: handle,
    keepalive: handle,
    shuffle: handle,
    'shuffle-reply': handle,
  };
};

const entropyHandlers = (): PlumtreeProtocol['on'] => ({
  compare: ({ logs }, { src, body }, ctx) => entropy.compared(logs, src, body, ctx),
  difference: ({ logs }, { src, body }, ctx) => entropy.resolve(logs, src, body, 'push-pull', ctx),
  update({ logs }, { body }) {
    log.merge(logs, body.runs);
  },
});

/** Push: eagerly to some, lazily to the others, not back to where it came from. */
function deliver(
  state: State,
  value: Value,
  run: log.Run,
  source: NodeId | undefined,
  ctx: Ctx,
): void {
  state.runs.set(value, run);
  state.missing.delete(value);
  for (const peer of state.eager) {
    if (peer !== source) ctx.send(peer, { type: 'gossip', run, value });
  }
  if (state.lazy.size === 0) return;
  if (state.unannounced.length === 0) ctx.setTimer({ type: 'announce' }, ctx.options.announceUs);
  state.unannounced.push(value);
}

function announce(state: State, ctx: Ctx): void {
  for (const peer of state.lazy) ctx.send(peer, { type: 'i-have', values: state.unannounced });
  state.unannounced = [];
}

/** It did not come by the tree: whoever announced it first becomes a branch. */
function graftFor(state: State, value: Value, ctx: Ctx): void {
  const sources = state.missing.get(value);
  const source = sources?.shift();
  if (source === undefined) {
    state.missing.delete(value); // It came, or nobody is left who has it: backup's affair.
    return;
  }
  ctx.note(`grafts ${source}`);
  setLink(state, source, 'eager');
  ctx.send(source, { type: 'graft', value });
  ctx.setTimer({ type: 'missing', value }, ctx.options.graftUs);
}

/** Only neighbours have links. */
function setLink({ views, eager, lazy }: State, peer: NodeId, kind: 'eager' | 'lazy'): void {
  if (!views.active.has(peer)) return;
  (kind === 'eager' ? lazy : eager).delete(peer);
  (kind === 'eager' ? eager : lazy).add(peer);
}
