// The project as tidy sees it: every text, read once, and the syntax tree of every source file.
// Built from a map of paths to texts, so that a rule's own test can hand it three lines.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** One import, `export … from` or `import()` of a source file. */
export interface Import {
  readonly specifier: string;
  /** The project's file that it names; undefined for a package and for what does not exist. */
  readonly target: string | undefined;
  /** The names taken from the target, as the target calls them. */
  readonly names: readonly string[] | 'all';
  readonly dynamic: boolean;
  readonly node: ts.Node;
}

/** A TypeScript file. Lines count from 1. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
  /** Every string that the file spells out, import specifiers included. */
  readonly strings: readonly string[];
}

/** Paths are relative to the root, with `/`; both maps iterate in the order of their paths. */
export interface Project {
  readonly files: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, Source>;
}

/** Something that is wrong, and what to do instead. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly advice: string;
}

export interface Rule {
  readonly name: string;
  /** What holds when it finds nothing. */
  readonly claim: string;
  check(project: Project): Finding[];
}

const sourceFolders = ['src', 'test', 'scenarios'];
const textFolders = [...sourceFolders, 'docs', 'fixtures/mutants'];
const rootFiles = ['README.md', 'package.json'];

/** Reads what the rules look at. Of fixtures other than mutants only the names are read. */
export function readProject(root: string): Project {
  const files = new Map<string, string>();
  const read = (path: string) => files.set(path, readFileSync(join(root, path), 'utf8'));
  const present = new Set(readdirSync(root));
  for (const path of rootFiles) if (present.has(path)) read(path);
  for (const folder of [...sourceFolders, 'docs', 'fixtures']) {
    if (!present.has(folder)) continue;
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = posix.join(
        folder,
        join(entry.parentPath, entry.name).slice(join(root, folder).length),
      );
      if (textFolders.some((text) => path.startsWith(`${text}/`))) read(path);
      else files.set(path, '');
    }
  }
  return projectOf(Object.fromEntries(files));
}

export function projectOf(texts: Readonly<Record<string, string>>): Project {
  const byPath = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const files = new Map(byPath);
  const sources = new Map<string, Source>();
  for (const [path, text] of files) {
    const isSource = sourceFolders.some((folder) => path.startsWith(`${folder}/`));
    if (isSource && /\.tsx?$/.test(path)) sources.set(path, parse(path, text, files));
  }
  return { files, sources };
}

/** The sources under `prefix`. */
export function sourcesIn(project: Project, prefix: string): Source[] {
  return [...project.sources.values()].filter((source) => source.path.startsWith(prefix));
}

export function lineOf(source: Source, node: ts.Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1;
}

export function findingAt(rule: string, source: Source, node: ts.Node, advice: string): Finding {
  return { path: source.path, line: lineOf(source, node), rule, advice };
}

/** Visits `node` and all below it, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function parse(path: string, text: string, files: ReadonlyMap<string, string>): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: Import[] = [];
  const strings: string[] = [];
  walk(tree, (node) => {
    if (ts.isStringLiteralLike(node)) strings.push(node.text);
    const found = importOf(node);
    if (found === undefined) return;
    imports.push({ ...found, node, target: resolve(path, found.specifier, files) });
  });
  return { path, text, tree, imports, strings };
}

function importOf(node: ts.Node): Pick<Import, 'specifier' | 'names' | 'dynamic'> | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, names: namesOfImport(node), dynamic: false };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
    return { specifier, names: namesOf(node.exportClause), dynamic: false };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const specifier = (node.argument.literal as ts.StringLiteral).text;
    return { specifier, names: 'all', dynamic: false };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const argument = node.arguments[0];
    if (argument === undefined || !ts.isStringLiteralLike(argument)) return undefined;
    return { specifier: argument.text, names: 'all', dynamic: true };
  }
  return undefined;
}

function namesOfImport(node: ts.ImportDeclaration): readonly string[] | 'all' {
  const clause = node.importClause;
  if (clause === undefined) return [];
  const own = clause.name === undefined ? [] : ['default'];
  if (clause.namedBindings === undefined) return own;
  const named = namesOf(clause.namedBindings);
  return named === 'all' ? 'all' : [...own, ...named];
}

function namesOf(
  bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined,
): readonly string[] | 'all' {
  if (bindings === undefined) return 'all';
  if (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings)) return 'all';
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

function resolve(
  from: string,
  specifier: string,
  files: ReadonlyMap<string, string>,
): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(from), specifier);
  const stem = path.replace(/\.jsx?$/, '');
  return [path, `${stem}.ts`, `${stem}.tsx`].find((candidate) => files.has(candidate));
}
