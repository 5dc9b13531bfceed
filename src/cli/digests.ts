// `stormglass digests`, hidden: what `check-determinism` asks of a fresh process, a line per seed.
import { loadScenario } from '../files/scenario-file.js';
import { advance, begin, sliceEvents } from '../scenario/run.js';
import type { Io } from './io.js';

/** What a run came to, in brief. */
export interface DigestLine {
  readonly seed: string;
  readonly events: number;
  readonly digest: string;
}

/** Runs a scenario with each seed; the answer is the exit code. */
export async function digests(file: string, seeds: readonly string[], io: Io): Promise<number> {
  const scenario = await loadScenario(file);
  for (const seed of seeds) {
    const running = begin(scenario, seed);
    while (advance(running, sliceEvents)) await io.pause();
    const { events, digest } = running.world;
    const line: DigestLine = { seed, events, digest: digest.toString() };
    io.stdout.write(`${JSON.stringify(line)}\n`);
  }
  return 0;
}
