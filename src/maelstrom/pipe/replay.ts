// A recorded run once more, without its programs: the same world, in which everybody says what was
// said. It comes to the same digest, and is judged anew.
import { readEdit } from '../../scenario/edits.js';
import { advance, begin } from '../../scenario/run.js';
import type { Scenario } from '../../scenario/scenario.js';
import { Conduct } from './conduct.js';
import { player, type Recording } from './recording.js';
import { hostedScenario, judged, type PipedRun, type PipedScenario } from './run.js';

/** A replay and whether it went as what was recorded. */
interface PipedReplay extends Omit<PipedRun, 'hosting' | 'recording'> {
  readonly identical: boolean;
}

/** The scenario of a recording whose programs say what they said; good for one world. */
export function playedScenario({ command, readings, scenario, turnUs }: Recording): Scenario {
  const options = { host: player(readings), conduct: new Conduct(), turnUs };
  return hostedScenario(scenario as PipedScenario, command.bin, options);
}

/** Replays a recording. Throws a UsageError if its scenario is not sound. */
export function replayPiped(recording: Recording): PipedReplay {
  const { command, digest, edits, readings, scenario, seed, turnUs } = recording;
  const conduct = new Conduct();
  const host = player(readings);
  const hosted = hostedScenario(scenario as PipedScenario, command.bin, { host, conduct, turnUs });
  const running = begin(hosted, seed, edits.map(readEdit));
  while (advance(running, eventsAtOnce));
  const run = judged(running, conduct);
  return { ...run, identical: run.digest === digest };
}

const eventsAtOnce = 8_192;
