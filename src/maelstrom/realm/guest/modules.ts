// The program's modules: CommonJS, ES modules (which the host hands over as CommonJS) and JSON,
// each evaluated once per realm; and how one kind sees the other, which is as Node has it.
import { builtinModule, isBuiltinName } from './builtins.js';
import { burn, burnCall } from './fuel.js';
import { codedError, life } from './state.js';

type Exports = Record<string, unknown>;
type Require = ((specifier: string) => unknown) & {
  resolve(specifier: string): string;
  cache: object;
  main: Module | undefined;
};

interface Module {
  readonly id: string;
  readonly filename: string;
  readonly path: string;
  readonly children: Module[];
  readonly paths: readonly string[];
  readonly isEsm: boolean;
  readonly parent: Module | undefined;
  exports: unknown;
  loaded: boolean;
  require: Require;
  /** Of a module with a top-level `await`: fulfilled when it has been evaluated. */
  ready: Promise<unknown> | undefined;
  /** Modules whose readiness it waits for. */
  readonly awaited: Set<Module>;
}

type Wrapper = (
  exports: unknown,
  require: Require,
  module: Module,
  filename: string,
  directory: string,
  burnTurn: () => void,
  burnOneCall: () => void,
  dynamicImport: (specifier: unknown) => Promise<unknown>,
  importResolve: (specifier: string) => string,
) => unknown;

const modules = new Map<string, Module>();
const namespaces = new WeakMap<object, object>();
const main: { module: Module | undefined } = { module: undefined };

/**
 * Evaluates the entry file. An ES module begins in a microtask, as in Node. Answers how many
 * promises that took, of which the program sees none.
 */
export function startProgram(): number {
  const { entry } = life.host;
  const file = unwrap(life.host.load(entry));
  if (file.kind === 'commonjs' || file.kind === 'json') {
    moduleAt(entry, undefined);
    return 0;
  }
  const begun = Promise.resolve();
  begun.then(() => moduleAt(entry, undefined).ready);
  return 2;
}

/** What the host answered; its refusal is an error of the realm's own. */
function unwrap<T>(answer: { readonly value: T } | { readonly error: Refused }): T {
  if ('value' in answer) return answer.value;
  const { code, message, name } = answer.error;
  if (name === 'SyntaxError') throw Object.assign(new SyntaxError(message), { code });
  throw codedError(code, message);
}

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly name?: string;
}

/** The module of a file, evaluated, or begun where modules import each other in a circle. */
function moduleAt(path: string, parent: Module | undefined): Module {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const { kind, wrapper } = unwrap(life.host.load(path));
  const module = createModule(path, parent, kind === 'module' || kind === 'async-module');
  modules.set(path, module);
  main.module ??= module;
  parent?.children.push(module);
  try {
    if (kind === 'json') module.exports = JSON.parse(wrapper as string) as unknown;
    else evaluate(module, wrapper as Wrapper);
  } catch (error) {
    modules.delete(path);
    throw error;
  }
  if (module.ready === undefined) module.loaded = true;
  return module;
}

function evaluate(module: Module, wrapper: Wrapper): void {
  const { exports, filename, path, require } = module;
  const self = module.isEsm ? undefined : exports;
  const result = Reflect.apply(wrapper, self, [
    ...[exports, require, module, filename, path, burn, burnCall],
    (specifier: unknown) => importFrom(module, String(specifier)),
    (specifier: string) => urlOf(resolveFrom(module, specifier, 'import')),
  ]) as unknown;
  if (!(result instanceof Promise)) return;
  module.ready = result.then(() => {
    module.loaded = true;
  });
}

function createModule(path: string, parent: Module | undefined, isEsm: boolean): Module {
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  const module: Module = {
    ...{ id: main.module === undefined ? '.' : path, filename: path, path: directory },
    ...{ children: [], paths: [], isEsm, parent, exports: {}, loaded: false },
    ...{ require: undefined as unknown as Require, ready: undefined, awaited: new Set() },
  };
  const require = (specifier: string): unknown => requireFrom(module, specifier);
  module.require = Object.assign(require, {
    resolve: (specifier: string) =>
      isBuiltinName(specifier) ? specifier : resolveFrom(module, specifier, 'require'),
    cache: {},
    main: main.module ?? module,
  });
  return module;
}

function resolveFrom(module: Module, specifier: string, kind: 'require' | 'import'): string {
  return unwrap(life.host.resolve(specifier, module.filename, kind));
}

/** `require`, and the static `import` of an ES module, which sees a namespace. */
function requireFrom(module: Module, specifier: unknown): unknown {
  if (typeof specifier !== 'string') {
    throw Object.assign(new TypeError('The "id" argument must be of type string'), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
  if (isBuiltinName(specifier)) {
    const exports = specialModule(specifier) ?? builtinModule(specifier);
    return module.isEsm ? namespaceOf(exports) : exports;
  }
  const path = resolveFrom(module, specifier, module.isEsm ? 'import' : 'require');
  const target = moduleAt(path, module);
  if (target.ready !== undefined && !target.loaded) {
    throw codedError(
      'ERR_REQUIRE_ASYNC_MODULE',
      `require() cannot be used on an ES module with top-level await: ${path}`,
    );
  }
  return exportsSeenBy(module.isEsm, target);
}

function exportsSeenBy(isEsm: boolean, target: Module): unknown {
  return isEsm && !target.isEsm ? namespaceOf(target.exports) : target.exports;
}

/** What an ES module sees of a CommonJS one: `default` is its exports, with their names beside. */
function namespaceOf(exports: unknown): object {
  const isObject =
    (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  const known = isObject ? namespaces.get(exports as object) : undefined;
  if (known !== undefined) return known;
  const namespace = { __esModule: true, default: exports };
  if (!isObject) return namespace;
  for (const name of Object.keys(exports as object)) {
    if (name === 'default' || name === '__esModule') continue;
    const get = (): unknown => (exports as Exports)[name];
    Object.defineProperty(namespace, name, { get, enumerable: true });
  }
  namespaces.set(exports as object, namespace);
  return namespace;
}

/** `import()`, and the static imports of a module with a top-level `await`. */
async function importFrom(module: Module, specifier: string): Promise<unknown> {
  if (isBuiltinName(specifier)) {
    return namespaceOf(specialModule(specifier) ?? builtinModule(specifier));
  }
  const target = moduleAt(resolveFrom(module, specifier, 'import'), module);
  if (target.ready !== undefined && !waitsFor(target, module)) {
    module.awaited.add(target);
    try {
      await target.ready;
    } finally {
      module.awaited.delete(target);
    }
  }
  return exportsSeenBy(true, target);
}

/** Whether `one` waits, however far round, for `other`: modules that import each other. */
function waitsFor(one: Module, other: Module, seen = new Set<Module>()): boolean {
  if (one === other) return true;
  if (seen.has(one)) return false;
  seen.add(one);
  return [...one.awaited].some((next) => waitsFor(next, other, seen));
}

function urlOf(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** `node:module`, which hands out `require`. */
function specialModule(specifier: string): object | undefined {
  if (!/^(node:)?module$/.test(specifier)) return undefined;
  const createRequire = (from: unknown): Require => {
    const text = String(from);
    const path = text.startsWith('file:') ? decodeURIComponent(new URL(text).pathname) : text;
    return createModule(path, undefined, false).require;
  };
  return { createRequire, isBuiltin: isBuiltinName, builtinModules: [], enableCompileCache() {} };
}
