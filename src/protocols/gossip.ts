// A building block: again and again a node tells all others what it knows, in one message each.
// Whatever is lost is said again, so partitions, loss, duplicates and any order are survived by
// states that merge. Costs n² messages a period, and as many bytes as there is to know.
import type { Micros } from '../kernel/time.js';
import type { Body } from '../node/message.js';
import type { Context, OptionProblem } from '../node/protocol.js';

/** It is time to tell. */
export interface GossipTimer {
  readonly type: 'gossip';
}

export interface GossipOptions {
  /** The longest time between two rounds; the shortest is half of it. */
  readonly gossipUs: Micros;
}

export const gossipDefaults: GossipOptions = { gossipUs: 500_000 };

export function gossipProblem({ gossipUs }: GossipOptions): OptionProblem | undefined {
  if (gossipUs >= 1_000) return undefined;
  return { option: 'gossipUs', expected: 'at least 1ms' };
}

type Ctx<B extends Body> = Context<B, GossipTimer, GossipOptions>;

/** Sets the timer of the next round; by chance, so that nodes do not speak in step. */
export function planGossip<B extends Body>(ctx: Ctx<B>): void {
  const { gossipUs } = ctx.options;
  const delayUs = gossipUs - ctx.random.below(Math.floor(gossipUs / 2) + 1);
  ctx.setTimer({ type: 'gossip' }, delayUs);
}

/** Tells all others, and plans the next round. */
export function tellAll<B extends Body>(body: B, ctx: Ctx<B>): void {
  for (const peer of ctx.nodes) if (peer !== ctx.self) ctx.send(peer, body);
  planGossip(ctx);
}
