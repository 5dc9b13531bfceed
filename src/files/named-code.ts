// The code that one scenario names, and no more: loading every protocol and checker there is takes
// longer than a small run. Where each is to be found is written down when the package is built
// (`writeCodeIndex`); the registries remain the only place where there is anything to add.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Catalogue, CodeKind, Modules } from '../scenario/catalogue.js';
import { codeNames } from '../scenario/code-names.js';
import { withConstants } from '../scenario/constants.js';

type CodeOf<K extends CodeKind> = Catalogue[K] extends ReadonlyMap<string, infer C> ? C : never;

/** The code by kind and name: the module, seen from this folder's parent, and its export. */
type CodeIndex = Readonly<
  Record<CodeKind, Readonly<Record<string, readonly [module: string, name: string]>>>
>;

const root = new URL('../', import.meta.url);
const indexPath = fileURLToPath(new URL('code-index.json', root));

/**
 * What `value`, the data of a scenario file, names, `constants` among it; all code where it names
 * what is not known.
 */
export async function catalogueOf(
  value: unknown,
  modules: Modules,
  constants: Catalogue = none,
): Promise<Catalogue> {
  return withConstants(await registeredOf(value, modules, constants), constants);
}

async function registeredOf(
  value: unknown,
  modules: Modules,
  constants: Catalogue,
): Promise<Catalogue> {
  const index = readIndex();
  const isGiven = ({ kind, name }: { readonly kind: CodeKind; readonly name: string }): boolean =>
    modules.has(name) || constants[kind].has(name);
  const names = codeNames(value).filter((each) => !isGiven(each));
  const isKnown = ({ kind, name }: (typeof names)[number]): boolean =>
    index !== undefined && Object.hasOwn(index[kind], name);
  if (index === undefined || !names.every(isKnown)) return everything();
  const namesOf = (kind: CodeKind): readonly string[] =>
    names.flatMap((each) => (each.kind === kind ? [each.name] : []));
  const workload = await loaded(index, 'workload', namesOf('workload'));
  const workloads = [...workload.values(), ...constants.workload.values()];
  const judges = checkersOf(workloads, modules);
  if (!judges.every((name) => Object.hasOwn(index.checker, name))) return everything();
  return {
    protocol: await loaded(index, 'protocol', namesOf('protocol')),
    service: await loaded(index, 'service', namesOf('service')),
    workload,
    checker: await loaded(index, 'checker', [...judges, ...namesOf('checker')]),
    property: new Map(),
  };
}

const none: Catalogue = {
  protocol: new Map(),
  service: new Map(),
  workload: new Map(),
  checker: new Map(),
  property: new Map(),
};

async function everything(): Promise<Catalogue> {
  const { registries } = await import('../scenario/registries.js');
  return registries;
}

/** Checkers that workloads ask for, ours or a user's. */
function checkersOf(workloads: readonly CodeOf<'workload'>[], modules: Modules): readonly string[] {
  const own = [...modules.values()].map(
    ({ workload }) => workload as CodeOf<'workload'> | undefined,
  );
  return [...workloads, ...own].flatMap((workload) => {
    if (!Array.isArray(workload?.checkers)) return [];
    return workload.checkers.map((choice) => (typeof choice === 'string' ? choice : choice.name));
  });
}

async function loaded<K extends CodeKind>(
  index: CodeIndex,
  kind: K,
  names: readonly string[],
): Promise<ReadonlyMap<string, CodeOf<K>>> {
  const found = new Map<string, CodeOf<K>>();
  for (const name of names) {
    const [path, exported] = index[kind][name] as readonly [string, string];
    const module = (await import(new URL(path, root).href)) as Readonly<Record<string, unknown>>;
    found.set(name, module[exported] as CodeOf<K>);
  }
  return found;
}

function readIndex(): CodeIndex | undefined {
  if (!existsSync(indexPath)) return undefined;
  return JSON.parse(readFileSync(indexPath, 'utf8')) as CodeIndex;
}

/** Writes down where all registered code is: the last step of building. */
export async function writeCodeIndex(): Promise<void> {
  const { protocol, service, workload, checker } = await everything();
  const index: CodeIndex = {
    protocol: await placesOf('protocols', protocol),
    service: await placesOf('services', service),
    workload: await placesOf('workloads', workload),
    checker: await placesOf('checkers', checker),
    property: {},
  };
  writeFileSync(indexPath, JSON.stringify(index));
}

/** Of each entry, which of the modules that the registry imports exports it, and as what. */
async function placesOf(
  folder: string,
  registry: ReadonlyMap<string, unknown>,
): Promise<CodeIndex[CodeKind]> {
  const text = readFileSync(new URL(`${folder}/index.js`, root), 'utf8');
  const places = new Map<unknown, readonly [string, string]>();
  for (const [, path = ''] of text.matchAll(/ from '\.\/([^']+)'/g)) {
    const module = `./${folder}/${path}`;
    for (const [name, value] of Object.entries(await import(new URL(module, root).href))) {
      places.set(value, [module, name]);
    }
  }
  const found = [...registry].map(([name, code]) => {
    const place = places.get(code);
    if (place === undefined) throw new Error(`${folder}/index.ts imports no module with ${name}`);
    return [name, place] as const;
  });
  return Object.fromEntries(found);
}
