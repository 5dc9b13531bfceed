// What the properties have in common: what an observer who sees everything knows of a topo.
// Effective is who can commit, not who believes that it owns.
import type { NodeId } from '../../../node/message.js';
import type { Cluster } from '../../../node/property.js';
import { compare, majority, same } from '../epoch.js';
import { homeOf } from '../ring.js';
import type { TopoId } from '../spec.js';
import type { Options, Ownership, State } from '../state.js';
import type { TopoRecord } from '../topo-record.js';

export type World = Cluster<State>;

export function optionsOf({ options }: World): Options {
  return options as Options;
}

/** The state of a member; services have others. */
export function memberAt(cluster: World, node: NodeId | undefined): Readonly<State> | undefined {
  if (node === undefined) return undefined;
  const state = cluster.state(node);
  return state !== undefined && 'durable' in state ? state : undefined;
}

export function members(cluster: World): readonly (readonly [NodeId, Readonly<State>])[] {
  return cluster.nodes.flatMap((node) => {
    const state = memberAt(cluster, node);
    return state === undefined ? [] : [[node, state] as const];
  });
}

const none: readonly Ownership[] = [];

/** What a node believes to own. */
export function ownedAt(cluster: World, node: NodeId | undefined): readonly Ownership[] {
  const state = memberAt(cluster, node);
  return state === undefined || state.owns.size === 0 ? none : [...state.owns.values()];
}

/** One owner's life: a topo, an epoch, a node. */
export function nameOf({ topo, epoch }: Ownership, node: NodeId | undefined): string {
  return `${topo} ${epoch[0]} ${epoch[1]} ${node}`;
}

/** The home of a topo, all of its nodes that are up having a say. */
function homesOf(cluster: World, topo: TopoId): readonly NodeId[] {
  const [first] = members(cluster);
  const nodes = first?.[1].durable.nodes ?? [];
  return homeOf(topo, nodes, optionsOf(cluster).homes);
}

/** How many nodes of a home have a record that fits, counting those that are down. */
export function isKept(
  cluster: World,
  topo: TopoId,
  fits: (record: TopoRecord) => boolean,
): boolean {
  const homes = homesOf(cluster, topo);
  const keeping = homes.filter((home) => {
    const state = memberAt(cluster, home);
    const value = state?.durable.slots.get(topo)?.value;
    return state === undefined || (value !== undefined && fits(value));
  });
  return keeping.length >= majority(homes.length);
}

/** The record that a topo's home has chosen, if all of it can be seen. */
export function chosen(cluster: World, topo: TopoId): TopoRecord | undefined {
  const slots = homesOf(cluster, topo).flatMap((home) => {
    const slot = memberAt(cluster, home)?.durable.slots.get(topo);
    return slot === undefined ? [] : [slot];
  });
  const count = homesOf(cluster, topo).length;
  return slots.find(
    (slot) =>
      slots.filter(({ accepted }) => same(accepted, slot.accepted)).length >= majority(count),
  )?.value;
}

/** Every topo that a home has a record of. */
export function recordsOf(cluster: World): readonly TopoRecord[] {
  const names = new Set(members(cluster).flatMap(([, { durable }]) => [...durable.slots.keys()]));
  return [...names].flatMap((topo) => chosen(cluster, topo) ?? []);
}

/** The owner with the latest epoch, of those who believe it. */
export function latestOwner(
  cluster: World,
  topo: TopoId,
): readonly [NodeId, Ownership] | undefined {
  let latest: readonly [NodeId, Ownership] | undefined;
  for (const [node, { owns }] of members(cluster)) {
    const own = owns.get(topo);
    if (own === undefined) continue;
    if (latest === undefined || compare(own.epoch, latest[1].epoch) > 0) latest = [node, own];
  }
  return latest;
}
