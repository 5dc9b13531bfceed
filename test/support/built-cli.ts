// The command line as users start it: src transpiled into a directory of its own, so that tests of
// processes never see a stale `dist`. Types are not checked here; `npm run types` does that.
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** What a process said, and how it ended. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = resolve(import.meta.dirname, '../..');

let built: string | undefined;

/** The path of a fresh `dist/cli/main.js`, built once per test file. */
export function builtCli(): string {
  built ??= build();
  return join(built, 'dist/cli/main.js');
}

function build(): string {
  const directory = mkdtempSync(join(tmpdir(), 'stormglass-built-'));
  const source = join(root, 'src');
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.tsx?$/.test(name) || name.endsWith('.d.ts')) continue;
    const target = join(directory, 'dist', name.replace(/\.tsx?$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transpiled(readFileSync(join(source, name), 'utf8'), name));
  }
  for (const name of ['package.json', 'scenario.schema.json', 'scenarios']) {
    cpSync(join(root, name), join(directory, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'dir');
  return directory;
}

function transpiled(text: string, fileName: string): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.ReactJSX,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(text, { compilerOptions, fileName }).outputText;
}

/** Runs the built command line in a process of its own. */
export function spawnCli(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return spawnNode([builtCli(), ...args], options);
}

/** Runs Node in a process of its own. */
export function spawnNode(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((done) => {
    const env = { ...process.env, NO_COLOR: '1', ...options.env };
    const child = execFile(
      process.execPath,
      [...args],
      { ...options, env, maxBuffer: 1 << 28 },
      (_error, stdout, stderr) => {
        done({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
  });
}
