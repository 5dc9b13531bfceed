// The sound cluster of seed 000; see seeding-like.ts.
//
// Survives loss, delays, duplicates, reordering, partitions, crashes, pauses, and disks that are
// slow, full or fail a sync; members that come and go, as long as each home keeps a majority of its
// founders. Not a lost disk.
import { type SeedingProtocol, seedingLike } from './seeding-like.js';

export const seeding: SeedingProtocol = seedingLike({
  name: 'seeding',
  about: 'Any node takes a topo; n nodes seed it, one owns it by majority, all compute its units.',
  mistake: '',
});
