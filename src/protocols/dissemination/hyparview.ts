// A building block: HyParView (Leitão, Pereira & Rodrigues 2007), membership by two small views.
// The active view is who a node talks to; it is symmetric, and a peer that falls silent is replaced
// from the passive view, which random walks keep fresh. Rules bear the paper's names.
//
//   JOIN ──▶ contact ──FORWARD-JOIN, ttl ARWL──▶ … ──▶ the walk's end takes the newcomer in
//                             └─ at ttl PRWL the newcomer goes into a passive view
//
// The paper notices failures by broken connections; here every active peer is heard each period
// (`keepalive`), so that it works over datagrams too. It knows nothing of what is broadcast.
import { assert } from '../../kernel/assert.js';
import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';

interface Join extends Body {
  readonly type: 'join';
}

interface ForwardJoin extends Body {
  readonly type: 'forward-join';
  readonly newcomer: NodeId;
  readonly ttl: number;
}

/** Be my neighbour; `urgent`: I have none. */
interface Neighbour extends Body {
  readonly type: 'neighbour';
  readonly urgent: boolean;
}

interface Answer extends Body {
  readonly type: 'accept' | 'reject' | 'disconnect' | 'keepalive';
}

interface Shuffle extends Body {
  readonly type: 'shuffle';
  readonly origin: NodeId;
  readonly nodes: readonly NodeId[];
  readonly ttl: number;
}

interface ShuffleReply extends Body {
  readonly type: 'shuffle-reply';
  readonly nodes: readonly NodeId[];
}

export type ViewBodies =
  | Join
  | ForwardJoin
  | Neighbour
  | (Answer & { readonly type: 'accept' })
  | (Answer & { readonly type: 'reject' })
  | (Answer & { readonly type: 'disconnect' })
  | (Answer & { readonly type: 'keepalive' })
  | Shuffle
  | ShuffleReply;

export interface ViewTimer {
  readonly type: 'view';
}

export interface ViewOptions {
  readonly activeMax: number;
  readonly passiveMax: number;
  /** Active random walk length. */
  readonly arwl: number;
  /** Passive random walk length. */
  readonly prwl: number;
  /** How often peers are told that this node is there, and views are shuffled. */
  readonly viewUs: Micros;
}

/** The paper's configuration for 10,000 nodes. */
export const viewDefaults: ViewOptions = {
  activeMax: 5,
  passiveMax: 30,
  arwl: 6,
  prwl: 3,
  viewUs: 500_000,
};

/** Nodes in a shuffle: ka active and kp passive ones. */
const [ka, kp] = [3, 4];

/** A peer that was not heard for so many periods has failed. */
const silentMax = 4;

export interface Views {
  /** Peers, and for how many periods each was silent. */
  readonly active: Map<NodeId, number>;
  readonly passive: Set<NodeId>;
  /** How often this node has asked to be let in. */
  joins: number;
}

type Ctx = Context<ViewBodies, ViewTimer, ViewOptions>;

/** Who is told of changes to the active view. */
export interface Listener {
  neighbourUp(node: NodeId): void;
  neighbourDown(node: NodeId): void;
}

/** Knows nobody yet, and is about to ask. */
export function start(ctx: Ctx): Views {
  ctx.setTimer({ type: 'view' }, ctx.random.below(ctx.options.viewUs));
  return { active: new Map(), passive: new Set(), joins: 0 };
}

/** The handler of the timer. */
export function tend(views: Views, listener: Listener, ctx: Ctx): void {
  const { active } = views;
  for (const [peer, silent] of active) {
    if (silent >= silentMax) {
      ctx.note(`lost its neighbour ${peer}`);
      active.delete(peer);
      listener.neighbourDown(peer);
    } else {
      active.set(peer, silent + 1);
      ctx.send(peer, { type: 'keepalive' });
    }
  }
  if (active.size === 0 && views.passive.size === 0) join(views, ctx);
  else if (active.size < ctx.options.activeMax) fillUp(views, ctx);
  shuffle(views, ctx);
  ctx.setTimer({ type: 'view' }, ctx.options.viewUs);
}

/** All ask the first member, so that there is one overlay and not several; then anybody. */
function join(views: Views, ctx: Ctx): void {
  const contact = views.joins++ === 0 ? ctx.nodes[0] : ctx.random.pick(ctx.nodes);
  if (contact !== undefined && contact !== ctx.self) ctx.send(contact, { type: 'join' });
}

/** A place is free: somebody from the passive view may take it. */
function fillUp({ active, passive }: Views, ctx: Ctx): void {
  const candidates = [...passive].filter((node) => !active.has(node));
  if (candidates.length === 0) return;
  const urgent = active.size === 0;
  ctx.send(ctx.random.pick(candidates), { type: 'neighbour', urgent });
}

function shuffle({ active, passive }: Views, ctx: Ctx): void {
  if (active.size === 0) return;
  const nodes = [
    ctx.self,
    ...ctx.random.shuffle([...active.keys()]).slice(0, ka),
    ...ctx.random.shuffle([...passive]).slice(0, kp),
  ];
  const ttl = ctx.options.arwl;
  const next = ctx.random.pick([...active.keys()]);
  ctx.send(next, { type: 'shuffle', origin: ctx.self, nodes, ttl });
}

/** A message of the membership. */
export function onView(
  views: Views,
  { src, body }: { readonly src: NodeId; readonly body: ViewBodies },
  listener: Listener,
  ctx: Ctx,
): void {
  switch (body.type) {
    case 'join':
      return onJoin(views, src, listener, ctx);
    case 'forward-join':
      return onForwardJoin(views, src, body, listener, ctx);
    case 'neighbour':
      return onNeighbour(views, src, body.urgent, listener, ctx);
    case 'accept':
      return addActive(views, src, listener, ctx);
    case 'reject':
      views.passive.delete(src);
      return;
    case 'disconnect':
      return onDisconnect(views, src, listener, ctx);
    case 'keepalive':
      if (views.active.has(src)) views.active.set(src, 0);
      else ctx.send(src, { type: 'disconnect' }); // The view is symmetric, or nothing.
      return;
    case 'shuffle':
      return onShuffle(views, src, body, ctx);
    case 'shuffle-reply':
      for (const node of body.nodes) addPassive(views, node, ctx);
  }
}

function onJoin(views: Views, newcomer: NodeId, listener: Listener, ctx: Ctx): void {
  addActive(views, newcomer, listener, ctx);
  ctx.send(newcomer, { type: 'accept' });
  for (const peer of views.active.keys()) {
    if (peer === newcomer) continue;
    ctx.send(peer, { type: 'forward-join', newcomer, ttl: ctx.options.arwl });
  }
}

function onForwardJoin(
  views: Views,
  sender: NodeId,
  { newcomer, ttl }: ForwardJoin,
  listener: Listener,
  ctx: Ctx,
): void {
  if (newcomer === ctx.self) return;
  const others = [...views.active.keys()].filter((peer) => peer !== sender && peer !== newcomer);
  if (ttl === 0 || others.length === 0) {
    addActive(views, newcomer, listener, ctx);
    ctx.send(newcomer, { type: 'accept' });
    return;
  }
  if (ttl === ctx.options.prwl) addPassive(views, newcomer, ctx);
  ctx.send(ctx.random.pick(others), { type: 'forward-join', newcomer, ttl: ttl - 1 });
}

/** One with places left takes anybody, one without only those who have nobody else. */
function onNeighbour(
  views: Views,
  src: NodeId,
  urgent: boolean,
  listener: Listener,
  ctx: Ctx,
): void {
  const taken = urgent || views.active.has(src) || views.active.size < ctx.options.activeMax;
  if (taken) addActive(views, src, listener, ctx);
  ctx.send(src, { type: taken ? 'accept' : 'reject' });
}

function onDisconnect(views: Views, peer: NodeId, listener: Listener, ctx: Ctx): void {
  if (!views.active.delete(peer)) return;
  listener.neighbourDown(peer);
  addPassive(views, peer, ctx);
}

function onShuffle(views: Views, sender: NodeId, { origin, nodes, ttl }: Shuffle, ctx: Ctx): void {
  const others = [...views.active.keys()].filter((peer) => peer !== sender && peer !== origin);
  if (ttl > 0 && others.length > 0) {
    ctx.send(ctx.random.pick(others), { type: 'shuffle', origin, nodes, ttl: ttl - 1 });
    return;
  }
  if (origin === ctx.self) return;
  const sample = ctx.random.shuffle([...views.passive]).slice(0, nodes.length);
  ctx.send(origin, { type: 'shuffle-reply', nodes: sample });
  for (const node of nodes) addPassive(views, node, ctx);
}

function addActive(views: Views, node: NodeId, listener: Listener, ctx: Ctx): void {
  const { active, passive } = views;
  if (node === ctx.self || active.has(node)) return;
  if (active.size >= ctx.options.activeMax) {
    const dropped = ctx.random.pick([...active.keys()]);
    active.delete(dropped);
    ctx.send(dropped, { type: 'disconnect' });
    listener.neighbourDown(dropped);
    addPassive(views, dropped, ctx);
  }
  passive.delete(node);
  active.set(node, 0);
  listener.neighbourUp(node);
}

function addPassive({ active, passive }: Views, node: NodeId, ctx: Ctx): void {
  if (node === ctx.self || active.has(node) || passive.has(node)) return;
  if (passive.size >= ctx.options.passiveMax) passive.delete(ctx.random.pick([...passive]));
  passive.add(node);
}

/** What holds of every node's views. */
export function assertSound({ active, passive }: Readonly<Views>): void {
  for (const peer of active.keys()) {
    assert(!passive.has(peer), 'nobody is in both views', { peer });
  }
}
