// What a node knows of all nodes, itself included, and how two nodes bring each other up to date
// with as little talk as can be: Cassandra's Gossiper (digest, delta, ack), after Scuttlebutt (van
// Renesse et al. 2008). Only a node itself counts its version up; a later generation, which begins
// when it starts, beats every version of an earlier one.
import type { Micros } from '../../../kernel/time.js';
import type { NodeId } from '../../../node/message.js';
import { type Arrivals, arrivalsFrom } from './phi.js';

/** How new a node's state is. */
export interface Age {
  readonly generation: number;
  readonly version: number;
}

/** A node's state, as it travels. */
export interface Delta extends Age {
  readonly node: NodeId;
  readonly left: boolean;
}

/** `[node, generation, version]`: what the sender has of a node. */
export type Digest = readonly [node: NodeId, generation: number, version: number];

export interface Endpoint {
  generation: number;
  version: number;
  left: boolean;
  /** Not convicted. */
  live: boolean;
  arrivals: Arrivals;
}

export type Endpoints = Map<NodeId, Endpoint>;

/** A node of which nothing but the name is known. */
export function unknownEndpoint(nowUs: Micros, assumedUs: Micros): Endpoint {
  const arrivals = arrivalsFrom(nowUs, assumedUs);
  return { generation: 0, version: 0, left: false, live: true, arrivals };
}

export function isNewer(a: Age, b: Age): boolean {
  return a.generation === b.generation ? a.version > b.version : a.generation > b.generation;
}

export function digestsOf(endpoints: Endpoints): Digest[] {
  return [...endpoints].map(([node, { generation, version }]) => [node, generation, version]);
}

/** What the sender of `digests` lacks, and what it has that is lacking here. */
export function examine(
  endpoints: Endpoints,
  digests: readonly Digest[],
): { readonly deltas: Delta[]; readonly requests: Digest[] } {
  const deltas: Delta[] = [];
  const requests: Digest[] = [];
  const named = new Set<NodeId>();
  for (const [node, generation, version] of digests) {
    named.add(node);
    const own = endpoints.get(node) ?? { generation: 0, version: -1, left: false };
    if (isNewer(own, { generation, version })) deltas.push(deltaOf(node, own));
    else if (isNewer({ generation, version }, own)) {
      requests.push([node, own.generation, own.version]);
    }
  }
  for (const [node, own] of endpoints) if (!named.has(node)) deltas.push(deltaOf(node, own));
  return { deltas, requests };
}

/** What was asked for. */
export function deltasFor(endpoints: Endpoints, requests: readonly Digest[]): Delta[] {
  return requests.flatMap(([node, generation, version]) => {
    const own = endpoints.get(node);
    return own !== undefined && isNewer(own, { generation, version }) ? [deltaOf(node, own)] : [];
  });
}

const deltaOf = (node: NodeId, { generation, version, left }: Omit<Delta, 'node'>): Delta => ({
  node,
  generation,
  version,
  left,
});
