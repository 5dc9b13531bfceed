// Novelty-guided search: a run that visits abstract states which no run of its block has visited is
// kept, and later runs are made from it by changing a fault or the seed (as fuzzers do with inputs;
// for distributed systems Mallory, Meng et al., CCS 2023, and ModelFuzz, OOPSLA 2025). What is kept
// is a scenario file with every fault at its time, so that changes are small. It stays within the
// kinds of faults that the scenario has.
import { type Random, stream } from '../../kernel/random.js';
import type { Micros } from '../../kernel/time.js';
import { seedAt } from '../hunt/seeds.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import type { Ground, Search, Strategy, Trial } from '../strategy.js';
import { explicit, kindsOf, mutated } from './mutation.js';
import { type Visits, watched } from './states.js';
import { swarmed, swarmFiles, variantMaker } from './swarm.js';

/** Trials that learn from each other. */
const blockSize = 256;

/** So many first trials of a block are a swarm's, and one in four of the rest. */
const swarmsMin = 16;

/** More than this is not kept: the first are forgotten. */
const corpusMax = 64;

export const novelty: Strategy = {
  name: 'novelty',
  about: 'Changes the faults of runs that have visited states which no other run has.',
  plan: (ground) => ({
    blockSize,
    trials: ground.seeds,
    block: (index) => searchOf(ground, index),
  }),
};

/** A run worth changing, and when in it something new was seen last. */
interface Specimen {
  readonly file: ScenarioFile;
  readonly seed: string;
  readonly newAtUs: Micros;
}

function searchOf({ scenario, seed, seeds }: Ground, block: number): Search {
  const make = variantMaker(scenario);
  const random = stream(`${seed}/${block}`, 'novelty');
  const known = new Set<number>();
  const corpus: Specimen[] = [];
  const first = block * blockSize;
  const count = Math.min(blockSize, (seeds ?? Number.POSITIVE_INFINITY) - first);
  let place = 0;
  let visits: Visits = { atUs: new Map() };
  let trial: Trial | undefined;
  return {
    next: () => {
      if (place >= count) return undefined;
      const own = seedAt(seed, first + place++);
      const parent = parentOf(corpus, place, random);
      trial = parent === undefined ? fresh(scenario, make, own) : child(parent, scenario, own);
      visits = { atUs: new Map() };
      const protocol = watched(trial.scenario.protocol, visits);
      return { ...trial, scenario: { ...trial.scenario, protocol } };
    },
    learn: () => {
      const fresh = [...visits.atUs].filter(([what]) => !known.has(what));
      if (trial === undefined || fresh.length === 0) return;
      for (const [what] of fresh) known.add(what);
      const newAtUs = fresh.reduce((latest, [, atUs]) => Math.max(latest, atUs), 0);
      corpus.push({ file: trial.file, seed: trial.seed, newAtUs });
      if (corpus.length > corpusMax) corpus.shift();
    },
  };

  function child(parent: Specimen, original: Scenario, own: string): Trial {
    const kept = random.below(2) === 0 ? parent.seed : own;
    const kinds = kindsOf(original);
    const file = mutated(
      parent.file,
      { scenario: original, kinds, newAtUs: parent.newAtUs },
      random,
    );
    return swarmed(make, [file, parent.file, original.file], kept);
  }
}

/** Those found last are new ground more often than others. */
function parentOf(
  corpus: readonly Specimen[],
  place: number,
  random: Random,
): Specimen | undefined {
  if (corpus.length === 0 || place <= swarmsMin || random.below(4) === 0) return undefined;
  return random.pick(random.below(2) === 0 ? corpus.slice(-8) : corpus);
}

function fresh(
  scenario: Scenario,
  make: (file: ScenarioFile) => Scenario | undefined,
  seed: string,
): Trial {
  const trial = swarmed(make, swarmFiles(scenario, stream(seed, 'swarm')), seed);
  const file = explicit(trial.scenario, seed);
  return swarmed(make, [file, trial.file], seed);
}
