// The ring: every topo has its own order of the configured nodes, which begins at the hash of its
// name (Dynamo's preference list). The first of them are its home; there its seed set is agreed on.
import type { NodeId } from '../../node/message.js';
import { hashOf } from './code.js';
import type { TopoId } from './spec.js';

/** All nodes, in the order of a topo. O(n log n). */
export function ringOf(topo: TopoId, nodes: readonly NodeId[]): readonly NodeId[] {
  const start = hashOf(topo);
  const placed = nodes.map((node) => ({ node, place: hashOf(`ring/${node}`) }));
  placed.sort((a, b) =>
    a.place < b.place ? -1 : a.place > b.place ? 1 : a.node < b.node ? -1 : 1,
  );
  const first = placed.findIndex(({ place }) => place >= start);
  const from = Math.max(0, first);
  return [...placed.slice(from), ...placed.slice(0, from)].map(({ node }) => node);
}

/** The topo's home: 2f + 1 nodes, or as many of them as there are. */
export function homeOf(topo: TopoId, nodes: readonly NodeId[], homes: number): readonly NodeId[] {
  const count = Math.min(homes, nodes.length);
  return ringOf(topo, nodes).slice(0, count % 2 === 0 ? Math.max(1, count - 1) : count);
}
