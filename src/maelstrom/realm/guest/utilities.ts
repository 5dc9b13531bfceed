// `node:util`, `node:os`, `node:crypto`, `node:buffer` and what else is mostly the host's own: its
// pure functions are wrapped, so that none of the host's can become a promise's callback, which
// would run outside of the event.
import { draws, webCrypto } from './chance.js';
import { refused, refusedModule } from './refuse.js';
import { binding, life, nextTick } from './state.js';

type Callable = (...args: unknown[]) => unknown;
type Exports = Record<string, unknown>;

const customPromise = Symbol.for('nodejs.util.promisify.custom');

/** A module of the host with each of its plain functions wrapped. */
export function wrapped(name: string): Exports {
  return wrapEach(life.host.builtin(name));
}

function wrapEach(exports: Readonly<Record<string, unknown>>): Exports {
  const own: Exports = {};
  for (const key of Object.keys(exports)) {
    const value = exports[key];
    own[key] = isPlain(value) ? wrap(value) : value;
  }
  return own;
}

/** Whether it is a function and no class. */
function isPlain(value: unknown): value is Callable {
  if (typeof value !== 'function') return false;
  const { prototype } = value as { readonly prototype?: object };
  return !/^[A-Z]/.test(value.name) && (prototype === undefined || !/^class\b/.test(String(value)));
}

function wrap(inner: Callable): Callable {
  const outer = function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(inner, this, args);
  };
  return Object.assign(outer, inner);
}

function promisify(original: Callable & { [customPromise]?: unknown }): unknown {
  const own = original[customPromise];
  if (typeof own === 'function') return own;
  return function (this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, value: unknown): void => {
        if (error !== null && error !== undefined) reject(error);
        else resolve(value);
      };
      Reflect.apply(original, this, [...args, done]);
    });
  };
}

function callbackify(original: (...args: unknown[]) => Promise<unknown>): unknown {
  return (...args: unknown[]): void => {
    const callback = args.pop() as (error: unknown, value?: unknown) => void;
    original(...args).then(
      (value) => nextTick(() => callback(null, value)),
      (error: unknown) => nextTick(() => callback(error ?? new Error('rejected with nothing'))),
    );
  };
}

/** `node:util`. */
export function utilModule(): object {
  const util = wrapped('util');
  const own = Object.assign(promisify, { custom: customPromise });
  return {
    ...util,
    ...{ promisify: own, callbackify, types: wrapped('util/types') },
    inspect: Object.assign(wrap(util.inspect as Callable), life.host.builtin('util').inspect),
    debuglog: () => () => undefined,
    debug: () => () => undefined,
    deprecate: (callback: unknown) => callback,
    aborted: refused('util', 'aborted'),
  };
}

/** `node:os`: the same machine everywhere. */
export function systemModule(): object {
  const { hostname } = life.host;
  return refusedModule('os', {
    ...{ EOL: '\n', devNull: '/dev/null', constants: life.host.builtin('os').constants },
    ...{ hostname: () => hostname, tmpdir: () => '/tmp', homedir: () => '/' },
    ...{ platform: () => 'linux', type: () => 'Linux', arch: () => 'x64', release: () => '6.0.0' },
    ...{ cpus: () => [], availableParallelism: () => 1, loadavg: () => [0, 0, 0] },
    ...{ totalmem: () => 2 ** 33, freemem: () => 2 ** 32, uptime: () => 0, endianness: () => 'LE' },
    networkInterfaces: () => ({}),
    userInfo: () => ({ username: 'node', uid: 1000, gid: 1000, shell: null, homedir: '/' }),
  });
}

/** `node:crypto`: hashes are the host's, chance is the event's. */
export function cryptoModule(): object {
  const host = wrapped('crypto');
  const hashes = ['createHash', 'createHmac', 'getHashes', 'hash', 'timingSafeEqual'];
  const own = Object.fromEntries(hashes.map((name) => [name, host[name]]));
  return refusedModule('crypto', { ...own, ...draws, constants: host.constants });
}

/** The global `crypto`. */
export function globalCrypto(): object {
  return { ...webCrypto, subtle: refusedSubtle() };
}

function refusedSubtle(): object {
  const names = ['digest', 'encrypt', 'decrypt', 'sign', 'verify', 'generateKey', 'importKey'];
  const entries = names.map((name) => [name, refused('crypto.subtle', name)] as const);
  return Object.fromEntries(entries);
}

/** The host's `Buffer` with the memory of `allocUnsafe` cleared: what was there is not the same. */
export function virtualBuffer(): unknown {
  const { Buffer: host } = life.host.builtin('buffer') as { readonly Buffer: object };
  const statics = new Map<PropertyKey, unknown>();
  for (const name of Object.getOwnPropertyNames(host)) {
    const value = Reflect.get(host, name) as unknown;
    if (typeof value === 'function' && name !== 'prototype')
      statics.set(name, wrap(value as Callable));
  }
  const { alloc } = host as { readonly alloc: Callable };
  for (const name of ['allocUnsafe', 'allocUnsafeSlow']) {
    statics.set(name, (size: unknown) => Reflect.apply(alloc, host, [size]));
  }
  return new Proxy(host, {
    get: (target, key) => statics.get(key) ?? (Reflect.get(target, key) as unknown),
  });
}

/** `node:buffer`. */
export function bufferModule(buffer: unknown): object {
  return { ...wrapped('buffer'), Buffer: buffer, Blob: refused('buffer', 'Blob') };
}

/** `node:assert`, whose promises must be the realm's. */
export function assertModule(name: string): object {
  const host = life.host.builtin(name) as unknown as Callable;
  const rejects = async (given: unknown): Promise<void> => {
    try {
      await (typeof given === 'function' ? (given as () => unknown)() : given);
    } catch {
      return;
    }
    throw new Error('Missing expected rejection.');
  };
  const doesNotReject = async (given: unknown): Promise<void> => {
    await (typeof given === 'function' ? (given as () => unknown)() : given);
  };
  const assert = wrap(host) as Callable & Exports;
  const statics = wrapEach(host as unknown as Exports);
  return Object.assign(assert, statics, { rejects, doesNotReject, strict: assert });
}

/** `node:async_hooks`: contexts are the host's, and timers keep theirs. */
export function asyncModule(): object {
  const { AsyncLocalStorage, AsyncResource } = life.host.builtin('async_hooks') as {
    readonly AsyncLocalStorage: unknown;
    readonly AsyncResource: { bind(callback: Callable): Callable };
  };
  binding.bind = (callback) => AsyncResource.bind(callback);
  return refusedModule('async_hooks', { AsyncLocalStorage, AsyncResource });
}
