// SWIM with one mistake each: what the rules of `membership/swim` are there for.
import { type SwimProtocol, swimLike } from './swim-like.js';

export const noRefutation: SwimProtocol = swimLike({
  name: 'membership/swim-no-refutation',
  about: 'Broken: a node that is suspected does not say that it lives.',
  refutation: 'none',
  restart: 'higher incarnation',
  failed: 'remembered',
});

export const noBump: SwimProtocol = swimLike({
  name: 'membership/swim-no-bump',
  about: 'Broken: a node that is suspected says that it lives in the incarnation that is doubted.',
  refutation: 'old incarnation',
  restart: 'higher incarnation',
  failed: 'remembered',
});

export const amnesiac: SwimProtocol = swimLike({
  name: 'membership/swim-amnesiac',
  about: 'Broken: a node comes back from a crash in its first incarnation.',
  refutation: 'new incarnation',
  restart: 'first incarnation',
  failed: 'remembered',
});

export const forgetful: SwimProtocol = swimLike({
  name: 'membership/swim-forgetful',
  about: 'Broken: forgets who has failed, and takes them for alive when it hears of them again.',
  refutation: 'new incarnation',
  restart: 'higher incarnation',
  failed: 'forgotten',
});
