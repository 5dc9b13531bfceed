// Flooding with retries: each new value goes to the neighbours at once and again until each of them
// has acknowledged it. Gossip Glomers 3c; Maelstrom, doc/03-broadcast, "Fault Tolerance".
//
// Survives partitions, loss, duplicates, delays, reordering, pauses, and members that join and
// leave. Everything is in memory: what a node acknowledged and had passed on to nobody when it
// crashed is gone, and a node that restarts is sent only what its neighbours still owe it.
// `broadcast/durable` survives crashes.
import { neighboursOf } from './bodies.js';
import { type RungProtocol, rung } from './ladder.js';
import { type RetryOptions, retryDefaults, retryProblem } from './outbox.js';

export const floodRetry: RungProtocol<RetryOptions> = rung({
  name: 'broadcast/flood-retry',
  about: 'Passes each new value to its neighbours, again until they acknowledge it.',
  options: retryDefaults,
  problem: retryProblem,
  neighbours: (ctx, told) => (told === undefined ? [] : neighboursOf(told, ctx.self)),
  waitUs: () => 0,
});
