// Scenarios whose form is known to be right: the schema has accepted it, or a reader of files who
// knows the schema. Does not load zod.
import { assemble } from './assemble.js';
import type { Catalogue, Modules } from './catalogue.js';
import type { Scenario } from './scenario.js';
import type { ScenarioFile } from './schema.js';
import { type Problem, UsageError } from './usage-error.js';

/** A message names so many problems at most. */
const problemsMax = 10;

/** Fields at the root of a scenario file. */
export const rootFields: ReadonlySet<string> = new Set([
  '$schema',
  'version',
  'about',
  'expect',
  'found',
  'seed',
  'properties',
  'protocol',
  'nodes',
  'services',
  'workload',
  'network',
  'disk',
  'faults',
  'duration',
  'recovery',
  'checkers',
  'limits',
  'edits',
] satisfies (keyof ScenarioFile)[]);

/** What a scenario is read with. */
interface Acceptance {
  readonly catalogue: Catalogue;
  /** What the paths in it stand for. */
  readonly modules?: Modules;
  /** Fields whose form is right; the others hold placeholders. */
  readonly sound?: ReadonlySet<string>;
  /** What has been found wrong before. */
  readonly problems?: readonly Problem[];
}

/** The scenario of a file of the right form. Throws a UsageError with all problems. */
export function acceptScenario(
  file: ScenarioFile,
  { catalogue, modules = new Map(), sound = rootFields, problems: before = [] }: Acceptance,
): Scenario {
  const problems = [...before];
  const report = (problem: Problem) => problems.push(problem);
  const scenario = assemble(file, { catalogue, modules, report, sound });
  const [first, ...others] = problems;
  if (first !== undefined) throw new UsageError([first, ...others.slice(0, problemsMax - 1)]);
  return scenario;
}
