// A counter in the service seq-kv: see over-seq-kv.ts. Gossip Glomers 4.
//
// Survives partitions between nodes and crashes of nodes: all that matters is in the service. A
// message to the service that arrives twice may add twice.
import type { AnyProtocol } from '../../node/protocol.js';
import { overSeqKv } from './over-seq-kv.js';

export const seqKv: AnyProtocol = overSeqKv({
  name: 'g-counter/seq-kv',
  about: 'Compares and sets one value of seq-kv; changes something before each read.',
  syncs: true,
});
