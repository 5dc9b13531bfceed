// The TypeScript in README and docs compiles against the sources, as a reader would type it. Blocks
// are compiled in memory, each as a module of its own; 'stormglass' is src/index.ts.
import { join, relative } from 'node:path';
import ts from 'typescript';
import type { Finding, Project, Rule } from './project.js';

interface Snippet {
  readonly path: string;
  /** The line of its file above its first line, from 1. */
  readonly lineAbove: number;
  readonly text: string;
}

const root = process.cwd();

export const snippetRule: Rule = {
  name: 'snippets',
  claim: 'the TypeScript in README and docs compiles',
  check(project) {
    const snippets = snippetsOf(project);
    if (snippets.size === 0) return [];
    const options = compilerOptions(project);
    const program = ts.createProgram(
      [...snippets.keys()],
      options,
      host(project, snippets, options),
    );
    return [...snippets].flatMap(([path, snippet]) => {
      const source = program.getSourceFile(path);
      const diagnostics = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      return diagnostics.map((diagnostic) => findingOf(snippet, diagnostic));
    });
  },
};

/** By the absolute path under which each is compiled. */
function snippetsOf(project: Project): ReadonlyMap<string, Snippet> {
  const snippets = new Map<string, Snippet>();
  for (const [path, text] of project.files) {
    if (path !== 'README.md' && !/^docs\/.*\.md$/.test(path)) continue;
    for (const match of text.matchAll(/^```tsx?\n(.*?)^```$/gms)) {
      const lineAbove = text.slice(0, match.index).split('\n').length;
      const name = `snippet-${snippets.size + 1}.tsx`;
      snippets.set(join(root, name), { path, lineAbove, text: match[1] ?? '' });
    }
  }
  return snippets;
}

function compilerOptions(project: Project): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const { tsBuildInfoFile: _, incremental: __, declaration: ___, ...rest } = options;
  return { ...rest, noEmit: true, declarationMap: false, paths: entrances(project) };
}

/** The sources behind 'stormglass' and behind what else package.json exports. */
function entrances(project: Project): Record<string, string[]> {
  const { exports = {} } = JSON.parse(project.files.get('package.json') ?? '{}');
  const paths: Record<string, string[]> = { stormglass: [join(root, 'src/index.ts')] };
  for (const [entrance, target] of Object.entries<{ default?: string }>(exports)) {
    const stem = /^\.\/dist\/(.*)\.js$/.exec(target.default ?? '')?.[1];
    if (stem !== undefined)
      paths[`stormglass${entrance.slice(1)}`] = [join(root, `src/${stem}.ts`)];
  }
  return paths;
}

/** Snippets and src come from the project in memory, libraries and packages from the disk. */
function host(
  project: Project,
  snippets: ReadonlyMap<string, Snippet>,
  options: ts.CompilerOptions,
): ts.CompilerHost {
  const disk = ts.createCompilerHost(options);
  const inMemory = (path: string): string | undefined => {
    const own = relative(root, path);
    return snippets.get(path)?.text ?? project.files.get(own);
  };
  const isOurs = (path: string) => relative(root, path).startsWith('src/');
  return {
    ...disk,
    fileExists: (path) => inMemory(path) !== undefined || (!isOurs(path) && disk.fileExists(path)),
    readFile: (path) => inMemory(path) ?? (isOurs(path) ? undefined : disk.readFile(path)),
    directoryExists: (path) =>
      isOurs(path) || path.startsWith(root) || ts.sys.directoryExists(path),
    getSourceFile: (path, language) => {
      const text = inMemory(path) ?? (isOurs(path) ? undefined : disk.readFile(path));
      return text === undefined ? undefined : ts.createSourceFile(path, text, language, false);
    },
  };
}

function findingOf(snippet: Snippet, diagnostic: ts.Diagnostic): Finding {
  const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
  const { path, lineAbove } = snippet;
  return { path, line: lineAbove + at + 1, rule: 'snippets', advice: `${text} Mend the example.` };
}
