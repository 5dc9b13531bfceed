// The recipe of the seed, §3.3 of Goobly's notes, filled out: see goobly-like.ts. Nothing but the
// drain protects a state: records of an old ring are taken by whoever gets them.
//
// Survives crashes, pauses, partitions, slow stores, clocks of any kind; coordinators that die.
// Needs channels that keep the order (transport `connection`): a copy of a record that comes after
// the watermark behind it is counted again.
import { type GooblyProtocol, gooblyLike } from './goobly-like.js';

export const drain: GooblyProtocol = gooblyLike({
  name: 'goobly/drain',
  about: 'Rescales a stateful operator: pause, watermark, checkpoint, tell parents, scale, resume.',
  drain: true,
  fence: false,
  paused: 'all',
  restore: 'once',
  timers: 'move',
  abort: true,
  firing: 'one step',
  clock: 'lapse',
});
