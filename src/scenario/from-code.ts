// Scenarios written in code: the file's form, in which constants may stand for names.
import type { Checker } from '../checkers/checker.js';
import type { AnyProperty } from '../node/property.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Workload } from '../workloads/workload.js';
import type { Catalogue, Modules } from './catalogue.js';
import { readScenario } from './read.js';
import { registries } from './registries.js';
import { defaults, type Scenario, type ScenarioInput, type ServiceInput } from './scenario.js';

/** The scenario that code describes; one that has been read already is returned as it is. */
export function scenarioOf(input: Scenario | ScenarioInput, modules?: Modules): Scenario {
  if ('file' in input) return input;
  const constants: Constants = {
    protocol: new Map(),
    service: new Map(),
    workload: new Map(),
    checker: new Map(),
    property: new Map(),
  };
  const { protocol, services, workload, checkers, properties, ...rest } = input;
  const file = {
    version: 1,
    about: defaults.about,
    expect: 'valid',
    ...rest,
    protocol: 'program' in Object(protocol) ? protocol : nameOf(protocol, constants.protocol),
    ...(services !== undefined && {
      services: services.map((entry) => serviceOf(entry, constants.service)),
    }),
    ...(workload !== undefined && { workload: nameOf(workload, constants.workload) }),
    ...(checkers !== undefined && {
      checkers: checkers.map((checker) => nameOf(checker, constants.checker)),
    }),
    ...(properties !== undefined && {
      properties: properties.map((property) => nameOf(property, constants.property)),
    }),
  };
  const scenario = readScenario(file, modules, {
    protocol: new Map([...registries.protocol, ...constants.protocol]),
    service: new Map([...registries.service, ...constants.service]),
    workload: new Map([...registries.workload, ...constants.workload]),
    checker: new Map([...registries.checker, ...constants.checker]),
    property: constants.property,
  });
  const given = [...constants.workload.values()][0];
  const isOwn = given !== undefined && registries.workload.get(given.name) !== given;
  return isOwn ? { ...scenario, ownWorkload: true } : scenario;
}

/** The constants found in a scenario, by their own names; they come before registered ones. */
interface Constants extends Catalogue {
  readonly protocol: Map<string, AnyProtocol>;
  readonly service: Map<string, AnyProtocol>;
  readonly workload: Map<string, Workload>;
  readonly checker: Map<string, Checker>;
  readonly property: Map<string, AnyProperty>;
}

type MaybeNamed<T> = string | T | { readonly name: string | T };

/** What the file would say: a name instead of the constant, which is put into `found`. */
function nameOf<T extends { readonly name: string }>(
  value: MaybeNamed<T>,
  found: Map<string, T>,
): unknown {
  if (typeof value === 'string') return value;
  const isConstant = 'about' in value || 'check' in value || 'init' in value;
  if (isConstant) return registered(value as T, found);
  const { name } = value as { readonly name: string | T };
  return { ...value, name: typeof name === 'string' ? name : registered(name, found) };
}

function serviceOf(
  entry: string | AnyProtocol | ServiceInput,
  found: Map<string, AnyProtocol>,
): unknown {
  if (typeof entry === 'string') return entry;
  if ('init' in entry) return registered(entry, found);
  const { service } = entry;
  if (service === undefined || typeof service === 'string') return entry;
  return { ...entry, service: registered(service, found) };
}

function registered<T extends { readonly name: string }>(
  constant: T,
  found: Map<string, T>,
): string {
  found.set(constant.name, constant);
  return constant.name;
}
