// Tasks under supervision; see supervised-like.ts.
//
// Survives crashes, pauses and partitions of machines, losses, copies, any order, slow and failing
// stores, outages of what tasks depend on. A scheduler that is down supervises nobody meanwhile.
import { type SupervisedProtocol, supervisedLike } from './supervised-like.js';

export const supervised: SupervisedProtocol = supervisedLike({
  name: 'goobly/supervised',
  about: 'Tasks on machines, tried again elsewhere up to N times; volumes outlive them; chill.',
  dependency: 'chill',
  givingUp: 'loud',
  volumes: 'fenced',
});

export const exceptionsCrash: SupervisedProtocol = supervisedLike({
  name: 'goobly/exceptions-crash',
  about: 'Broken: a dependency that is down uses up all retries, and input goes to nobody.',
  dependency: 'failure',
  givingUp: 'silent',
  volumes: 'fenced',
});

export const loudCrash: SupervisedProtocol = supervisedLike({
  name: 'goobly/gives-up',
  about: 'Broken, and says so: as exceptions-crash, but input that nobody works on is refused.',
  dependency: 'failure',
  givingUp: 'loud',
  volumes: 'fenced',
});

export const openVolumes: SupervisedProtocol = supervisedLike({
  name: 'goobly/open-volumes',
  about: 'Broken: a volume takes the writes of a task that was replaced.',
  dependency: 'chill',
  givingUp: 'loud',
  volumes: 'open',
});
