// Plumtree over HyParView; see plumtree-like.ts and hyparview.ts.
//
// Survives what `dissemination/anti-entropy` survives, by its backup; without it, single failures
// of links and nodes.
import { type PlumtreeProtocol, plumtreeLike } from './plumtree-like.js';

export const plumtree: PlumtreeProtocol = plumtreeLike({
  name: 'dissemination/plumtree',
  about: 'Broadcasts along a tree in a random overlay; links that only announce mend it.',
  graft: 'when missing',
});

/** What the lazy links are for. */
export const plumtreeNoGraft: PlumtreeProtocol = plumtreeLike({
  name: 'dissemination/plumtree-no-graft',
  about: 'Broken: hears that others have a value that it lacks, and does nothing about it.',
  graft: 'never',
});
