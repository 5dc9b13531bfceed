// Users' own protocols, workloads and checkers: modules that a scenario names by path. They share
// our module instance, so that what they import of Stormglass is what runs them.
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Modules, namesModule } from '../scenario/catalogue.js';
import { modulePaths } from '../scenario/module-paths.js';
import { quoted } from '../scenario/problems.js';
import type { ScenarioFile } from '../scenario/schema.js';
import type { Path, Problem } from '../scenario/usage-error.js';

/** Loads what a scenario names by path, relative to the file at `base`. */
export async function loadModules(
  value: unknown,
  base: string,
): Promise<{ readonly modules: Modules; readonly problems: readonly Problem[] }> {
  const modules = new Map<string, Readonly<Record<string, unknown>>>();
  const problems: Problem[] = [];
  for (const { name, at } of modulePaths(value)) {
    if (!namesModule(name) || modules.has(name)) continue;
    const path = resolve(dirname(base), name);
    try {
      if (!existsSync(path)) problems.push(problemOf(at, `there is no module ${quoted(name)}`));
      else modules.set(name, await load(path));
    } catch (error) {
      problems.push(problemOf(at, `module ${quoted(name)} cannot be loaded: ${firstLine(error)}`));
    }
  }
  return { modules, problems };
}

/** A scenario whose paths, relative to the file `from`, are relative to the file `to` instead. */
export function rebaseModules(file: ScenarioFile, from: string, to: string): ScenarioFile {
  const moved = (name: string): string => {
    if (!namesModule(name) || isAbsolute(name)) return name;
    const path = relative(dirname(to), resolve(dirname(from), name)).replaceAll('\\', '/');
    return path.startsWith('.') ? path : `./${path}`;
  };
  const renamed = <V extends { readonly name: string }>(value: string | V): string | V =>
    typeof value === 'string' ? moved(value) : { ...value, name: moved(value.name) };
  return {
    ...file,
    protocol: renamed(file.protocol),
    ...(file.services !== undefined && {
      services: file.services.map((entry) =>
        typeof entry === 'string' || entry.service === undefined
          ? entry
          : { ...entry, service: moved(entry.service) },
      ),
    }),
    ...(file.workload !== undefined && { workload: renamed(file.workload) }),
    ...(file.checkers !== undefined && { checkers: file.checkers.map(renamed) }),
  };
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!/\.[cm]?tsx?$/.test(path)) return import(pathToFileURL(path).href);
  const { createJiti } = await import('jiti');
  // Wherever the module lies, `stormglass` is this one.
  const alias = { stormglass: fileURLToPath(new URL('../index.js', import.meta.url)) };
  const jiti = createJiti(import.meta.url, { interopDefault: false, fsCache: false, alias });
  return jiti.import(path);
}

function problemOf(path: Path, about: string): Problem {
  const hint = 'Paths are relative to the scenario file.';
  return { about, path, target: 'value', hint: about.includes('no module') ? hint : undefined };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
