// The cluster of seed 000 with one mistake, which the option `mistake` names: see `mistakes` in
// rules.ts. For each there is a scenario that shows what the rule is there for.
import { type SeedingProtocol, seedingLike } from './seeding-like.js';

export const naive: SeedingProtocol = seedingLike({
  name: 'seeding/naive',
  about: 'Broken: one rule of `seeding` does not hold, the one that `mistake` names.',
  mistake: 'output-before-commit',
});
