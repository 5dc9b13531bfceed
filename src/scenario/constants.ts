// What code says of a scenario, in the form of a scenario file: names stand for the constants that
// code may give in their place.
import type { Checker } from '../checkers/checker.js';
import type { AnyProperty } from '../node/property.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Workload } from '../workloads/workload.js';
import type { Catalogue } from './catalogue.js';
import { defaults, type ScenarioInput, type ServiceInput } from './scenario.js';

/** A scenario as a file would say it, and what it names that is not registered. */
interface Written {
  readonly file: Readonly<Record<string, unknown>>;
  readonly constants: Catalogue;
}

/** The file that says the same, and the constants that its names stand for. */
export function written(input: ScenarioInput): Written {
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
  return { file, constants };
}

/** All that a scenario can name: its own constants come before what is registered. */
export function withConstants(registered: Catalogue, constants: Catalogue): Catalogue {
  return {
    protocol: new Map([...registered.protocol, ...constants.protocol]),
    service: new Map([...registered.service, ...constants.service]),
    workload: new Map([...registered.workload, ...constants.workload]),
    checker: new Map([...registered.checker, ...constants.checker]),
    property: new Map([...registered.property, ...constants.property]),
  };
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
