// BROKEN: as `kafka/lin-kv`, but a node remembers committed offsets itself and tells nobody.
// Whoever asks another node, or this one after a crash, hears of none or of old ones. Maelstrom
// does not notice: it looks for committed offsets in the wrong place of the reply.
import type { AnyProtocol } from '../../node/protocol.js';
import { inSlots } from './slots.js';

export const ownCommits: AnyProtocol = inSlots({
  name: 'kafka/own-commits',
  about: 'Broken: each node keeps the offsets that were committed to it to itself.',
  claims: 'cas',
  resends: false,
  sharesCommits: false,
});
