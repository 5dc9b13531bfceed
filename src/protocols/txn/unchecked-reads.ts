// BROKEN: as `txn-list-append/root`, but a transaction that only reads is answered from the root
// that its node happens to know. That is serializable still: the past was consistent. It is not
// strictly so. Maelstrom, doc/05-datomic, 04-optimization.
import type { AnyProtocol } from '../../node/protocol.js';
import { datomic } from './datomic.js';

export const uncheckedReads: AnyProtocol = datomic({
  name: 'txn-list-append/unchecked-reads',
  about: 'Broken: answers transactions that only read from a root that may be old.',
  waitsForThunks: true,
  checksReads: false,
});
