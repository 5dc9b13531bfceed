// BROKEN: as `lock/lin-kv`, but a lock is looked at first and taken then: two who look at once both
// take it.
import type { AnyProtocol } from '../../node/protocol.js';
import { overLinKv } from './over-lin-kv.js';

export const lookThenWrite: AnyProtocol = overLinKv({
  name: 'lock/look-then-write',
  about: 'Broken: takes a lock that it saw free, without a compare-and-set.',
  acquires: 'look-then-write',
  checksHolder: true,
});
