// A counter that grows and shrinks as a CRDT, one tally for each direction: see tallies.ts.
//
// Survives partitions, loss, duplicates between nodes and any order. An add that reaches its node
// twice counts twice, and what a node had told nobody when it crashed is gone.
import type { AnyProtocol } from '../../node/protocol.js';
import { addApart, tallying } from './tallies.js';

export const pnGossip: AnyProtocol = tallying({
  name: 'pn-counter/gossip',
  about: 'Nodes tell each other how much each was told to add and to take away.',
  add: addApart,
});
