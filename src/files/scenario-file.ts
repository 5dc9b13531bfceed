// Scenario files: from a path to a scenario, with every problem at its line and column; and back
// to text.
import { acceptScenario } from '../scenario/accept.js';
import type { Catalogue, Modules } from '../scenario/catalogue.js';
import { withConstants, written } from '../scenario/constants.js';
import { conforms } from '../scenario/form.js';
import type { Scenario, ScenarioInput } from '../scenario/scenario.js';
import type { ScenarioFile } from '../scenario/schema.js';
import { type Problem, UsageError } from '../scenario/usage-error.js';
import { loadModules } from './modules.js';
import { catalogueOf } from './named-code.js';
import { shippedSchema } from './shipped.js';
import { readText } from './text-file.js';
import { formatYaml, parseYaml, type YamlText } from './yaml-text.js';

/** Problems of one file that a message names. */
const problemsMax = 10;

/** Reads a scenario file and the modules it names. Throws a UsageError with all its problems. */
export async function loadScenario(path: string): Promise<Scenario> {
  const yaml = parseYaml(readText(path, 'scenario file'));
  if (yaml.problems.length > 0) throw errorOf(yaml.problems, yaml, path);
  if (yaml.value === null || yaml.value === undefined) throw emptyError(path);
  const { modules, problems } = await loadModules(yaml.value, path);
  try {
    const scenario = await read(yaml.value, modules);
    if (problems.length === 0) return scenario;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // A module that could not be loaded is named once, with its reason.
    const taken = new Set(problems.map((problem) => JSON.stringify(problem.path)));
    const others = error.problems.filter((problem) => !taken.has(JSON.stringify(problem.path)));
    throw errorOf([...problems, ...others], yaml, path);
  }
  throw errorOf(problems, yaml, path);
}

/**
 * The scenario that code describes, as `scenarioOf` has it, but of our own code no more is loaded
 * than it names. Its workload is one of ours. Throws a UsageError with all problems.
 */
export function namedScenario(input: ScenarioInput, modules: Modules): Promise<Scenario> {
  const { file, constants } = written(input);
  return read(file, modules, constants);
}

/** What conforms is accepted as it is; zod is loaded to explain the rest. */
async function read(value: unknown, modules: Modules, constants?: Catalogue): Promise<Scenario> {
  const schema = shippedSchema();
  if (schema !== undefined && conforms(value, schema)) {
    const catalogue = await catalogueOf(value, modules, constants);
    return acceptScenario(value as ScenarioFile, { catalogue, modules });
  }
  const { readScenario } = await import('../scenario/read.js');
  const { registries } = await import('../scenario/registries.js');
  const catalogue = constants === undefined ? registries : withConstants(registries, constants);
  return readScenario(value, modules, catalogue);
}

/** A scenario as the text of a file, in the order in which its fields are given. */
export function scenarioText(file: ScenarioFile): string {
  const entries = Object.entries(file).filter(([, value]) => value !== undefined);
  return formatYaml(Object.fromEntries(entries));
}

function errorOf(problems: readonly Problem[], yaml: YamlText, path: string): UsageError {
  const placed = problems.map((problem) => ({
    ...problem,
    place: problem.place ?? yaml.place(problem.path, problem.target),
  }));
  const order = ({ place }: (typeof placed)[number]): number => place.line * 10_000 + place.column;
  const sorted = placed.sort((a, b) => order(a) - order(b)).slice(0, problemsMax);
  const [first, ...others] = sorted;
  if (first === undefined) throw new Error('an error has a problem');
  return new UsageError([first, ...others], path);
}

function emptyError(path: string): UsageError {
  const expected = 'a map with version, about, expect, protocol and nodes';
  return new UsageError(
    [{ about: `scenario file ${path} is empty`, path: [], target: 'value', expected }],
    path,
  );
}
