// What is loaded before a run begins: nothing that it does not need. Follows the imports of the
// sources, those that `import()` loads later left out.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../src');

/** Modules and packages that a file of src loads when it is loaded. */
function loadedBy(entry: string): { readonly modules: string[]; readonly packages: string[] } {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (modules.has(path)) return;
    modules.add(path);
    for (const specifier of importsOf(path)) {
      if (specifier.startsWith('.')) visit(sourceOf(resolve(dirname(path), specifier)));
      else packages.add(specifier);
    }
  };
  visit(join(root, entry));
  return {
    modules: [...modules].map((path) => relative(root, path)).sort(),
    packages: [...packages].filter((name) => !name.startsWith('node:')).sort(),
  };
}

function sourceOf(path: string): string {
  const stem = path.replace(/\.js$/, '');
  return existsSync(`${stem}.ts`) ? `${stem}.ts` : `${stem}.tsx`;
}

function importsOf(path: string): string[] {
  if (!existsSync(path)) return [];
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023);
  return file.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement);
    if (!isImport && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const typesOnly = isImport ? statement.importClause?.isTypeOnly : statement.isTypeOnly;
    return typesOnly === true ? [] : [moduleSpecifier.text];
  });
}

describe('starting up', () => {
  it('loads nothing for `--version` but the versions', () => {
    expect(loadedBy('cli/main.ts')).toEqual({ modules: ['cli/main.ts'], packages: [] });
    expect(loadedBy('scenario/version.ts').modules).toHaveLength(1);
  });

  it('loads commander to read the command line, and nothing else', () => {
    const { modules, packages } = loadedBy('cli/program.ts');
    expect(packages).toEqual(['commander']);
    // The files that declare commands, no command's own.
    const declaring = ['declare', 'hunt-command', 'program-failures', 'program', 'test-command'];
    expect(modules).toEqual([...declaring.map((name) => `cli/${name}.ts`), 'scenario/version.ts']);
  });

  it('loads no zod, ink, react, chalk, jiti or fast-check to run a sound scenario', () => {
    // yaml is there as well, by way of `createRequire`.
    expect(loadedBy('cli/run.ts').packages).toEqual(['seedrandom/lib/alea.js']);
  });

  it('loads nothing for a run that only other commands need', () => {
    const { modules } = loadedBy('cli/run.ts');
    const others = ['scenario/schema.ts', 'scenario/replay.ts', 'scenario/determinism.ts'];
    const traces = ['files/trace-writer.ts', 'files/trace-reader.ts', 'files/output-file.ts'];
    expect(modules.filter((name) => [...others, ...traces].includes(name))).toEqual([]);
  });

  it('loads no protocol and no registry of checkers to test a program', () => {
    const loaded = ['maelstrom/test.ts', 'maelstrom/keeping.ts', 'cli/test.ts'].flatMap(
      (entry) => loadedBy(entry).modules,
    );
    const registries = ['protocols/index.ts', 'checkers/index.ts', 'scenario/registries.ts'];
    expect(loaded).toContain('workloads/index.ts');
    expect(loaded.filter((name) => registries.includes(name))).toEqual([]);
    expect(loaded.filter((name) => name.startsWith('protocols/'))).toEqual([]);
  });
});
