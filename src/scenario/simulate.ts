// A scenario, a seed and edits become a history and a verdict: the one way that tests, shrinkers
// and users' code take. `simulate` does all of it at once; `start`, `advance` and `finish` are its
// parts.
import type { Edit } from '../sim/edit.js';
import { scenarioOf } from './from-code.js';
import {
  advance,
  begin,
  finish,
  type Run,
  type Running,
  type RunOptions,
  sliceEvents,
} from './run.js';
import type { Scenario, ScenarioInput } from './scenario.js';

export { advance, finish, type Run, type Running, type RunOptions } from './run.js';

/**
 * Runs a scenario to its end and judges it. The same arguments give the same run, everywhere.
 * Throws a UsageError if the scenario is not sound.
 */
export function simulate(
  scenario: Scenario | ScenarioInput,
  seed?: string | number,
  edits: readonly Edit[] = [],
  options: RunOptions = {},
): Run {
  const running = start(scenario, seed, edits, options);
  while (advance(running, sliceEvents));
  return finish(running);
}

/** Begins a run; nothing has happened yet. Throws a UsageError if the scenario is not sound. */
export function start(
  scenario: Scenario | ScenarioInput,
  seed?: string | number,
  edits: readonly Edit[] = [],
  options: RunOptions = {},
): Running {
  return begin(scenarioOf(scenario), seed, edits, options);
}
