// Looking at a world without touching it.
import { Digest, digestOf } from '../kernel/digest.js';
import { clone, type Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import { read } from './clock.js';
import { nodeNamed } from './parties.js';
import type { Status, World } from './world.js';

/** A node as it is now: copies, to be kept or changed at will. */
export interface NodeView {
  readonly name: NodeId;
  readonly status: Status;
  readonly incarnation: number;
  readonly state: Plain;
  readonly durable: ReadonlyMap<string, Plain>;
  /** Writes that no sync has made durable yet. */
  readonly unsynced: number;
  readonly clockUs: Micros;
  readonly timers: readonly number[];
  /** Faults that lie on it. */
  readonly faults: readonly string[];
}

/** The node of this name; `undefined` if there has never been one. O(size of its state). */
export function inspect(world: World, name: NodeId): NodeView | undefined {
  const node = nodeNamed(world, name);
  if (node === undefined) return undefined;
  return {
    name,
    status: node.status,
    incarnation: node.incarnation,
    state: clone(world.roster.states[node.index]) as Plain,
    durable: clone(node.disk.durable),
    unsynced: node.disk.unsynced.length,
    clockUs: read(node.clock, world.queue.nowUs),
    timers: world.timers.idsOf(node.index),
    faults: node.afflictions.map(({ fault }) => world.faults[fault]?.id ?? ''),
  };
}

/**
 * A digest of everything in the world, where `world.digest` covers what has happened: two worlds
 * with the same one go on alike. O(size of the world).
 */
export function digestWorld(world: World): string {
  const digest = new Digest();
  digest.word(world.digest.hi);
  digest.word(world.digest.lo);
  for (const { node } of world.parties) {
    if (node === undefined) continue;
    digest.plain({ ...node, held: node.held.length, admitted: 0 });
    digest.plain(world.roster.states[node.index]);
    digest.word(world.roster.timerNext(node.index));
  }
  for (const slot of world.queue.waiting()) {
    digest.number(world.queue.timeOf(slot));
    digest.plain(world.queue.payloads[slot]);
  }
  const { heldMessages, members, milestones, network, phase, workers } = world;
  digest.plain({ heldMessages, members, milestones, phase, rules: network.rules });
  digest.plain(workers.map((worker) => ({ ...worker, open: worker.open?.number })));
  digest.plain({ ...world.counts, history: world.history.length, next: world.opNext });
  return digest.toString();
}

/** The digest of one node's state alone; '' while it has none. */
export function digestState(world: World, name: NodeId): string {
  const state = world.roster.states[world.partyOf.get(name) ?? -1];
  return state === undefined ? '' : digestOf(state);
}
