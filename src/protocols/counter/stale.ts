// BROKEN: as `g-counter/seq-kv`, but a read is just a read, and so of a state that may long be
// past.
import type { AnyProtocol } from '../../node/protocol.js';
import { overSeqKv } from './over-seq-kv.js';

export const stale: AnyProtocol = overSeqKv({
  name: 'g-counter/stale',
  about: 'Broken: reads the counter from seq-kv as it once was.',
  syncs: false,
});
