// Broadcast over a tree: the neighbours are a node's parent and children, and the workload's
// topology is not looked at. There is one way between any two nodes, so a value costs n − 1
// messages and as many acknowledgements, and the tree's depth bounds how long it takes. Gossip
// Glomers 3d: fewer than 30 messages an operation, half of the values everywhere within 400 ms and
// all within 600 ms.
//
// Survives what `broadcast/flood-retry` survives, but has no way around: below a node that is cut
// off or down nobody learns anything until it is back.
import { type RungProtocol, rung } from './ladder.js';
import { type RetryOptions, retryDefaults, retryProblem } from './outbox.js';
import { type TreeOptions, treeDefaults, treePeers, treeProblem } from './tree.js';

export const treeRetry: RungProtocol<RetryOptions & TreeOptions> = rung({
  name: 'broadcast/tree-retry',
  about: 'Passes each new value along a tree of its own, again until it is acknowledged.',
  options: { ...retryDefaults, ...treeDefaults },
  problem: (options) => retryProblem(options) ?? treeProblem(options),
  neighbours: (ctx) => treePeers(ctx.nodes, ctx.self, ctx.options.fanout),
  waitUs: () => 0,
});
