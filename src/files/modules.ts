// Users' own protocols, workloads and checkers: modules that a scenario names by path. They share
// our module instance, so that what they import of Stormglass is what runs them.
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Modules, namesModule } from '../scenario/catalogue.js';
import { codeNames } from '../scenario/code-names.js';
import { quoted } from '../scenario/problems.js';
import { programKey, programPath } from '../scenario/program-path.js';
import type { ScenarioFile } from '../scenario/schema.js';
import { type Path, type Problem, UsageError } from '../scenario/usage-error.js';

/** Loads what a scenario names by path, relative to the file at `base`. */
export async function loadModules(
  value: unknown,
  base: string,
): Promise<{ readonly modules: Modules; readonly problems: readonly Problem[] }> {
  const modules = new Map<string, Readonly<Record<string, unknown>>>();
  const problems: Problem[] = [];
  for (const { name, at } of codeNames(value)) {
    if (!namesModule(name) || modules.has(name)) continue;
    const path = resolve(dirname(base), name);
    try {
      if (!existsSync(path)) problems.push(problemOf(at, `there is no module ${quoted(name)}`));
      else modules.set(name, await load(path));
    } catch (error) {
      problems.push(problemOf(at, `module ${quoted(name)} cannot be loaded: ${firstLine(error)}`));
    }
  }
  const program = programPath(value);
  if (program !== undefined) {
    const { program: name, args, host, at } = program;
    try {
      const { hostedProgram } = await import('../maelstrom/hosted-program.js');
      const path = resolve(dirname(base), name);
      modules.set(programKey(name), {
        protocol: await hostedProgram({ program: path, args, host }),
      });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, path: at })));
    }
  }
  return { modules, problems };
}

/** A scenario whose paths, relative to the file `from`, are relative to the file `to` instead. */
export function rebaseModules(file: ScenarioFile, from: string, to: string): ScenarioFile {
  const moved = (name: string): string => (namesModule(name) ? movedPath(name) : name);
  const movedPath = (name: string): string => {
    if (isAbsolute(name)) return name;
    const path = relative(dirname(to), resolve(dirname(from), name)).replaceAll('\\', '/');
    return path.startsWith('.') ? path : `./${path}`;
  };
  const renamed = <V extends { readonly name: string }>(value: string | V): string | V =>
    typeof value === 'string' ? moved(value) : { ...value, name: moved(value.name) };
  const protocolOf = (value: ScenarioFile['protocol']): ScenarioFile['protocol'] =>
    typeof value === 'object' && 'program' in value
      ? { ...value, program: movedPath(value.program) }
      : renamed(value);
  return {
    ...file,
    protocol: protocolOf(file.protocol),
    ...(file.services !== undefined && {
      services: file.services.map((entry) =>
        typeof entry === 'string' || entry.service === undefined
          ? entry
          : { ...entry, service: moved(entry.service) },
      ),
    }),
    ...(file.workload !== undefined && { workload: renamed(file.workload) }),
    ...(file.checkers !== undefined && { checkers: file.checkers.map(renamed) }),
    ...(file.properties !== undefined && { properties: file.properties.map(moved) }),
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
