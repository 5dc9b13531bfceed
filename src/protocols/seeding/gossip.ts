// Gossip of availability and of topos (seed 000: "every node informs the other nodes about its
// availability … Nodes will also gossip about topo submissions and seed responsibilities"): a
// digest, what is new to the other, what is new to oneself (Demers et al. 1987, anti-entropy;
// Cassandra's syn, ack, ack2). A node's note is written by that node alone.
import type { NodeId } from '../../node/message.js';
import type { Saying } from './bodies.js';
import { compare, never } from './epoch.js';
import {
  aboutNode,
  aboutTopo,
  compareNotes,
  compareStamps,
  mayBeNewer,
  type NodeNote,
  type Note,
  type Stamp,
  type TopoNote,
  topoStamp,
} from './notes.js';
import { ringOf } from './ring.js';
import type { TopoId } from './spec.js';
import { type Env, say } from './state.js';

/** Renews this node's note, and tells one node, drawn by chance, what it has notes about. */
export function gossip(env: Env): void {
  const { state, ctx } = env;
  if (ctx.nowUs < state.gossipAtUs) return;
  state.gossipAtUs = ctx.nowUs + ctx.options.gossipUs;
  renew(env);
  const others = ctx.nodes.filter((node) => node !== ctx.self);
  if (others.length === 0) return;
  const digest = [...state.notes.values()].map(({ about, stamp }) => [about, stamp] as const);
  say(env, ctx.random.pick(others), { type: 'syn', digest });
}

function renew({ state, ctx }: Env): void {
  const about = aboutNode(ctx.self);
  const stamp = [ctx.incarnation, ++state.noteVersion];
  state.notes.set(about, { about, stamp, content: ownNote({ state, ctx }) });
}

/** What this node would say of itself now. */
export function ownNote({ state, ctx }: Pick<Env, 'state' | 'ctx'>): NodeNote {
  const { workers } = ctx.options;
  return {
    kind: 'node',
    freeWorkers: Math.max(0, workers - state.works.size),
    owns: [...state.owns.keys()],
    seeding: [...state.durable.seats.keys()].sort(byText),
    seedFree: Math.max(0, seatsMost({ state, ctx }) - state.durable.seats.size),
  };
}

/** r, as it is now: how many topos this node seeds at most. */
export function seatsMost({ state, ctx }: Pick<Env, 'state' | 'ctx'>): number {
  return state.durable.r ?? ctx.options.r;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function syn(env: Env, src: NodeId, { digest }: Saying<'syn'>): void {
  const { notes } = env.state;
  const { epoch, seedSet } = env.rules;
  // Where two may own a topo, and neither after the other, there is no later note of it.
  const ordered = epoch === 'unique' && seedSet === 'home quorum';
  const isNews = ordered ? mayBeNewer : (a: Stamp, b: Stamp) => compareStamps(a, b) > 0;
  const theirs = new Map(digest);
  const newer = [...notes.values()].filter(({ about, stamp }) => {
    const other = theirs.get(about);
    return other === undefined || isNews(stamp, other);
  });
  const wanted = digest.flatMap(([about, stamp]) => {
    const own = notes.get(about);
    return own === undefined || isNews(stamp, own.stamp) ? [about] : [];
  });
  say(env, src, { type: 'syn_ok', notes: newer, wanted });
}

export function synOk(env: Env, src: NodeId, { notes, wanted }: Saying<'syn_ok'>): void {
  hear(env, notes);
  const asked = wanted.flatMap((about) => env.state.notes.get(about) ?? []);
  if (asked.length > 0) say(env, src, { type: 'notes', notes: asked });
}

/** Keeps what is newer. Nobody else's word counts about this node. */
export function hear({ state, ctx }: Pick<Env, 'state' | 'ctx'>, notes: readonly Note[]): void {
  for (const note of notes) {
    const { about } = note;
    if (about === aboutNode(ctx.self)) continue;
    const own = state.notes.get(about);
    if (own !== undefined && compareNotes(note, own) <= 0) continue;
    state.notes.set(about, note);
    if (note.content.kind === 'node') state.heardUs.set(about.slice('node:'.length), ctx.nowUs);
  }
}

/** Writes down what this node knows of a topo, if it is news. */
export function noteTopo({ state }: Pick<Env, 'state'>, note: TopoNote): void {
  const about = aboutTopo(note.topo);
  const stamp = topoStamp(note);
  const own = state.notes.get(about);
  if (own !== undefined && compareNotes({ stamp, content: note }, own) <= 0) return;
  state.notes.set(about, { about, stamp, content: note });
}

export function topoNote({ state }: Pick<Env, 'state'>, topo: TopoId): TopoNote | undefined {
  const content = state.notes.get(aboutTopo(topo))?.content;
  return content?.kind === 'topo' ? content : undefined;
}

export function topoNotes({ state }: Pick<Env, 'state'>): readonly TopoNote[] {
  const contents = [...state.notes.values()].map(({ content }) => content);
  return contents.filter((content) => content.kind === 'topo');
}

export function nodeNote({ state }: Pick<Env, 'state'>, node: NodeId): NodeNote | undefined {
  const content = state.notes.get(aboutNode(node))?.content;
  return content?.kind === 'node' ? content : undefined;
}

/** Whether a node was heard of lately. It is a guess, and nothing's safety hangs on it. */
export function isAlive({ state, ctx }: Env, node: NodeId): boolean {
  if (node === ctx.self) return true;
  if (!ctx.nodes.includes(node)) return false;
  const heardUs = state.heardUs.get(node);
  return heardUs !== undefined && ctx.nowUs - heardUs < ctx.options.suspectUs;
}

/** The nodes that may be free to own a topo, as far as is known; its own seeds come first. */
export function freeNodes(env: Env, topo: TopoId, seeds: readonly NodeId[]): readonly NodeId[] {
  const ring = ringOf(topo, env.ctx.nodes);
  const order = [...ring.filter((node) => seeds.includes(node)), ...ring];
  return [...new Set(order)].filter(
    (node) => isAlive(env, node) && (nodeNote(env, node)?.owns.length ?? 1) === 0,
  );
}

/** A note of a topo that was just heard of, without an owner. */
export function bareNote(
  topo: TopoId,
  of: Pick<TopoNote, 'status' | 'seeds' | 'version' | 'priority'>,
): TopoNote {
  const { status, seeds, version, priority } = of;
  return {
    kind: 'topo',
    ...{ topo, status, epoch: never, owner: undefined },
    ...{ seeds, version, priority },
  };
}

/** Whether a topo has an owner that is alive, as far as is known. */
export function isOwned(env: Env, topo: TopoId): boolean {
  const owner = topoNote(env, topo)?.owner;
  if (owner === undefined || !isAlive(env, owner)) return false;
  return nodeNote(env, owner)?.owns.includes(topo) ?? false;
}

/** The later of two epochs that notes name, for whoever has to choose a higher one. */
export function highestCounter(env: Env, topo: TopoId): number {
  const { epoch } = topoNote(env, topo) ?? { epoch: never };
  return compare(epoch, never) > 0 ? epoch[0] : 0;
}
