// A scenario like another one, whose file has been changed as plain data: what hunts and shrinkers
// make many of. The code that its names stand for is that of the original, so no module is loaded
// again, and constants that a scenario made in code was given keep their places.
import { acceptScenario } from './accept.js';
import type { Catalogue } from './catalogue.js';
import { programKey } from './program-path.js';
import type { Scenario } from './scenario.js';
import type { ScenarioFile } from './schema.js';

/**
 * The scenario of `file`, which names no code that `original` does not name. The form of `file` is
 * trusted. Throws a UsageError where it does not fit together.
 */
export function variantOf(original: Scenario, file: ScenarioFile): Scenario {
  return variantsOf(original)(file);
}

/** As `variantOf`, for many variants of one scenario. */
export function variantsOf(original: Scenario): (file: ScenarioFile) => Scenario {
  const catalogue = catalogueOf(original);
  const { ownWorkload } = original;
  return (file) => ({ ...acceptScenario(file, { catalogue }), ownWorkload });
}

/** What the names in a scenario's file stand for. */
function catalogueOf(original: Scenario): Catalogue {
  const { file, protocol, services, clients, checkers, properties } = original;
  const listed = file.checkers ?? [];
  return {
    protocol: named([[protocolIn(file.protocol), protocol]]),
    service: named(
      (file.services ?? []).map((entry, place) => [serviceIn(entry), services[place]?.protocol]),
    ),
    workload: named([[nameIn(file.workload), clients?.workload]]),
    // Without a list they are the workload's, by their own names.
    checker: named([
      ...checkers.map(({ checker }) => [checker.name, checker] as const),
      ...listed.map((entry, place) => [nameIn(entry), checkers[place]?.checker] as const),
    ]),
    property: named((file.properties ?? []).map((name, place) => [name, properties[place]])),
  };
}

type Entry<T> = readonly [name: string | undefined, code: T | undefined];

function named<T>(entries: readonly Entry<T>[]): ReadonlyMap<string, T> {
  return new Map(
    entries.flatMap(([name, code]): (readonly [string, T])[] =>
      name === undefined || code === undefined ? [] : [[name, code]],
    ),
  );
}

function protocolIn(value: ScenarioFile['protocol']): string | undefined {
  const isProgram = typeof value === 'object' && 'program' in value;
  return isProgram ? programKey(value.program) : nameIn(value);
}

function nameIn(value: string | { readonly name: string } | undefined): string | undefined {
  return typeof value === 'object' ? value.name : value;
}

function serviceIn(
  entry: string | { readonly name: string; readonly service?: string | undefined },
): string {
  return typeof entry === 'string' ? entry : (entry.service ?? entry.name);
}
