// What a strategy of a hunt is: it says which runs to try. Each trial is plain data, a scenario
// file with a seed and edits, so that whoever has it needs nothing of the hunt to have the run
// again. Trials come in blocks. What a search learns from a run it uses in the same block only, so
// blocks can be dealt out to threads and machines, in any order, and come to the same.
import type { Edit } from '../sim/edit.js';
import type { Run } from './run.js';
import type { Scenario } from './scenario.js';
import type { ScenarioFile } from './schema.js';

/** What is hunted. */
export interface Ground {
  readonly scenario: Scenario;
  /** The first seed; the others count up from it: see `hunt/seeds.ts`. */
  readonly seed: string;
  /** How many runs, or of an exhaustive strategy how many seeds; `undefined`: without end. */
  readonly seeds: number | undefined;
}

/** One run to be tried. */
export interface Trial {
  /** What is run. A strategy that watches may have wrapped its protocol; that changes no event. */
  readonly scenario: Scenario;
  /** The same as plain data; the original's own file, the very object, if nothing is changed. */
  readonly file: ScenarioFile;
  readonly seed: string;
  readonly edits: readonly Edit[];
}

/** The trials of one block, one after the other. */
export interface Search {
  /** The next one; `undefined`: the block is done. */
  next(): Trial | undefined;
  /** What came of the trial that `next` gave last. Not told of a trial that could not be run. */
  learn?(run: Run): void;
}

/** All trials of a hunt, in blocks. */
export interface Plan {
  /** How many trials each block has; the last one may have fewer. */
  readonly blockSize: number;
  /** How many trials there are: the exact denominator; `undefined`: without end. */
  readonly trials: number | undefined;
  /** What the trials are, of a strategy that tries everything: `12 cuts × 16 times × 3 lengths`. */
  readonly about?: string;
  /** Begins a block; the same number gives the same block. */
  block(index: number): Search;
}

/** A way to look for failures. */
export interface Strategy {
  readonly name: string;
  /** One line for `stormglass list`. */
  readonly about: string;
  /** Its trial number i is that of seed number i alone: a hunt can go on from any seed. */
  readonly bySeed?: true;
  plan(ground: Ground): Plan;
}

/** How many blocks a plan has. */
export function blocksOf({ trials, blockSize }: Pick<Plan, 'blockSize' | 'trials'>): number {
  return trials === undefined ? Number.POSITIVE_INFINITY : Math.ceil(trials / blockSize);
}

/** A plan whose trials know nothing of each other. */
export function independent(
  trials: number | undefined,
  trialAt: (index: number) => Trial,
  about?: string,
): Plan {
  const block = (index: number): Search => {
    let asked = false;
    return {
      next: () => {
        if (asked) return undefined;
        asked = true;
        return trialAt(index);
      },
    };
  };
  return { blockSize: 1, trials, block, ...(about !== undefined && { about }) };
}
