// A view and its followers; see view-like.ts.
//
// Survives crashes, pauses, partitions, losses, copies and any order: a follower that misses a
// change knows it by its number, and begins anew.
import { type ViewProtocol, viewLike } from './view-like.js';

export const view: ViewProtocol = viewLike({
  name: 'goobly/view',
  about: 'A table, and followers who get it as of one change and all later ones, none twice.',
  begins: 'at one number',
});

export const gapView: ViewProtocol = viewLike({
  name: 'goobly/gap-view',
  about: 'Broken: a follower gets a copy, then subscribes; what happens between passes it by.',
  begins: 'with a copy, then subscribes',
});
