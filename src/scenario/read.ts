// From the form of a scenario file to a scenario: schema, then names, then whether all fits. All
// problems are found at once and thrown as one UsageError; nothing is read half.
import * as z from 'zod/mini';
import { acceptScenario, rootFields } from './accept.js';
import type { Catalogue, Modules } from './catalogue.js';
import type { Report } from './complaint.js';
import { problemsOf } from './problems.js';
import { registries } from './registries.js';
import type { Scenario } from './scenario.js';
import { type ScenarioFile, scenarioSchema } from './schema.js';
import type { Problem } from './usage-error.js';

/**
 * The scenario that `value` describes: data in the form of a scenario file. `modules` holds what
 * the paths in it stand for. Throws a UsageError with all problems.
 */
export function readScenario(
  value: unknown,
  modules: Modules = new Map(),
  catalogue: Catalogue = registries,
): Scenario {
  const problems: Problem[] = [];
  const { file, sound } = readForm(value, (problem) => problems.push(problem));
  return acceptScenario(file, { modules, catalogue, sound, problems });
}

/** What stands for required fields that are wrong, so that the rest can still be checked. */
const placeholders: ScenarioFile = {
  version: 1,
  about: 'placeholder',
  expect: 'valid',
  protocol: 'placeholder',
  nodes: 1,
};

function readForm(
  value: unknown,
  report: Report,
): { file: ScenarioFile; sound: ReadonlySet<string> } {
  const whole = z.safeParse(scenarioSchema, value);
  if (whole.success) return { file: whole.data, sound: rootFields };
  const problems = problemsOf(whole.error.issues, value);
  problems.forEach(report);
  const wrong = new Set(problems.map(({ path }) => String(path[0])));
  const sound = new Set([...rootFields].filter((name) => !wrong.has(name)));
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const right = Object.entries(isMap ? value : {}).filter(([name]) => sound.has(name));
  const rest = z.safeParse(scenarioSchema, { ...placeholders, ...Object.fromEntries(right) });
  if (!isMap || !rest.success) return { file: placeholders, sound: new Set() };
  return { file: rest.data, sound };
}
