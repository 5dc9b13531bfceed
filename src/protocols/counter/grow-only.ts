// BROKEN: a grow-only counter where one is needed that shrinks, too. Of two tallies of a node the
// larger one is kept, which is the older one after something was taken away. Maelstrom,
// doc/04-crdts: the g-counter on the pn-counter workload.
import type { AnyProtocol } from '../../node/protocol.js';
import { addTogether, tallying } from './tallies.js';

export const growOnly: AnyProtocol = tallying({
  name: 'pn-counter/grow-only',
  about: 'Broken: keeps the largest total of each node, though totals may shrink.',
  add: addTogether,
});
