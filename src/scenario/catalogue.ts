// What names in a scenario can stand for: code that comes with Stormglass, and what users' modules
// export. Loading either is the business of others; here they are already values.
import type { Checker } from '../checkers/checker.js';
import type { AnyProperty } from '../node/property.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Workload } from '../workloads/workload.js';
import { complain, type Report } from './complaint.js';
import { nearest } from './nearest.js';
import { oneOf, quoted } from './problems.js';
import type { Path } from './usage-error.js';

/** Users' modules by the path that the scenario names, and what each exports. */
export type Modules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Code by name or path. */
export interface Catalogue {
  readonly protocol: ReadonlyMap<string, AnyProtocol>;
  readonly service: ReadonlyMap<string, AnyProtocol>;
  readonly workload: ReadonlyMap<string, Workload>;
  readonly checker: ReadonlyMap<string, Checker>;
  readonly property: ReadonlyMap<string, AnyProperty>;
}

/** A kind of code that a scenario names; also the name of the export in a user's module. */
export type CodeKind = keyof Catalogue;

/** Where names are looked up, and where problems go. */
interface Names {
  readonly catalogue: Catalogue;
  readonly modules: Modules;
  readonly report: Report;
}

const protocolShape = { name: 'string', init: 'function', on: 'object', options: 'object' };

/** Functions and texts that the code of each kind must have. */
const shapes: Readonly<Record<CodeKind, Readonly<Record<string, string>>>> = {
  protocol: protocolShape,
  service: protocolShape,
  workload: {
    name: 'string',
    options: 'object',
    generator: 'object',
    request: 'function',
    complete: 'function',
    checkers: 'object',
  },
  checker: { name: 'string', check: 'function' },
  property: { name: 'string', kind: 'string', about: 'string' },
};

/** Whether a name is a path to a user's module. */
export function namesModule(name: string): boolean {
  return /^(\.{1,2}\/|\/|[A-Za-z]:[\\/])/.test(name);
}

/** The code that `name` stands for; what is wrong is reported. */
export function lookUp<K extends CodeKind>(
  kind: K,
  name: string,
  { catalogue, modules, report }: Names,
  path: Path,
): (Catalogue[K] extends ReadonlyMap<string, infer T> ? T : never) | undefined {
  type Code = Catalogue[K] extends ReadonlyMap<string, infer T> ? T : never;
  const registered = catalogue[kind].get(name) as Code | undefined;
  if (registered !== undefined) return registered;
  if (!namesModule(name)) {
    unknown(kind, name, [...catalogue[kind].keys()], (about, more) => {
      complain(report, path, about, more);
    });
    return undefined;
  }
  const module = modules.get(name);
  const found = module?.[kind];
  const flaw = module === undefined ? 'was not loaded' : flawOf(kind, found, Object.keys(module));
  if (flaw === undefined) return found as Code;
  const expected = `a module that exports a constant \`${kind}\``;
  complain(report, path, `${quoted(name)} ${flaw}`, { expected });
  return undefined;
}

function unknown(
  kind: CodeKind,
  name: string,
  known: readonly string[],
  say: (
    about: string,
    more: { readonly expected: string; readonly nearest?: string | undefined },
  ) => void,
): void {
  const isFile = /\.[cm]?[jt]sx?$/.test(name);
  say(`unknown ${kind} ${quoted(name)}`, {
    expected: known.length === 0 ? 'a path to a module' : `${oneOf(known)}; or a path to a module`,
    nearest: isFile ? `./${name}` : nearest(name, known),
  });
}

function flawOf(kind: CodeKind, found: unknown, exported: readonly string[]): string | undefined {
  if (found === undefined) {
    const names = exported.filter((name) => name !== 'default');
    const instead = names.length === 0 ? 'nothing' : names.slice(0, 5).join(', ');
    return `exports no \`${kind}\` but ${instead}`;
  }
  if (typeof found !== 'object' || found === null) return `exports a \`${kind}\` that is no object`;
  const record = found as Readonly<Record<string, unknown>>;
  const lacking = Object.entries(shapes[kind]).find(
    ([field, type]) => typeof record[field] !== type || record[field] === null,
  );
  return lacking && `exports a \`${kind}\` whose \`${lacking[0]}\` is no ${lacking[1]}`;
}
