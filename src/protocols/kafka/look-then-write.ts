// BROKEN: as `kafka/lin-kv`, but an offset that was seen free is written without a compare-and-set:
// of two who see it so one is acknowledged and overwritten.
import type { AnyProtocol } from '../../node/protocol.js';
import { inSlots } from './slots.js';

export const lookThenWrite: AnyProtocol = inSlots({
  name: 'kafka/look-then-write',
  about: 'Broken: writes to an offset that it saw free, over what came there meanwhile.',
  claims: 'look-then-write',
  resends: false,
  sharesCommits: true,
});
