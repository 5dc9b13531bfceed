// Failures that were made small are kept as scenario files in `regressions/`, beside the scenario
// that they were found with, and run first ever after.
//
//   storms/raft.yaml
//   storms/regressions/raft.linearizable-not-linearizable.yaml
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type Failure, failureName } from '../scenario/failure.js';
import type { ScenarioFile } from '../scenario/schema.js';
import { rebaseModules } from './modules.js';
import { openOutput } from './output-file.js';
import { scenarioText } from './scenario-file.js';

const folder = 'regressions';

/** The paths of a scenario's regressions, in the order of their names. */
export function regressionsOf(path: string): readonly string[] {
  const directory = join(dirname(path), folder);
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter(
    (name) => name.startsWith(`${baseOf(path)}.`) && /\.ya?ml$/.test(name),
  );
  return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(directory, name));
}

/** A path for one more regression of the scenario at `path`, which no file has yet. */
export function regressionPath(path: string, failure: Failure): string {
  const slug = failureName(failure).replace(/[^A-Za-z0-9]+/g, '-');
  for (let number = 1; ; number++) {
    const name = `${baseOf(path)}.${slug}${number === 1 ? '' : `-${number}`}.yaml`;
    const chosen = join(dirname(path), folder, name);
    if (!existsSync(chosen)) return chosen;
  }
}

/**
 * Writes a scenario file that came from the one at `from`, whole or not at all; its paths to
 * modules are made relative to where it lies. Throws a UsageError if it cannot be written.
 */
export function saveScenario(file: ScenarioFile, from: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const output = openOutput(path, 'scenario');
  output.write(Buffer.from(scenarioText(rebaseModules(file, from, path))));
  output.commit();
}

function baseOf(path: string): string {
  return basename(path, extname(path));
}
