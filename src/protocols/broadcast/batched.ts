// Broadcast in batches: over the same tree as `broadcast/tree-retry`, but a new value waits up to
// `flushUs` at each hop so that others can travel with it. Latency is traded for messages. Gossip
// Glomers 3e: fewer than 20 messages an operation, half of the values everywhere within a second
// and all within two.
//
// Survives what `broadcast/tree-retry` survives; in a crash the values that waited are lost too.
import type { Micros } from '../../kernel/time.js';
import { type RungProtocol, rung } from './ladder.js';
import { type RetryOptions, retryDefaults, retryProblem } from './outbox.js';
import { type TreeOptions, treeDefaults, treePeers, treeProblem } from './tree.js';

interface Options extends RetryOptions, TreeOptions {
  /** How long the first value of a batch waits for others. */
  readonly flushUs: Micros;
}

export const batched: RungProtocol<Options> = rung({
  name: 'broadcast/batched',
  about: 'Collects new values for a while and passes them along a tree in batches, with retries.',
  options: { ...retryDefaults, ...treeDefaults, flushUs: 100_000 },
  problem: (options) => retryProblem(options) ?? treeProblem(options),
  neighbours: (ctx) => treePeers(ctx.nodes, ctx.self, ctx.options.fanout),
  waitUs: (ctx) => ctx.options.flushUs,
});
