// A recorded run once more, without its programs: the same world, in which everybody says what was
// said. It comes to the same digest, and is judged anew.
import type { AnyProtocol } from '../../node/protocol.js';
import type { Modules } from '../../scenario/catalogue.js';
import { readEdit } from '../../scenario/edits.js';
import { advance, begin } from '../../scenario/run.js';
import type { Scenario } from '../../scenario/scenario.js';
import { Conduct } from '../conduct.js';
import { pipedProtocol } from './protocol.js';
import { player, type Recording } from './recording.js';
import { hostedScenario, judged, type PipedRun, type PipedScenario } from './run.js';

/** A replay and whether it went as what was recorded. */
interface PipedReplay extends Omit<PipedRun, 'hosting' | 'recording'> {
  readonly identical: boolean;
}

/** The scenario of a recording whose programs say in every world what they said. */
export function playedScenario(
  recording: Recording,
  scenario: PipedScenario = recording.scenario as PipedScenario,
): Scenario {
  return played(recording, scenario, () => new Conduct());
}

/** Replays a recording. Throws a UsageError if its scenario is not sound. */
export function replayPiped(recording: Recording, modules?: Modules): PipedReplay {
  const { digest, edits, seed } = recording;
  const conduct = new Conduct();
  const scenario = played(recording, recording.scenario as PipedScenario, () => conduct, modules);
  const running = begin(scenario, seed, edits.map(readEdit));
  while (advance(running, eventsAtOnce));
  const run = judged(running);
  return { ...run, violations: conduct.violations, identical: run.digest === digest };
}

function played(
  { command, readings, turnUs }: Recording,
  scenario: PipedScenario,
  conductOf: () => Conduct,
  modules?: Modules,
): Scenario {
  const perWorld = (services: readonly string[]): AnyProtocol => {
    const parts = { host: player(readings), conduct: conductOf(), turnUs, services };
    return pipedProtocol({ name: command.bin, ...parts }) as AnyProtocol;
  };
  const protocol = { ...perWorld([]), hosted: { perWorld, ended: () => {}, keyedByLink: true } };
  return hostedScenario(scenario, protocol as AnyProtocol, modules);
}

const eventsAtOnce = 8_192;
