// No export without an importer: what only its own file needs is not exported, what nobody needs is
// deleted. Tests count as importers.
import ts from 'typescript';
import { findingAt, type Project, type Rule, type Source } from './project.js';

export const deadExportRule: Rule = {
  name: 'dead-export',
  claim: 'every export has an importer in src or test, or is the public surface',
  check(project) {
    const used = usedExports(project);
    const surface = publicSurface(project);
    return [...project.sources.values()].flatMap((source) => {
      const uses = used.get(source.path);
      if (surface.has(source.path) || source.path.startsWith('scenarios/')) return [];
      if (uses?.has('*')) return [];
      const dead = exportsOf(source).filter(({ name }) => !(uses?.has(name) ?? false));
      return dead.map(({ name, node }) => {
        const advice = `nobody imports ${name}: drop 'export', or drop it.`;
        return findingAt('dead-export', source, node, advice);
      });
    });
  },
};

/** Path to the names that others import from it; `*` stands for all of them. */
function usedExports(project: Project): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>();
  for (const { imports } of project.sources.values()) {
    for (const { target, names } of imports) {
      if (target === undefined) continue;
      const uses = used.get(target) ?? new Set();
      for (const name of names === 'all' ? ['*'] : names) uses.add(name);
      used.set(target, uses);
    }
  }
  return used;
}

/** src/index.ts, and whatever else package.json exports. */
function publicSurface(project: Project): ReadonlySet<string> {
  const text = project.files.get('package.json') ?? '';
  const built = [...text.matchAll(/"\.\/dist\/([^"]+)\.js"/g)].map((match) => match[1]);
  const stems = ['index', ...built];
  return new Set(stems.flatMap((stem) => [`src/${stem}.ts`, `src/${stem}.tsx`]));
}

function exportsOf(source: Source): { name: string; node: ts.Node }[] {
  return source.tree.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return exportsOfClause(statement);
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name));
    }
    const { name } = statement as ts.DeclarationStatement;
    return name === undefined ? [] : [{ name: name.text, node: name }];
  });
}

function exportsOfClause({
  exportClause,
}: ts.ExportDeclaration): { name: string; node: ts.Node }[] {
  if (exportClause === undefined) return [];
  if (!ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map(({ name }) => ({ name: name.text, node: name }));
}

function namesIn(name: ts.BindingName): { name: string; node: ts.Node }[] {
  if (ts.isIdentifier(name)) return [{ name: name.text, node: name }];
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? namesIn(element.name) : [],
  );
}
