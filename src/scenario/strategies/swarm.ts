// Swarm testing (Groce, Zhang, Eide, Chen, Regehr: Swarm testing, ISSTA 2012): each seed leaves out
// half of what a scenario can do, so that what is left does not get in its own way. A variant stays
// within what the scenario allows: a subset of its faults, seldomer or oftener, shorter; less loss;
// fewer nodes; other rates; never a fault that the scenario does not have.
import { type Random, stream } from '../../kernel/random.js';
import { seedAt } from '../hunt/seeds.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import { independent, type Strategy, type Trial } from '../strategy.js';
import { UsageError } from '../usage-error.js';
import { variantsOf } from '../variant.js';
import { fewerFaults } from './swarm-faults.js';
import { fewerNodes, otherNetwork, otherRate, shorter } from './swarm-sizes.js';

export const swarm: Strategy = {
  name: 'swarm',
  about: 'Each seed has its own subset of the faults, its own sizes and rates, often few nodes.',
  bySeed: true,
  plan: ({ scenario, seed, seeds }) => {
    const make = variantMaker(scenario);
    return independent(seeds, (index) => {
      const chosen = seedAt(seed, index);
      return swarmed(make, swarmFiles(scenario, stream(chosen, 'swarm')), chosen);
    });
  },
};

/** What the seed makes of a scenario: first choice first, the scenario as it is last. */
export function swarmFiles(scenario: Scenario, random: Random): readonly ScenarioFile[] {
  const { file } = scenario;
  const smaller = fewerNodes(scenario, random);
  const more = (base: ScenarioFile, isShorter: boolean): ScenarioFile => {
    const sized = isShorter ? shorter(base, scenario, random) : base;
    const faulty = fewerFaults(sized, scenario, random);
    return otherNetwork(otherRate(faulty, random), random);
  };
  if (tellsSizes(file)) return [more(file, false), file];
  return smaller === file
    ? [more(file, true), file]
    : [more(smaller, true), more(file, true), file];
}

/** What a scenario tells its checkers (a total, a bound on time) holds for its own sizes only. */
function tellsSizes({ checkers = [] }: ScenarioFile): boolean {
  return checkers.some((entry) => typeof entry !== 'string' && entry.options !== undefined);
}

/** The first of these files that makes a scenario, tried with a seed. */
export function swarmed(
  make: (file: ScenarioFile) => Scenario | undefined,
  files: readonly ScenarioFile[],
  seed: string,
): Trial {
  for (const file of files) {
    const scenario = make(file);
    if (scenario !== undefined) return { scenario, file, seed, edits: [] };
  }
  throw new Error('a scenario is a variant of itself');
}

/** Variants of a scenario; `undefined` for a file that does not fit together. */
export function variantMaker(original: Scenario): (file: ScenarioFile) => Scenario | undefined {
  const variants = variantsOf(original);
  return (file) => {
    if (file === original.file) return original;
    try {
      return variants(file);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return undefined; // Three nodes may be too few for the protocol's options, say.
    }
  };
}
