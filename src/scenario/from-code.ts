// Scenarios written in code: the file's form, in which constants may stand for names.
import type { Modules } from './catalogue.js';
import { withConstants, written } from './constants.js';
import { readScenario } from './read.js';
import { registries } from './registries.js';
import type { Scenario, ScenarioInput } from './scenario.js';

/** The scenario that code describes; one that has been read already is returned as it is. */
export function scenarioOf(input: Scenario | ScenarioInput, modules?: Modules): Scenario {
  if ('file' in input) return input;
  const { file, constants } = written(input);
  const scenario = readScenario(file, modules, withConstants(registries, constants));
  const [given] = constants.workload.values();
  const isOwn = given !== undefined && registries.workload.get(given.name) !== given;
  return isOwn ? { ...scenario, ownWorkload: true } : scenario;
}
