// Logs in the service lin-kv, a key for each offset: see slots.ts. Gossip Glomers 5b and 5c.
//
// Survives partitions between nodes, crashes of nodes, and lost messages. A request to the service
// that arrives twice changes nothing: a slot is filled once.
import type { AnyProtocol } from '../../node/protocol.js';
import { inSlots } from './slots.js';

export const linKv: AnyProtocol = inSlots({
  name: 'kafka/lin-kv',
  about: 'Claims each offset by compare-and-set in lin-kv; keeps what it has read.',
  claims: 'cas',
  resends: false,
  sharesCommits: true,
});
