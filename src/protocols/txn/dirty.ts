// BROKEN: as `txn-rw-register/replicated`, but some transactions are refused after they have
// written, and what they wrote stays. Others read what was never committed.
import type { AnyProtocol } from '../../node/protocol.js';
import { lastWriter } from './last-writer.js';

export const dirty: AnyProtocol = lastWriter({
  name: 'txn-rw-register/dirty',
  about: 'Broken: aborts transactions after they have written, and takes nothing back.',
  refusesLate: true,
});
