// The scenarios that come with the package, and those in the directory where the user is.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonSchema } from '../scenario/form.js';

/** Of the package: beside `dist` and `src`. */
const shippedDirectory = fileURLToPath(new URL('../../scenarios', import.meta.url));

/** The path of the shipped scenario of this name; `undefined` if there is none. */
export function shippedScenario(name: string): string | undefined {
  if (!/^[a-z0-9-]+$/.test(name)) return undefined;
  const path = join(shippedDirectory, `${name}.yaml`);
  return existsSync(path) ? shortest(path) : undefined;
}

/** Names of the shipped scenarios. */
export function scenarioNames(): readonly string[] {
  if (!existsSync(shippedDirectory)) return [];
  const names = readdirSync(shippedDirectory).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => name.replace(/\.yaml$/, '')).sort((a, b) => (a < b ? -1 : 1));
}

/**
 * The JSON Schema that comes with the package, as `stormglass schema` printed it; `undefined` where
 * it does not.
 */
export function shippedSchema(): JsonSchema | undefined {
  const path = fileURLToPath(new URL('../../scenario.schema.json', import.meta.url));
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as JsonSchema) : undefined;
}

/** Paths of all scenarios to be listed, in the order of their names. */
export function scenarioPaths(): readonly string[] {
  const found = ['scenarios', shortest(shippedDirectory)].filter(existsSync);
  const isSecond = (directory: string, at: number): boolean =>
    at > 0 && realpathSync(directory) === realpathSync(found[0] ?? '');
  return found.flatMap((directory, at) => {
    if (isSecond(directory, at)) return [];
    const names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name));
    return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(directory, name));
  });
}

/** As seen from where the user is, if that is shorter. */
function shortest(path: string): string {
  const seen = relative(process.cwd(), path);
  return seen.length < path.length ? seen : path;
}
