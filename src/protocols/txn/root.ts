// Strict serializable transactions over lists by one root in lin-kv: see datomic.ts. Maelstrom,
// doc/05-datomic.
//
// Survives partitions between nodes, crashes of nodes, and lost messages. All transactions contend
// for one value, so that few at a time succeed.
import type { AnyProtocol } from '../../node/protocol.js';
import { datomic } from './datomic.js';

export const root: AnyProtocol = datomic({
  name: 'txn-list-append/root',
  about: 'Keeps lists as immutable thunks in lww-kv, and swaps one root in lin-kv.',
  waitsForThunks: true,
  checksReads: true,
});
