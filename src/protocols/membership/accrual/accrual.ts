// Membership by push-pull anti-entropy with the φ accrual failure detector; see accrual-like.ts.
//
// Survives loss, delays, duplicates, reordering, partitions, crashes, pauses, and members that
// join, leave and come back. It measures intervals by its node's own clock: one that jumps ahead
// has everybody convicted until their next heartbeats.
import { type AccrualProtocol, accrualLike } from './accrual-like.js';

export const accrual: AccrualProtocol = accrualLike({
  name: 'membership/accrual',
  about: 'Compares heartbeats with one node a second; convicts by how long they are overdue.',
  generation: (life) => life,
});

/** What a generation is for: without one, nobody believes a node that counts from 0 again. */
export const oneGeneration: AccrualProtocol = accrualLike({
  name: 'membership/accrual-one-generation',
  about: 'Broken: a node that comes back from a crash counts its heartbeats from 0 again.',
  generation: () => 1,
});
