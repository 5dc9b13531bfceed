// How a hunt that was interrupted goes on: the command that tries what has not been tried. Where
// the trials of a strategy are not one a seed, or seeds are words, there is none; nor of a shard.
import { seedAt } from '../../scenario/hunt/seeds.js';
import { shellWord } from '../../scenario/report.js';
import { strategies } from '../../scenario/strategies/index.js';

/** What was hunted, and how far. */
interface Interrupted {
  readonly scenario: string;
  readonly strategy: string;
  readonly seed: string;
  /** Of how many seeds; `undefined`: without end. */
  readonly seeds: number | undefined;
  /** The first one that has not been tried; of those behind it some may have been. */
  readonly open: number;
}

/** The command that goes on, or `undefined`. */
export function resumption(
  { scenario, strategy, seed, seeds, open }: Interrupted,
  command: string,
): string | undefined {
  if (strategies.get(strategy)?.bySeed !== true || !/^\d{1,15}$/.test(seed)) return undefined;
  const words = [command, 'hunt', shellWord(scenario), '--seed', seedAt(seed, open)];
  if (seeds !== undefined) words.push('--seeds', String(seeds - open));
  return [...words, '--strategy', strategy].join(' ');
}
