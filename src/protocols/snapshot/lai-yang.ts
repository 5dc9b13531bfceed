// Lai & Yang's snapshots; see lai-yang-like.ts.
//
// Survives delays, copies, any order, partitions that hold messages, pauses, slow nodes, clocks of
// any kind. A payment that is lost is waited for in vain: channels must be reliable. It does not
// survive crashes, which lose money.
import type { AnyProtocol } from '../../node/protocol.js';
import { laiYangLike } from './lai-yang-like.js';

export const laiYang: AnyProtocol = laiYangLike({
  name: 'snapshot/lai-yang',
  about: 'Snapshots by coloured messages, in whatever order they come; none may be lost.',
  red: 'records first',
  complete: 'all that was sent has come',
});

export const colourBlind: AnyProtocol = laiYangLike({
  name: 'snapshot/colour-blind',
  about: 'Broken: takes red payments in before it has recorded its state.',
  red: 'does not look at the colour',
  complete: 'all that was sent has come',
});

export const uncounted: AnyProtocol = laiYangLike({
  name: 'snapshot/uncounted',
  about: 'Broken: holds a snapshot for complete while white payments are under way.',
  red: 'records first',
  complete: 'everybody has recorded',
});
