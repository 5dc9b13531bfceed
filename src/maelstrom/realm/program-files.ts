// The files of one hosted program: found, read, transformed and compiled once, however many realms
// run them. It knows no realm but by the context that a script is run in.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Context, Script } from 'node:vm';
import { counting } from './fuel.js';
import type { Answer, LoadedFile } from './host.js';
import { formatOf, resolveSpecifier } from './resolve.js';
import { awaitsAtTop } from './top-await.js';
import { ProgramSyntaxError, transform } from './transform.js';

/** A compiled file, without a realm. */
interface Compiled {
  readonly kind: LoadedFile['kind'];
  readonly script: Script | undefined;
  readonly text: string;
}

/** As in Node, with what counts loops, and what stands for `import()` and `import.meta.resolve`. */
const parameters = 'exports, require, module, __filename, __dirname, $turn, $call, ';

export class ProgramFiles {
  readonly #files = new Map<string, Compiled | Error>();
  readonly #resolved = new Map<string, Answer<string>>();
  /** Whether a module, or one that it imports, has a top-level `await`. */
  readonly #asynchronous = new Map<string, boolean>();
  /** Modules as they run when they have none. */
  readonly #synchronous = new Map<string, string>();

  resolve(specifier: string, from: string, kind: 'require' | 'import'): Answer<string> {
    const key = `${kind} ${specifier} ${from}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const answer = resolveSpecifier(specifier, from, kind);
    this.#resolved.set(key, answer);
    return answer;
  }

  /** The file's wrapper in a realm. */
  load(path: string, context: Context): Answer<LoadedFile> {
    const found = this.compiled(path);
    if (found instanceof Error) {
      const { message, name } = found;
      return { error: { code: codeOf(found), message, name } };
    }
    const { kind, script, text } = found;
    return { value: { kind, wrapper: script?.runInContext(context) ?? text } };
  }

  /** The file, or why there is none. */
  compiled(path: string): Compiled | Error {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    let made: Compiled | Error;
    try {
      made = this.#compile(path);
    } catch (error) {
      made = error instanceof Error ? error : new Error(String(error));
    }
    this.#files.set(path, made);
    return made;
  }

  isOf(name: string): boolean {
    return this.#files.has(name);
  }

  #compile(path: string): Compiled {
    const format = formatOf(path);
    if (format === 'binary') throw new Error(`${path} is no JavaScript: it cannot be hosted`);
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    if (format === 'json') return { kind: 'json', script: undefined, text };
    // A shebang is a comment, and keeps its line.
    const source = text.replace(/^#!/, '//');
    if (format === 'module' || format === 'typescript') return this.#module(path, source);
    try {
      return commonJs(path, source);
    } catch (error) {
      if (format !== 'either' || !isModuleSyntax(error)) throw located(error);
      return this.#module(path, source);
    }
  }

  #module(path: string, source: string): Compiled {
    if (!this.#isAsynchronous(path, source)) {
      const text = this.#transformed(path, source);
      return {
        kind: 'module',
        text,
        script: compileCounting(path, `(function (${wrapped(text)})`),
      };
    }
    const text = transform({ path, source, async: true });
    const script = compileCounting(path, `(async function (${wrapped(text)})`);
    return { kind: 'async-module', text, script };
  }

  /** Static imports of a module that waits must wait themselves, and so on upwards. */
  #isAsynchronous(path: string, source: string): boolean {
    const known = this.#asynchronous.get(path);
    if (known !== undefined) return known;
    this.#asynchronous.set(path, false); // For those that import each other.
    const text = this.#transformed(path, source);
    const waits = !compiles(path, text) || awaitsAtTop(text);
    const answer = waits || this.#imports(path, text).some(this.#waits);
    this.#asynchronous.set(path, answer);
    return answer;
  }

  #transformed(path: string, source: string): string {
    const known = this.#synchronous.get(path);
    if (known !== undefined) return known;
    const text = transform({ path, source, async: false });
    this.#synchronous.set(path, text);
    return text;
  }

  readonly #waits = (path: string): boolean => {
    if (!/^(module|typescript|either)$/.test(formatOf(path))) return false;
    this.compiled(path);
    return this.#asynchronous.get(path) ?? false;
  };

  /** The files that transformed code imports statically. */
  #imports(path: string, text: string): readonly string[] {
    const specifiers = [...text.matchAll(/\brequire\("([^"\n]+)"\)/g)].map((match) => match[1]);
    return specifiers.flatMap((specifier = '') => {
      if (!/^[./]/.test(specifier)) return [];
      const answer = this.resolve(specifier, path, 'import');
      return 'value' in answer ? [answer.value] : [];
    });
  }
}

/** What a program may read: its own package, from the directory of its package.json downwards. */
export function readOwnFile(path: string): Answer<Uint8Array> {
  try {
    return { value: readFileSync(path) };
  } catch (error) {
    return fileAnswer(error);
  }
}

export function readOwnDirectory(path: string): Answer<readonly string[]> {
  try {
    return { value: readdirSync(path).sort((a, b) => (a < b ? -1 : 1)) };
  } catch (error) {
    return fileAnswer(error);
  }
}

export function kindOfPath(path: string): 'file' | 'directory' | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return 'file';
  return stat?.isDirectory() === true ? 'directory' : undefined;
}

/** The directory of the package that `entry` is in, or the entry's own. */
export function packageDirectory(entry: string): string {
  for (let at = dirname(entry); at !== dirname(at); at = dirname(at)) {
    if (kindOfPath(`${at}/package.json`) === 'file') return at;
  }
  return dirname(entry);
}

function fileAnswer(error: unknown): { readonly error: { code: string; message: string } } {
  const { code = 'EIO', message = '' } = error as { readonly code?: string; message?: string };
  return { error: { code, message } };
}

function commonJs(path: string, source: string): Compiled {
  // Six letters for six, so that columns stay as well.
  const text = source.replace(/(?<![.\w$'"`#])import(\s*\()/g, '$mport$1');
  const script = compileCounting(path, `(function (${parameters}$mport) {${text}\n})`);
  return { kind: 'commonjs', text, script };
}

function wrapped(text: string): string {
  return `${parameters}jitiImport, jitiESMResolve) {${text}\n}`;
}

function compile(path: string, code: string): Script {
  return new Script(code, { filename: path });
}

/** Packages are trusted to come to their ends: they are large, and called from what is counted. */
function compileCounting(path: string, code: string): Script {
  const plain = compile(path, code); // Says what is wrong, at its own column.
  return path.includes('/node_modules/') ? plain : compile(path, counting(code));
}

function compiles(path: string, text: string): boolean {
  try {
    compile(path, `(function (${wrapped(text)})`);
    return true;
  } catch (error) {
    if (!/\bawait\b/.test(text)) throw located(error);
    return false;
  }
}

function isModuleSyntax(error: unknown): boolean {
  const { message = '' } = error as { readonly message?: string };
  return /import statement|import\.meta|token 'export'|await is only valid|token 'import'/.test(
    message,
  );
}

/** V8 says the place of a syntax error in the first line of its stack. */
function located(error: unknown): Error {
  if (error instanceof ProgramSyntaxError) return error;
  const { message, stack = '', name } = error as Error;
  if (name !== 'SyntaxError') return error as Error;
  return new ProgramSyntaxError(`${message} (${stack.split('\n')[0] ?? ''})`);
}

function codeOf(error: Error): string {
  return (error as { readonly code?: string }).code ?? 'ERR_STORMGLASS_PROGRAM';
}
