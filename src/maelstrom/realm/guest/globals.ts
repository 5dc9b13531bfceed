// What a program finds in the global object: the realm's own intrinsics with their clocks and
// chance replaced, what Node adds, and no way to the host's time.
import { random } from './chance.js';
import { virtualDate, virtualPerformance } from './clock.js';
import { virtualConsole } from './console.js';
import { createProcess, uncaught } from './process.js';
import { refusal, refused } from './refuse.js';
import { argumentError, life } from './state.js';
import { timerFunctions } from './timers.js';
import { globalCrypto, virtualBuffer } from './utilities.js';

type Callback = (...args: unknown[]) => unknown;
type Shared = Record<string, unknown>;

/** The host's classes that a program shares with it: they hold no time. */
const shared = [
  ...['URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'AbortController', 'Event'],
  ...['EventTarget', 'DOMException'],
];

const refusedGlobals = [
  ...['WebSocket', 'EventSource', 'BroadcastChannel', 'MessageChannel', 'MessagePort', 'Blob'],
  ...['ReadableStream', 'WritableStream', 'TransformStream', 'Worker', 'File', 'FormData'],
  ...['Request', 'Response', 'Headers', 'CompressionStream', 'DecompressionStream'],
];

/** Fills the global object, once, before the program starts. */
export function installGlobals(): void {
  const host = life.host.builtin('globals');
  const put = (name: string, value: unknown): void => {
    const property = { value, writable: true, configurable: true, enumerable: false };
    Object.defineProperty(globalThis, name, property);
  };
  // Bytes are the host's, so that its Buffer is one of the realm's Uint8Arrays.
  for (const name of ['ArrayBuffer', 'Uint8Array', ...shared]) put(name, host[name]);
  put('Buffer', virtualBuffer());
  for (const [name, value] of Object.entries(timerFunctions)) put(name, value);
  for (const name of refusedGlobals) put(name, refused('globalThis', name));
  put('atob', (text: string) => (host.atob as Callback)(text));
  put('btoa', (text: string) => (host.btoa as Callback)(text));
  put('AbortSignal', signals(host.AbortSignal as object, host.AbortController as never));
  put('fetch', async () => {
    throw refusal('globalThis', 'fetch');
  });
  put('global', globalThis);
  put('Date', virtualDate());
  put('performance', virtualPerformance());
  put('crypto', globalCrypto());
  put('console', virtualConsole);
  put('queueMicrotask', microtask);
  put('structuredClone', (value: unknown) => cloned(value, new Map()));
  put('WeakRef', StrongRef);
  put('FinalizationRegistry', IdleRegistry);
  put('process', createProcess());
  Math.random = random;
  Atomics.wait = () => {
    throw refusal('Atomics', 'wait');
  };
  installLocale();
  installErrors(host);
}

function microtask(callback: unknown): void {
  if (typeof callback !== 'function') throw argumentError('callback', 'a function', callback);
  Promise.resolve().then(() => {
    try {
      (callback as Callback)();
    } catch (error) {
      uncaught(error, 'uncaughtException');
    }
  });
}

/** `AbortSignal` with a `timeout` of virtual time. */
function signals(base: object, Controller: new () => AbortController): object {
  const timeout = (ms: number): AbortSignal => {
    const controller = new Controller();
    const error = new Error('The operation was aborted due to timeout');
    const abort = (): void => controller.abort(Object.assign(error, { name: 'TimeoutError' }));
    timerFunctions.setTimeout(abort, ms).unref();
    return controller.signal;
  };
  return new Proxy(base, {
    get: (target, key) => (key === 'timeout' ? timeout : (Reflect.get(target, key) as unknown)),
  });
}

/** A weak reference that holds: when the host collects garbage is no program's business. */
class StrongRef<T> {
  readonly #target: T;

  constructor(target: T) {
    this.#target = target;
  }

  deref(): T {
    return this.#target;
  }
}

class IdleRegistry {
  register(): void {}

  unregister(): boolean {
    return false;
  }
}

/** A structured clone, in the realm's own classes. */
function cloned(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw Object.assign(new Error(`${String(value)} could not be cloned.`), {
      name: 'DataCloneError',
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  if (known.has(value)) return known.get(value);
  const remember = <T>(copy: T): T => {
    known.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return remember(new Date(value.getTime()));
  if (value instanceof RegExp) return remember(new RegExp(value));
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return remember((value as Uint8Array).slice());
  }
  if (value instanceof Map) {
    const copy = remember(new Map());
    for (const [key, inner] of value) copy.set(cloned(key, known), cloned(inner, known));
    return copy;
  }
  if (value instanceof Set) {
    const copy = remember(new Set());
    for (const inner of value) copy.add(cloned(inner, known));
    return copy;
  }
  if (value instanceof Error) {
    return remember(Object.assign(new Error(value.message), { name: value.name }));
  }
  const copy: Shared = remember((Array.isArray(value) ? [] : {}) as Shared);
  for (const key of Object.keys(value)) copy[key] = cloned((value as Shared)[key], known);
  return copy;
}

/** Words and their order are those of one locale, wherever the simulator runs. */
function installLocale(): void {
  const locale = 'en-US';
  const collator = new Intl.Collator(locale);
  const compare = function (this: string, that: string, ...given: [string?, object?]): number {
    if (given.length === 0) return collator.compare(String(this), that);
    return new Intl.Collator(given[0] ?? locale, given[1]).compare(String(this), that);
  };
  const property = { value: compare, writable: true, configurable: true };
  Object.defineProperty(String.prototype, 'localeCompare', property);
  for (const [prototype, name] of [
    [Number.prototype, 'toLocaleString'],
    [BigInt.prototype, 'toLocaleString'],
    [Date.prototype, 'toLocaleString'],
    [Date.prototype, 'toLocaleDateString'],
    [Date.prototype, 'toLocaleTimeString'],
  ] as const) {
    const inner = (prototype as unknown as Record<string, Callback>)[name] as Callback;
    const isDate = prototype === Date.prototype;
    const outer = function (this: unknown, locales?: unknown, options?: object): unknown {
      const given = isDate ? { timeZone: 'UTC', ...options } : options;
      return Reflect.apply(inner, this, [locales ?? locale, given]);
    };
    Object.defineProperty(prototype, name, { value: outer, writable: true, configurable: true });
  }
}

/** Errors of the host's functions are errors here; stacks show the program's own frames only. */
function installErrors(host: Shared): void {
  const isError = host.isNativeError as (value: unknown) => boolean;
  const ordinary = Function.prototype[Symbol.hasInstance];
  for (const kind of [Error, TypeError, RangeError, SyntaxError, URIError]) {
    const value = function (this: unknown, thrown: unknown): boolean {
      if (ordinary.call(this as never, thrown)) return true;
      if (this !== kind || !isError(thrown)) return false;
      return kind === Error || (thrown as Error).name === kind.name;
    };
    Object.defineProperty(kind, Symbol.hasInstance, { value });
  }
  Error.stackTraceLimit = 20;
  Error.prepareStackTrace = (error, frames) => {
    const own = frames.filter((frame) => life.host.isProgramFile(frame.getFileName() ?? ''));
    const { name, message } = error;
    const title = message === '' ? name : `${name}: ${message}`;
    return [title, ...own.map((frame) => `    at ${String(frame)}`)].join('\n');
  };
}
