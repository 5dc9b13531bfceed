// A building block: a star whose hub sends in slots, and whose leaves send just so early that what
// they say arrives right before the hub's slot. Every value then waits once, for its slot, and
// travels two hops. Per period of T each leaf sends at most once and the hub once to each leaf:
//
//   messages/s = (n − 1)/T·(1 − e^(−λT)) + (n − 1)/T; latency ≤ T + 2 hops
//
// where λ is how many values a second a leaf is told.
//
// All-to-all gossip needs 2n − 2 messages (Harary & Schwenk 1974), so no schedule does much better.
// Slots are read off the node's own clock; where that is wrong, values wait longer.
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { Context, OptionProblem } from '../../node/protocol.js';

export interface SlotOptions {
  /** From one slot of the hub to the next. */
  readonly slotUs: Micros;
  /** How long before the hub's slot a leaf sends: a hop, or a little more. */
  readonly leadUs: Micros;
}

/** For 100 ms a hop: half of the values are everywhere within 400 ms and all within 600 ms. */
export const slotDefaults: SlotOptions = { slotUs: 395_000, leadUs: 101_000 };

/** A leaf's lead is shorter than a period. */
export function slotProblem({ slotUs, leadUs }: SlotOptions): OptionProblem | undefined {
  if (slotUs < 1_000) return { option: 'slotUs', expected: 'at least 1ms' };
  return leadUs < slotUs ? undefined : { option: 'leadUs', expected: 'shorter than `slot`' };
}

type Ctx = Pick<Context<never, never, SlotOptions>, 'self' | 'nodes' | 'nowUs' | 'options'>;

/** The hub is the first member. */
const isHub = ({ nodes, self }: Ctx): boolean => nodes[0] === self;

/** All others of the hub, the hub of the others. */
export const starPeers = (ctx: Ctx): readonly NodeId[] =>
  isHub(ctx) ? ctx.nodes.slice(1) : ctx.nodes.slice(0, 1);

/** From now to this node's next slot, at least 1 µs. */
export function untilSlotUs(ctx: Ctx): Micros {
  const { slotUs, leadUs } = ctx.options;
  const phaseUs = isHub(ctx) ? 0 : slotUs - leadUs;
  const sinceUs = (((ctx.nowUs - phaseUs) % slotUs) + slotUs) % slotUs;
  return slotUs - sinceUs;
}
