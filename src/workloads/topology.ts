// Maelstrom's topologies: who is whose neighbour in the `topology` message of the broadcast
// workload. Source: Maelstrom, workload/broadcast.clj; the order of neighbours is its order too.
import { assert } from '../kernel/assert.js';
import type { NodeId } from '../node/message.js';

/** Each node's neighbours; links go both ways. */
type Topology = ReadonlyMap<NodeId, readonly NodeId[]>;

/** Topologies by name, as `--topology` names them in Maelstrom. */
export const topologies: ReadonlyMap<string, (nodes: readonly NodeId[]) => Topology> = new Map([
  ['grid', grid],
  ['line', line],
  ['total', total],
  ['tree', (nodes) => tree(nodes, 2)],
  ['tree2', (nodes) => tree(nodes, 2)],
  ['tree3', (nodes) => tree(nodes, 3)],
  ['tree4', (nodes) => tree(nodes, 4)],
]);

/** The topology with this name over these nodes; throws when there is none of that name. */
export function topologyOf(name: string, nodes: readonly NodeId[]): Topology {
  const build = topologies.get(name);
  assert(build !== undefined, 'a topology has one of the known names', { name });
  return build(nodes);
}

/** A square, row by row, of side ⌈√n⌉; neighbours in the order down, up, right, left. */
function grid(nodes: readonly NodeId[]): Topology {
  const side = Math.ceil(Math.sqrt(nodes.length));
  const at = (row: number, column: number): NodeId | undefined =>
    column < 0 || column >= side ? undefined : nodes[row * side + column];
  return neighbours(nodes, (index) => {
    const row = Math.floor(index / side);
    const column = index % side;
    return [at(row + 1, column), at(row - 1, column), at(row, column + 1), at(row, column - 1)];
  });
}

/** One after the other. A single node is not in its map, as in Maelstrom. */
function line(nodes: readonly NodeId[]): Topology {
  if (nodes.length < 2) return new Map();
  return neighbours(nodes, (index) => [nodes[index - 1], nodes[index + 1]]);
}

/** Everyone is next to everyone else. */
function total(nodes: readonly NodeId[]): Topology {
  return neighbours(nodes, (index) => nodes.filter((_, other) => other !== index));
}

/** Tiers of 1, b, b² … nodes in the given order; neighbours are the parent, then the children. */
function tree(nodes: readonly NodeId[], branches: number): Topology {
  return neighbours(nodes, (index) => {
    const parent = index === 0 ? undefined : nodes[Math.floor((index - 1) / branches)];
    const firstChild = branches * index + 1;
    return [parent, ...nodes.slice(firstChild, firstChild + branches)];
  });
}

function neighbours(
  nodes: readonly NodeId[],
  around: (index: number) => readonly (NodeId | undefined)[],
): Topology {
  return new Map(
    nodes.map((node, index) => [node, around(index).filter((other) => other !== undefined)]),
  );
}
