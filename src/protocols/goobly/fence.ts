// A rescale without pause and without watermarks: see goobly-like.ts. An instance that has saved
// its state refuses what was sent under the old ring, with the new ring in the refusal; parents
// send it again to whom that gives the key, who knows what is in the state that has come.
//
// Survives crashes, pauses, partitions, losses, copies, any order, slow stores, clocks of any kind;
// coordinators that die.
import { type GooblyProtocol, gooblyLike } from './goobly-like.js';

export const fence: GooblyProtocol = gooblyLike({
  name: 'goobly/fence',
  about: 'Rescales a stateful operator: records of an old ring are refused and sent again.',
  drain: false,
  fence: true,
  paused: 'none',
  restore: 'once',
  timers: 'move',
  abort: true,
  firing: 'one step',
  clock: 'lapse',
});
