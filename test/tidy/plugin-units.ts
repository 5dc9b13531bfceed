// What counts as a plug-in: a file that a registry imports; with the names that the registry
// gives it and the building blocks that it imports. Knows no rule.
import { basename } from 'node:path';
import ts from 'typescript';
import { contracts } from './layers.js';
import { type Import, type Project, type Source, sourcesIn, walk } from './project.js';

/** One line of a registry: the name by which scenarios call what a file exports. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

export const pluginFolders = [
  ...['protocols', 'services', 'workloads', 'checkers', 'nemesis'],
  ...['scenario/strategies', 'cli/hunt/reporters'],
];

export function registryPath(folder: string): string {
  return `src/${folder}/index.ts`;
}

/** The files of a plug-in folder, without its registry and its contract. */
export function pluginFiles(project: Project, folder: string): string[] {
  const paths = sourcesIn(project, `src/${folder}/`).map((source) => source.path);
  return paths.filter(
    (path) => path !== registryPath(folder) && !contracts.includes(path.slice('src/'.length)),
  );
}

/** The files that the folder's registry imports; its contract is none. */
export function registeredFiles(project: Project, folder: string): Set<string> {
  const registry = project.sources.get(registryPath(folder));
  const targets = new Set(registry?.imports.map(({ target }) => target));
  return new Set(pluginFiles(project, folder).filter((path) => targets.has(path)));
}

/** Registered files and the building blocks that these import, directly or through others. */
export function reachableFiles(project: Project, folder: string): Set<string> {
  const reached = registeredFiles(project, folder);
  for (const path of reached) {
    for (const { target } of project.sources.get(path)?.imports ?? []) {
      if (target?.startsWith(`src/${folder}/`)) reached.add(target);
    }
  }
  return reached;
}

/** The registry's entries, with the names by which scenarios call them. */
export function entriesOf(project: Project, folder: string): Entry[] {
  const registry = project.sources.get(registryPath(folder));
  if (registry === undefined) return [];
  const files = registeredFiles(project, folder);
  return registry.imports.flatMap((found) => {
    const target = files.has(found.target ?? '')
      ? project.sources.get(found.target ?? '')
      : undefined;
    return target === undefined ? [] : entriesOfImport(registry, found, target);
  });
}

function entriesOfImport(registry: Source, found: Import, { path, ...target }: Source): Entry[] {
  const locals = localNames(found);
  const entries = locals.flatMap(({ local, exported, line }) => {
    const stated = statedName(target.tree, exported);
    const names = stated === undefined ? keysOf(registry, local) : [stated];
    return names.map((name) => ({ name, path, line }));
  });
  const line = locals[0]?.line;
  if (entries.length > 0 || line === undefined) return entries;
  return [{ name: basename(path).replace(/\.tsx?$/, ''), path, line }];
}

function localNames(found: Import): { local: string; exported: string; line: number }[] {
  const { node } = found;
  if (!ts.isImportDeclaration(node) || node.importClause?.isTypeOnly === true) return [];
  const bindings = node.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  const line = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
  return bindings.elements
    .filter((element) => !element.isTypeOnly)
    .map(({ name, propertyName }) => ({
      local: name.text,
      exported: (propertyName ?? name).text,
      line,
    }));
}

/** The `name: '…'` in what `export const exported = …` says. */
function statedName(tree: ts.SourceFile, exported: string): string | undefined {
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const declaration = statement.declarationList.declarations.find(
      ({ name }) => ts.isIdentifier(name) && name.text === exported,
    );
    const record = declaration?.initializer && firstRecord(declaration.initializer);
    const name = record?.properties.find((member) => member.name?.getText() === 'name');
    if (name === undefined || !ts.isPropertyAssignment(name)) continue;
    return ts.isStringLiteralLike(name.initializer) ? name.initializer.text : undefined;
  }
  return undefined;
}

/** The outermost object literal, inside `satisfies`, `as` and the arguments of a call. */
function firstRecord(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(node)) return node;
  if (ts.isFunctionLike(node)) return undefined;
  return ts.forEachChild(node, firstRecord);
}

/** The keys `k` of every `k: … local …` and `['k', … local …]` in a registry. */
function keysOf(registry: Source, local: string): string[] {
  const keys: string[] = [];
  walk(registry.tree, (node) => {
    if (ts.isShorthandPropertyAssignment(node) && node.name.text === local) keys.push(local);
    if (ts.isPropertyAssignment(node) && mentions(node.initializer, local)) {
      keys.push(node.name.getText().replace(/^['"]|['"]$/g, ''));
    }
    const key = ts.isArrayLiteralExpression(node) ? node.elements[0] : undefined;
    if (key !== undefined && ts.isStringLiteral(key) && mentions(node, local)) keys.push(key.text);
  });
  return keys;
}

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name;
  return ts.forEachChild(node, (child) => mentions(child, name) || undefined) ?? false;
}
