// Broadcast in which every node is the root of a tree of its own: a value goes down the tree of the
// node that its client told it to. No node is in the middle of all, and a node that is cut off
// holds up only what passes through it. Trees are one tree turned round: node i's has the members
// from i on in its tiers.
//
// Survives what `broadcast/flood-retry` survives.
import type { NodeId } from '../../node/message.js';
import { type LinkedProtocol, linked } from './linked.js';
import { type LinkOptions, linkDefaults, linkProblem } from './links.js';
import { nodeOf } from './logs.js';
import { type TreeOptions, treeDefaults, treeProblem } from './tree.js';

type Options = LinkOptions & TreeOptions;

export const ownRoot: LinkedProtocol<Options> = linked<Options>({
  name: 'broadcast/own-root',
  about: 'Passes batches down the tree of the node where each value came in.',
  options: { ...linkDefaults, ...treeDefaults },
  problem: (options) => linkProblem(options) ?? treeProblem(options),
  peers: ({ nodes }) => nodes,
  route: (origin, peer, { nodes, self, options }) =>
    isChild(nodes, { root: nodeOf(origin), parent: self, child: peer }, options.fanout),
});

/** Whether `child` is a child of `parent` in the tree of `root`. Without a root all are asked. */
function isChild(
  nodes: readonly NodeId[],
  { root, parent, child }: { root: NodeId; parent: NodeId; child: NodeId },
  fanout: number,
): boolean {
  const first = nodes.indexOf(root);
  if (first < 0) return true; // It has left: whoever has its values tells everybody.
  const tier = (node: NodeId): number =>
    (nodes.indexOf(node) - first + nodes.length) % nodes.length;
  return child !== root && Math.floor((tier(child) - 1) / fanout) === tier(parent);
}
