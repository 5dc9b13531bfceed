// The broken twin of `broadcast/durable`: it acknowledges a value as soon as it has it, and writes
// and syncs afterwards. A crash before the sync has completed loses a value that a client or a
// neighbour believes to be safe here, and nobody sends it again.
//
// Survives what `broadcast/flood-retry` survives, and crashes that strike between two syncs.
import { type LoggedProtocol, loggedBroadcast } from './logged.js';

export const unsynced: LoggedProtocol = loggedBroadcast({
  name: 'broadcast/unsynced',
  about: 'Broken: acknowledges a value before it is synced to disk, so a crash can lose it.',
  acknowledge: 'when-received',
});
