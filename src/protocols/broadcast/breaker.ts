// Broadcast over a tree whose links have circuit breakers: a link that does not answer is left
// alone but for a probe every so often, and whatever is heard over it closes it again; see
// links.ts. The load on a link that is cut is one small message a period, however much waits.
//
// Survives what `broadcast/flood-retry` survives. It has no way around a cut: see
// `broadcast/adaptive`.
import { type LinkedProtocol, linked } from './linked.js';
import { type LinkOptions, linkDefaults, linkProblem } from './links.js';
import { type TreeOptions, treeDefaults, treePeers, treeProblem } from './tree.js';

export const breaker: LinkedProtocol<LinkOptions & TreeOptions> = linked<LinkOptions & TreeOptions>(
  {
    name: 'broadcast/breaker',
    about: 'Passes batches along a tree; links that do not answer are only probed.',
    options: { ...linkDefaults, ...treeDefaults },
    problem: (options) => linkProblem(options) ?? treeProblem(options),
    peers: (ctx) => treePeers(ctx.nodes, ctx.self, ctx.options.fanout),
    route: () => true,
  },
);
