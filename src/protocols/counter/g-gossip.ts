// A grow-only counter as a CRDT: see tallies.ts.
//
// Survives partitions, loss, duplicates between nodes and any order. An add that reaches its node
// twice counts twice, and what a node had told nobody when it crashed is gone.
import type { AnyProtocol } from '../../node/protocol.js';
import { addApart, tallying } from './tallies.js';

export const gGossip: AnyProtocol = tallying({
  name: 'g-counter/gossip',
  about: 'Nodes tell each other how much each of them was told to add.',
  add: addApart,
});
