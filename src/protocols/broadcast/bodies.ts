// What clients of the broadcast workload and its protocols say to each other: Maelstrom's bodies.
// What nodes say among themselves is each protocol's own affair.
import type { Body, NodeId } from '../../node/message.js';

/** What is broadcast. Maelstrom's workload sends whole numbers, each once. */
export type Value = number;

export interface Topology extends Body {
  readonly type: 'topology';
  readonly topology: Readonly<Record<NodeId, readonly NodeId[]>>;
}

interface TopologyOk extends Body {
  readonly type: 'topology_ok';
}

export interface Broadcast extends Body {
  readonly type: 'broadcast';
  readonly message: Value;
}

interface BroadcastOk extends Body {
  readonly type: 'broadcast_ok';
}

interface Read extends Body {
  readonly type: 'read';
}

interface ReadOk extends Body {
  readonly type: 'read_ok';
  readonly messages: readonly Value[];
}

export type ClientBodies = Topology | TopologyOk | Broadcast | BroadcastOk | Read | ReadOk;

/** The neighbours that a topology gives to a node; none if it does not name it. */
export const neighboursOf = (body: Topology, node: NodeId): readonly NodeId[] =>
  body.topology[node] ?? [];
