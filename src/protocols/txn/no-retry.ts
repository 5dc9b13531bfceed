// BROKEN: as `txn-list-append/root`, but a thunk that lww-kv does not have yet is taken for an
// empty list, which the next append makes true. Maelstrom, doc/05-datomic, 03-shared-state.
import type { AnyProtocol } from '../../node/protocol.js';
import { datomic } from './datomic.js';

export const noRetry: AnyProtocol = datomic({
  name: 'txn-list-append/no-retry',
  about: 'Broken: takes a list that is not there yet for an empty one.',
  waitsForThunks: false,
  checksReads: true,
});
