// Transactions over registers on every node, each answered at once: see last-writer.ts. Read
// committed and totally available: a transaction sees others whole and committed, but not all of
// them, and of two that write one key the later one silently wins. Gossip Glomers 6c.
//
// Survives partitions, loss, duplicates and any order. What a node had told nobody when it crashed
// is gone.
import type { AnyProtocol } from '../../node/protocol.js';
import { lastWriter } from './last-writer.js';

export const replicated: AnyProtocol = lastWriter({
  name: 'txn-rw-register/replicated',
  about: 'Answers at once and tells the others later; the last writer wins. Read committed.',
  refusesLate: false,
});
