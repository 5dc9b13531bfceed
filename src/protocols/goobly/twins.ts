// `goobly/drain` with one mistake each: what its rules are there for. The fence is off, as it would
// hide the first two. Names and rates of the same mistakes in a model: `npm run sweep:goobly`.
import { type GooblyProtocol, gooblyLike } from './goobly-like.js';

export const noDrain: GooblyProtocol = gooblyLike({
  name: 'goobly/no-drain',
  about: 'Broken: saves its state with records under way to it.',
  drain: false,
  fence: false,
  paused: 'all',
  restore: 'once',
  timers: 'move',
  abort: true,
  firing: 'one step',
  clock: 'lapse',
});

export const missingParent: GooblyProtocol = gooblyLike({
  name: 'goobly/missing-parent',
  about: 'Broken: one parent is not told that there is a rescale.',
  drain: true,
  fence: false,
  paused: 'all but one',
  restore: 'once',
  timers: 'move',
  abort: true,
  firing: 'one step',
  clock: 'lapse',
});

export const doubleRestore: GooblyProtocol = gooblyLike({
  name: 'goobly/double-restore',
  about: 'Broken: what is restored again is added again.',
  drain: true,
  fence: false,
  paused: 'all',
  restore: 'again',
  timers: 'move',
  abort: true,
  firing: 'one step',
  clock: 'lapse',
});

export const timersStay: GooblyProtocol = gooblyLike({
  name: 'goobly/timers-stay',
  about: 'Broken: the timers of a key that moves stay behind, too.',
  drain: true,
  fence: false,
  paused: 'all',
  restore: 'once',
  timers: 'stay too',
  abort: true,
  firing: 'one step',
  clock: 'lapse',
});

export const timersLost: GooblyProtocol = gooblyLike({
  name: 'goobly/timers-lost',
  about: 'Broken: the timers of a key do not move with it.',
  drain: true,
  fence: false,
  paused: 'all',
  restore: 'once',
  timers: 'are lost',
  abort: true,
  firing: 'one step',
  clock: 'lapse',
});

export const noAbort: GooblyProtocol = gooblyLike({
  name: 'goobly/no-abort',
  about: 'Broken: a rescale that cannot succeed is never given up.',
  drain: true,
  fence: false,
  paused: 'all',
  restore: 'once',
  timers: 'move',
  abort: false,
  firing: 'one step',
  clock: 'lapse',
});

export const outputFirst: GooblyProtocol = gooblyLike({
  name: 'goobly/output-first',
  about: 'Broken: an output is sent before it is on disk that its timer has fired.',
  drain: true,
  fence: false,
  paused: 'all',
  restore: 'once',
  timers: 'move',
  abort: true,
  firing: 'output first',
  clock: 'lapse',
});

export const wallClock: GooblyProtocol = gooblyLike({
  name: 'goobly/wall-clock',
  about: 'Broken: timers look at the wall clock, which may jump back.',
  drain: true,
  fence: false,
  paused: 'all',
  restore: 'once',
  timers: 'move',
  abort: true,
  firing: 'one step',
  clock: 'wall',
});
