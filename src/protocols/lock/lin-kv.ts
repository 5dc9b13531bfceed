// Locks in the service lin-kv, taken and given back by compare-and-set: see over-lin-kv.ts.
//
// Survives partitions between nodes, crashes of nodes, and lost messages. There is no lease: a
// client that is gone holds its lock for ever. A request that arrives twice may take a lock that
// was given back meanwhile.
import type { AnyProtocol } from '../../node/protocol.js';
import { overLinKv } from './over-lin-kv.js';

export const linKv: AnyProtocol = overLinKv({
  name: 'lock/lin-kv',
  about: 'Compares and sets the name of the holder, kept in lin-kv.',
  acquires: 'cas',
  checksHolder: true,
});
