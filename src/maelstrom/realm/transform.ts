// ES modules and TypeScript become CommonJS, which a vm.Script can hold; lines stay where they
// were. What module-text.ts does not do, Babel does, by way of jiti; it is loaded when needed.
import { createRequire } from 'node:module';
import type { Jiti, JitiOptions } from 'jiti';
import { commonJsOf } from './module-text.js';

/** One for all programs: it holds no state of theirs. */
const cache: { jiti: Jiti | undefined } = { jiti: undefined };

function loadJiti(): Jiti {
  if (cache.jiti !== undefined) return cache.jiti;
  const { createJiti } = createRequire(import.meta.url)('jiti') as {
    readonly createJiti: (id: string, options: JitiOptions) => Jiti;
  };
  cache.jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
  return cache.jiti;
}

/** A syntax error in a program, with its place. */
export class ProgramSyntaxError extends Error {
  override readonly name = 'SyntaxError';
}

interface TransformChoices {
  readonly path: string;
  readonly source: string;
  /** Static imports wait, for there is a top-level `await`. */
  readonly async: boolean;
}

/** CommonJS that does the same. Throws `ProgramSyntaxError`. */
export function transform({ path, source, async }: TransformChoices): string {
  const ts = /\.[cm]?tsx?$/.test(path);
  const jsx = /\.[jt]sx$/.test(path);
  const quick = ts || jsx || async ? undefined : commonJsOf(source);
  if (quick !== undefined) return quick;
  const choices = { source, filename: path, ts, async, jsx, retainLines: true };
  const code = loadJiti().transform(choices);
  const failed = /^exports\.__JITI_ERROR__ = (\{.*\})$/s.exec(code.trim());
  if (failed === null) return code;
  const { line, column, message } = JSON.parse(failed[1] ?? '{}') as {
    readonly line: number;
    readonly column: number;
    readonly message: string;
  };
  throw new ProgramSyntaxError(`${message.trim()} (${path}:${line}:${column})`);
}

/** The file that an ES module's bare specifier names, by the conditions of `import`. */
export function resolveImport(specifier: string, parentURL: string): string | undefined {
  return loadJiti().esmResolve(specifier, {
    parentURL,
    conditions: ['node', 'import', 'default'],
    try: true,
  });
}
