// The scenario as it is, with one seed after the other.
import { seedAt } from '../hunt/seeds.js';
import { independent, type Strategy } from '../strategy.js';

export const uniform: Strategy = {
  name: 'uniform',
  about: 'The scenario as it is, with one seed after the other.',
  bySeed: true,
  plan: ({ scenario, seed, seeds }) =>
    independent(seeds, (index) => {
      return { scenario, file: scenario.file, seed: seedAt(seed, index), edits: [] };
    }),
};
