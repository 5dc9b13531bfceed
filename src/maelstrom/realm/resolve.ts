// Where a program's specifiers lead: Node's own algorithm for `require`, that of ES modules for
// `import`, and TypeScript's habit of naming the file that a compiler would have written.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Answer } from './host.js';
import { resolveImport } from './transform.js';

const extensions = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.json'];

/** The file that `specifier` names in the file `from`. */
export function resolveSpecifier(
  specifier: string,
  from: string,
  kind: 'require' | 'import',
): Answer<string> {
  const [scheme] = /^(?!file:|node:)[a-z][\w+.-]+:(?=\/\/)/.exec(specifier) ?? [];
  if (kind === 'import' && scheme !== undefined) return { error: unsupported(scheme) };
  const found = kind === 'require' ? byRequire(specifier, from) : byImport(specifier, from);
  const path = found ?? byHabit(specifier, from);
  if (path !== undefined) return { value: realpathSync(path) };
  const message = `Cannot find module '${specifier}'\nRequire stack:\n- ${from}`;
  const code = kind === 'require' ? 'MODULE_NOT_FOUND' : 'ERR_MODULE_NOT_FOUND';
  const text = `Cannot find module '${specifier}' imported from ${from}`;
  return { error: { code, message: kind === 'require' ? message : text } };
}

/** As Node refuses what Deno would fetch. */
function unsupported(scheme: string): { readonly code: string; readonly message: string } {
  const message =
    'Only URLs with a scheme in: file and node are supported by the default ESM loader. ' +
    `Received protocol '${scheme}'`;
  return { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME', message };
}

function byRequire(specifier: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}

function byImport(specifier: string, from: string): string | undefined {
  if (/^(\.{0,2}\/|file:)/.test(specifier)) {
    const url = new URL(specifier, pathToFileURL(from));
    const path = fileURLToPath(new URL(url.pathname, url));
    return isFile(path) ? path : undefined;
  }
  const url = resolveImport(specifier, pathToFileURL(from).href);
  if (url === undefined) return byRequire(specifier, from);
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

/** `./x` for `./x.ts` or `./x/index.ts`, and `./x.js` for `./x.ts`. */
function byHabit(specifier: string, from: string): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  const path = resolve(dirname(from), specifier);
  const renamed = path.replace(/\.([cm]?)jsx?$/, '.$1ts');
  const guesses = [
    renamed,
    ...extensions.map((extension) => path + extension),
    ...extensions.map((extension) => join(path, `index${extension}`)),
  ];
  return guesses.find(isFile);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What a file's name, and the package that it is in, say that it holds. */
type Format = 'commonjs' | 'module' | 'either' | 'typescript' | 'json' | 'binary';

export function formatOf(path: string): Format {
  const extension = extname(path);
  if (extension === '.json') return 'json';
  if (extension === '.cjs') return 'commonjs';
  if (extension === '.mjs') return 'module';
  if (/^\.([cm]?ts|[jt]sx)$/.test(extension)) return 'typescript';
  if (extension === '.node' || extension === '.wasm') return 'binary';
  const type = packageType(dirname(path));
  if (type === 'module' || type === 'commonjs') return type;
  return 'either';
}

/** The `type` of the nearest package.json. */
function packageType(directory: string): unknown {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, 'package.json');
    if (existsSync(path)) return typeIn(path);
    if (at === dirname(at) || at.endsWith('/node_modules')) return undefined;
  }
}

function typeIn(path: string): unknown {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { readonly type?: unknown }).type;
  } catch {
    return undefined;
  }
}
