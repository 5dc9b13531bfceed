// Broadcast that survives crashes: a value is acknowledged, to clients and neighbours alike, once a
// sync has made it durable here. Write-ahead logging's rule: log first, then say yes.
//
// Survives what `broadcast/flood-retry` survives, and crashes of any number of nodes, torn writes,
// and disks that are slow, full or fail a sync (it writes again before it syncs again: Rebello et
// al. 2020). Not a lost disk.
import { type LoggedProtocol, loggedBroadcast } from './logged.js';

export const durable: LoggedProtocol = loggedBroadcast({
  name: 'broadcast/durable',
  about: 'Acknowledges a value once it is synced to disk; passes it on until acknowledged.',
  acknowledge: 'when-synced',
});
