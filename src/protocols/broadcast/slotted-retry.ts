// Broadcast over a phase-slotted hub with acknowledgements: the schedule of `broadcast/slotted`
// with the outbox of the lower rungs, so each message costs one more.
//
// Survives what `broadcast/flood-retry` survives, but everything hangs on the hub: while it is cut
// off, paused or down nobody learns anything from anybody, and in a crash it forgets what it has
// acknowledged and not handed out.
import { type RungProtocol, rung } from './ladder.js';
import { type RetryOptions, retryDefaults, retryProblem } from './outbox.js';
import { type SlotOptions, slotDefaults, slotProblem, starPeers, untilSlotUs } from './slots.js';

export const slottedRetry: RungProtocol<RetryOptions & SlotOptions> = rung<
  RetryOptions & SlotOptions
>({
  name: 'broadcast/slotted-retry',
  about: 'Collects values at a hub in slots and hands them out, again until acknowledged.',
  options: { ...retryDefaults, ...slotDefaults },
  problem: (options) => retryProblem(options) ?? slotProblem(options),
  neighbours: starPeers,
  waitUs: untilSlotUs,
});
