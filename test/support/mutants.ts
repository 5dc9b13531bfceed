// Mutants of protocols: bugs as data, in fixtures/mutants/protocols/, a file for each family.
// One is a line of a protocol's source and what stands there instead. Here they are read, and
// built into modules of their own: copies of the file with the mistake and of all that imports
// it; everything else is shared. A scenario names such a module like a user's, so hunts in
// workers can run it.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { parse, stringify } from 'yaml';
import type { AnyProtocol } from '../../src/node/protocol.js';
import type { Run } from '../../src/scenario/run.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';

/** A file of fixtures/mutants/protocols/. */
interface FamilyFile {
  readonly about: string;
  /** Small clusters in trouble, by name. */
  readonly storms: Readonly<Record<string, Storm>>;
  readonly mutants: readonly MutantEntry[];
  readonly equivalent?: readonly EquivalentEntry[];
}

/** A scenario file without its protocol, and the protocol's options. */
interface Storm extends Omit<ScenarioInput, 'protocol'> {
  readonly options?: Readonly<Record<string, unknown>>;
  /** What is no objection: the correct protocol does not promise the contrary in this storm. */
  readonly tolerates?: readonly string[];
}

interface Replacement {
  readonly name: string;
  readonly about: string;
  readonly file: string;
  /** Stands there once. */
  readonly find: string;
  readonly replace: string;
}

interface MutantEntry extends Replacement {
  readonly protocol: string;
  readonly origin: string;
  /** How many independent conditions must come together: 1, trivial … 6, very deep. */
  readonly difficulty: number;
  /** `checker` or `checker/anomaly`; any of them may be the one that objects. */
  readonly objects: readonly string[];
  /** The storm to hunt it in, and what differs from it. */
  readonly storm: string;
  readonly but?: Partial<Storm>;
}

/** A mutant that no run can tell from the original, and why. */
interface EquivalentEntry extends Replacement {
  readonly reason: string;
}

export interface Mutant extends MutantEntry {
  readonly family: string;
  readonly tolerates: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly scenario: Omit<ScenarioInput, 'protocol'>;
}

interface Equivalent extends EquivalentEntry {
  readonly family: string;
}

/** The folder of the package. */
export const root = rootAbove(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'fixtures/mutants/protocols');

/** Every family's mutants of protocols. */
export function mutants(): readonly Mutant[] {
  return families().flatMap(({ family, storms, mutants: entries }) =>
    entries.map((entry) => {
      const { options: base, tolerates = [], ...storm } = stormOf(entry, storms);
      const { options: own, ...but } = entry.but ?? {};
      const options = { ...base, ...own };
      const scenario = { ...storm, ...but };
      return {
        ...entry,
        family,
        options,
        tolerates,
        scenario: { about: entry.about, ...scenario },
      };
    }),
  );
}

function stormOf({ name, storm }: MutantEntry, storms: FamilyFile['storms']): Storm {
  const found = storms[storm];
  if (found === undefined) throw new Error(`${name}: there is no storm ${storm}`);
  return found;
}

/** Those that no run can tell from the originals. */
export function equivalents(): readonly Equivalent[] {
  return families().flatMap(({ family, equivalent = [] }) =>
    equivalent.map((entry) => ({ ...entry, family })),
  );
}

function families(): readonly (FamilyFile & { readonly family: string })[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const file = parse(readFileSync(join(folder, name), 'utf8')) as FamilyFile;
      return { ...file, family: name.replace(/\.yaml$/, '') };
    });
}

/** The scenario to hunt the mutant in. */
export async function huntedIn(mutant: Mutant): Promise<ScenarioInput> {
  const module = pathToFileURL(build(mutant)).href;
  const { protocol } = (await import(/* @vite-ignore */ module)) as { protocol: AnyProtocol };
  return { ...mutant.scenario, protocol: { name: protocol, options: mutant.options } };
}

/** The same scenario with the correct protocol. */
export function correctIn({ protocol, options, scenario }: Mutant): ScenarioInput {
  return { ...scenario, protocol: { name: protocol, options } };
}

/**
 * What objects to a run of the mutant, as `judge/anomaly`. That nothing was acknowledged counts
 * where it is what the mutant is known for: in a storm it happens to anybody.
 */
export function objections({ objects, tolerates }: Mutant, { assessment }: Run): readonly string[] {
  return assessment.judgements.flatMap((judgement) => {
    if (judgement.valid !== false) return [];
    if (judgement.name === 'acknowledged' && !objects.includes('acknowledged')) return [];
    return judgement.anomalies
      .map(({ kind }) => `${judgement.name}/${kind}`)
      .filter((objection) => !tolerates.includes(objection));
  });
}

/** How often `find` stands in its file: it must be once. */
export function occurrences({ file, find }: Replacement): number {
  return sourceOf(file.replace(/^src\//, '')).split(find).length - 1;
}

const layers = ['kernel', 'node', 'protocols', 'services'];
const sources: ReadonlyMap<string, string> = new Map(
  layers.flatMap((layer) =>
    readdirSync(join(root, 'src', layer), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .map((path) => posix.join(layer, path.replaceAll('\\', '/')))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((path) => [path, readFileSync(join(root, 'src', path), 'utf8')] as const),
  ),
);

function sourceOf(path: string): string {
  const text = sources.get(path);
  if (text === undefined) throw new Error(`there is no src/${path}`);
  return text;
}

const importPattern = /(from\s+')(\.[^']+)(')/g;

/** What each file imports, of the files here. */
const importsOf = new Map(
  [...sources].map(([path, text]) => [
    path,
    [...text.matchAll(importPattern)].map(([, , target]) => resolved(path, target as string)),
  ]),
);

function resolved(path: string, target: string): string {
  return posix.join(posix.dirname(path), target).replace(/\.js$/, '.ts');
}

/** The file, and all that imports it, directly or not. */
function dependents(path: string): ReadonlySet<string> {
  const found = new Set([path]);
  for (const each of found) {
    for (const [importer, imports] of importsOf) if (imports.includes(each)) found.add(importer);
  }
  return found;
}

const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } as const;

/** Built once for each state of the sources; modules below find the packages that they import. */
const cache = join(root, 'node_modules/.cache/stormglass-mutants', stateOf(sources));

function stateOf(texts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [path, text] of texts) hash.update(`${path}\0${text}\0`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Builds a mutant and returns the path of the module that exports it as `protocol`. Beside it lies
 * a scenario file that names it, for `stormglass run` and `stormglass hunt`.
 */
export function build({ name, family, protocol, options, scenario, ...mutant }: Mutant): string {
  const shared = join(cache, 'shared');
  if (!existsSync(shared)) buildGraph(shared, compiled(sources));
  const { file, find, replace } = mutant;
  const version = createHash('sha256').update(`${find}\0${replace}`).digest('hex').slice(0, 8);
  const target = join(cache, family, `${name}-${version}`);
  const path = file.replace(/^src\//, '');
  const own = dependents(path);
  const texts = new Map([...own].map((each) => [each, sourceOf(each)] as const));
  texts.set(
    path,
    sourceOf(path).replace(find, () => replace),
  );
  const files = compiled(texts, (to) =>
    own.has(to) ? undefined : pathToFileURL(join(shared, to)).href,
  );
  files.set('mutant.js', entryOf(protocol));
  files.set('scenario.yaml', scenarioFile({ ...scenario, protocol: './mutant.js' }, options));
  buildGraph(target, files);
  return join(target, 'mutant.js');
}

const entryOf = (protocol: string): string =>
  `import { protocols } from './protocols/index.js';
export const protocol = protocols.get(${JSON.stringify(protocol)});
`;

function scenarioFile(scenario: ScenarioInput, options: object): string {
  const protocol = { name: scenario.protocol, options };
  return stringify({ version: 1, expect: 'valid', ...scenario, protocol });
}

/** Writes files to a folder, all or none: others may be building the same. */
function buildGraph(target: string, files: ReadonlyMap<string, string>): void {
  if (existsSync(target)) return;
  const draft = `${target}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const [path, text] of files) {
    const out = join(draft, path);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
  }
  writeFileSync(join(draft, 'package.json'), '{ "type": "module" }\n');
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/** The files as JavaScript; imports that `place` knows better go there. */
function compiled(
  texts: ReadonlyMap<string, string>,
  place: (target: string) => string | undefined = () => undefined,
): Map<string, string> {
  const replaceImports = (path: string, text: string): string =>
    text.replace(importPattern, (whole, before: string, target: string, after: string) => {
      const better = place(resolved(path, target))?.replace(/\.ts$/, '.js');
      return better === undefined ? whole : `${before}${better}${after}`;
    });
  return new Map(
    [...texts].map(([path, text]) => [
      path.replace(/\.ts$/, '.js'),
      replaceImports(path, ts.transpile(text, compilerOptions)),
    ]),
  );
}

/** The folder of the package, from its sources or from what they were compiled to. */
function rootAbove(start: string): string {
  let at = start;
  while (!existsSync(join(at, 'fixtures/mutants'))) at = dirname(at);
  return at;
}
