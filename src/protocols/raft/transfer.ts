// Leadership transfer (§3.10): the leader takes no more commands, brings a follower up to date and
// tells it to begin an election at once. If that does not happen soon, it goes on as before.
import type { Ctx } from './bodies.js';
import { configuration, lastIndex } from './log.js';
import type { Leadership, State } from './state.js';

/** Chooses a member to hand over to. */
export function beginTransfer({ log, self }: State, lead: Leadership, ctx: Ctx): void {
  const others = configuration(log).members.filter((member) => member !== self);
  if (lead.transfer !== undefined || others.length === 0) return;
  const { electionUs, heartbeatUs } = ctx.options;
  const beats = Math.ceil(electionUs / heartbeatUs);
  lead.transfer = { target: ctx.random.pick(others), beats, sent: false };
}

/**
 * Tells the successor as soon as it has all entries. From then on it may be elected at any moment,
 * however long the message takes: this leader's leases are over for good (§6.4.1).
 */
export function handOver({ log, term }: State, lead: Leadership, ctx: Ctx): void {
  const { transfer, progress, lease } = lead;
  if (transfer === undefined || transfer.sent) return;
  if (progress.get(transfer.target)?.match !== lastIndex(log)) return;
  transfer.sent = true;
  if (lease !== undefined) lease.forfeited = true;
  ctx.send(transfer.target, { type: 'timeout-now', term });
}

/** At each heartbeat: it has gone on for an election timeout, and is given up. */
export function giveUpTransfer(lead: Leadership): void {
  if (lead.transfer !== undefined && lead.transfer.beats-- <= 0) lead.transfer = undefined;
}
