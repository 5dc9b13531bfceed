// Blocks of a plan, tried one after the other, in this thread.
import type { Run } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { Plan, Trial } from '../strategy.js';
import { added, type Tally } from './tally.js';
import { startOf, type Tried, tryOut } from './trial.js';

/** Who looks on while blocks are tried. */
interface Watch {
  /** A trial is about to be run; what it answers stands for it instead, if it is a tally. */
  begins?(trial: Trial, index: number): Tally | undefined;
  /** A trial goes on. */
  beat?(): void;
  /** A trial is over. */
  ended?(run: Run | undefined, index: number): void;
  /** Whether to stop after what has been found so far. */
  enough?(tally: Tally): boolean;
}

/** What blocks have come to. */
export interface Hunted {
  readonly tally: Tally;
  /** `enough` had it end before all was tried. */
  readonly cut: boolean;
}

/** Tries the blocks with these numbers. */
export function huntBlocks(
  original: Scenario,
  plan: Plan,
  blocks: Iterable<number>,
  watch: Watch = {},
): Hunted {
  let tally = startOf(original);
  const beat = (): void => watch.beat?.();
  for (const block of blocks) {
    const search = plan.block(block);
    let index = block * plan.blockSize;
    for (let trial = search.next(); trial !== undefined; trial = search.next()) {
      const instead = watch.begins?.(trial, index);
      const tried: Tried =
        instead === undefined
          ? tryOut(original, trial, index, beat)
          : { tally: instead, run: undefined };
      if (tried.run !== undefined) search.learn?.(tried.run);
      tally = added(tally, tried.tally);
      watch.ended?.(tried.run, index);
      if (watch.enough?.(tally) === true) return { tally, cut: true };
      index++;
    }
  }
  return { tally, cut: false };
}
