// Who imports whom: the layers of the design, and no cycles.
import { posix } from 'node:path';
import { folderOf, type Layer, layers } from './layers.js';
import { registeredFiles, registryPath } from './plugin-units.js';
import {
  findingAt,
  type Import,
  type Project,
  type Rule,
  type Source,
  sourcesIn,
} from './project.js';

export const importRule: Rule = {
  name: 'imports',
  claim: 'a folder imports only what the table of layers allows',
  check: (project) =>
    sourcesIn(project, 'src/').flatMap((source) =>
      source.imports.flatMap((found) => {
        const advice = objection(project, source, found);
        return advice === undefined ? [] : [findingAt('imports', source, found.node, advice)];
      }),
    ),
};

function objection(project: Project, source: Source, found: Import): string | undefined {
  const folder = folderOf(source.path);
  if (folder === undefined) return undefined; // The public surface may name everything.
  const layer = layers.get(folder);
  if (layer === undefined) return `src/${folder} is no layer; name it in test/tidy/layers.ts.`;
  if (found.target === undefined) return objectionToPackage(project, folder, layer, found);
  if (!found.target.startsWith('src/')) return 'src imports src and packages only.';
  const target = found.target.slice('src/'.length);
  if (target.startsWith(`${folder}/`)) return objectionToSibling(project, source, found.target);
  const allowed = found.dynamic ? [...layer.modules, ...layer.lazily] : layer.modules;
  if (allowed.some((module) => matches(target, module))) return undefined;
  return `${folder} may import ${list([`${folder}/`, ...layer.modules])}, not ${target}.`;
}

function matches(target: string, module: string): boolean {
  return module.endsWith('/') ? target.startsWith(module) : target === module;
}

function objectionToPackage(
  project: Project,
  folder: string,
  layer: Layer,
  found: Import,
): string | undefined {
  if (found.specifier.startsWith('.')) return `${found.specifier} names no file; end it in .js.`;
  const name = found.specifier.split('/').slice(0, found.specifier.startsWith('@') ? 2 : 1);
  const root = name.join('/');
  if (layer.packages !== 'any' && !layer.packages.includes(root)) {
    return `${folder} may import ${list(layer.packages)} from outside, not ${found.specifier}.`;
  }
  if (root.startsWith('node:') || isDependency(project, root)) return undefined;
  return `${root} is no dependency in package.json; users would not have it.`;
}

function isDependency(project: Project, name: string): boolean {
  const text = project.files.get('package.json');
  if (text === undefined) return true;
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(text);
  return Object.hasOwn(dependencies, name) || Object.hasOwn(peerDependencies, name);
}

/** Protocols share building blocks, but no protocol knows another, save its variants beside it. */
function objectionToSibling(project: Project, source: Source, target: string): string | undefined {
  if (folderOf(source.path) !== 'protocols') return undefined;
  if (source.path === registryPath('protocols')) return undefined;
  if (!registeredFiles(project, 'protocols').has(target)) return undefined;
  const home = posix.dirname(source.path);
  if (home !== 'src/protocols' && home === posix.dirname(target)) return undefined;
  return `${target} is a protocol; move what is shared to a file that is none.`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}

export const cycleRule: Rule = {
  name: 'cycles',
  claim: 'no file imports itself, however far round, not even for types',
  check(project) {
    const done = new Set<string>();
    return sourcesIn(project, 'src/').flatMap(({ path }) => {
      const cycle = findCycle(project, path, [], done);
      const first = project.sources.get(cycle?.[0] ?? '');
      if (cycle === undefined || first === undefined) return [];
      for (const member of cycle) done.add(member);
      const node = first.imports.find(({ target }) => target === cycle[1])?.node ?? first.tree;
      const advice = `${cycle.join(' → ')}: move what both need to a file below them.`;
      return [findingAt('cycles', first, node, advice)];
    });
  },
};

/** The first cycle met on the way down from `path`, its first file repeated at its end. */
function findCycle(
  project: Project,
  path: string,
  above: readonly string[],
  done: Set<string>,
): readonly string[] | undefined {
  const start = above.indexOf(path);
  if (start >= 0) return [...above.slice(start), path];
  if (done.has(path)) return undefined;
  const imports = project.sources.get(path)?.imports ?? [];
  for (const { target, dynamic } of imports) {
    if (target === undefined || dynamic) continue;
    const cycle = findCycle(project, target, [...above, path], done);
    if (cycle !== undefined) return cycle;
  }
  done.add(path);
  return undefined;
}
