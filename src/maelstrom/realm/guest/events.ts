// `node:events`: the emitter that everything else stands on, with the realm's own promises.
import { argumentError, callable, codedError, inspected } from './state.js';

/** Anything that listens. */
export type Listener = (this: unknown, ...args: unknown[]) => unknown;

type Name = string | symbol;

/** What `once` wraps a listener in. */
type Wrapped = Listener & { listener?: Listener };

class Emitter {
  static defaultMaxListeners = 10;
  _events: Map<Name, Wrapped[]> | undefined = undefined;
  _maxListeners: number | undefined = undefined;

  on(name: Name, listener: Listener): this {
    return add(this, name, listener, false);
  }

  addListener(name: Name, listener: Listener): this {
    return this.on(name, listener);
  }

  prependListener(name: Name, listener: Listener): this {
    return add(this, name, listener, true);
  }

  once(name: Name, listener: Listener): this {
    checkListener(listener);
    return this.on(name, onceOf(this, name, listener));
  }

  prependOnceListener(name: Name, listener: Listener): this {
    checkListener(listener);
    return this.prependListener(name, onceOf(this, name, listener));
  }

  off(name: Name, listener: Listener): this {
    const table = tableOf(this);
    const before = table.get(name) ?? [];
    const at = before.findLastIndex((each) => each === listener || each.listener === listener);
    if (at < 0) return this;
    if (before.length === 1) table.delete(name);
    else table.set(name, before.toSpliced(at, 1));
    if (table.has('removeListener')) this.emit('removeListener', name, listener);
    return this;
  }

  removeListener(name: Name, listener: Listener): this {
    return this.off(name, listener);
  }

  removeAllListeners(name?: Name): this {
    if (name === undefined) tableOf(this).clear();
    else tableOf(this).delete(name);
    return this;
  }

  emit(name: Name, ...args: unknown[]): boolean {
    const listeners = this._events?.get(name);
    if (listeners === undefined) {
      if (name === 'error') throw unheard(args[0]);
      return false;
    }
    if (listeners.length === 1) Reflect.apply(listeners[0] as Listener, this, args);
    else for (const listener of listeners) Reflect.apply(listener, this, args);
    return true;
  }

  listenerCount(name: Name): number {
    return this._events?.get(name)?.length ?? 0;
  }

  listeners(name: Name): Listener[] {
    return this.rawListeners(name).map((each) => (each as Wrapped).listener ?? each);
  }

  rawListeners(name: Name): Listener[] {
    return [...(this._events?.get(name) ?? [])];
  }

  eventNames(): Name[] {
    return [...tableOf(this).keys()];
  }

  setMaxListeners(count: number): this {
    this._maxListeners = count;
    return this;
  }

  getMaxListeners(): number {
    return this._maxListeners ?? Emitter.defaultMaxListeners;
  }
}

/** Node's `EventEmitter`. */
export const EventEmitter = callable(Emitter);
export type EventEmitter = Emitter;

/** Who inherits without calling the constructor has no table yet. */
function tableOf(emitter: Emitter): Map<Name, Wrapped[]> {
  if (!(emitter._events instanceof Map)) emitter._events = new Map();
  return emitter._events;
}

function add<E extends Emitter>(emitter: E, name: Name, listener: Listener, first: boolean): E {
  checkListener(listener);
  const table = tableOf(emitter);
  if (table.has('newListener')) {
    emitter.emit('newListener', name, (listener as Wrapped).listener ?? listener);
  }
  const before = table.get(name) ?? [];
  table.set(name, first ? [listener, ...before] : [...before, listener]);
  return emitter;
}

function checkListener(listener: unknown): void {
  if (typeof listener !== 'function') throw argumentError('listener', 'a function', listener);
}

function onceOf(emitter: Emitter, name: Name, listener: Listener): Wrapped {
  const wrapped: Wrapped = function (this: unknown, ...args) {
    emitter.off(name, wrapped);
    return Reflect.apply(listener, this, args);
  };
  wrapped.listener = listener;
  return wrapped;
}

/** What is thrown for an `error` event that nobody listens for. */
function unheard(error: unknown): unknown {
  if (error instanceof Error) return error;
  return codedError('ERR_UNHANDLED_ERROR', `Unhandled error. (${inspected(error)})`);
}

/** `events.once`: the arguments of the next event of this name. */
function onceEvent(
  emitter: Emitter,
  name: Name,
  options?: { readonly signal?: AbortSignal },
): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      emitter.off(name, done);
      reject(error);
    };
    const done = (...args: unknown[]): void => {
      emitter.off('error', fail);
      resolve(args);
    };
    emitter.once(name, done);
    if (name !== 'error') emitter.once('error', fail);
    options?.signal?.addEventListener('abort', () => fail(options.signal?.reason));
  });
}

interface Waiting {
  resolve(result: IteratorResult<unknown, undefined>): void;
  reject(error: unknown): void;
}

interface IterationOptions {
  readonly close?: readonly string[];
  readonly signal?: AbortSignal;
}

/** `events.on`: what comes, in order, each for itself; also `readline`'s async iteration. */
export class EventIterator implements AsyncIterableIterator<unknown> {
  readonly #come: unknown[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #leave: () => void;
  #closed = false;
  #error: unknown;
  #failed = false;

  constructor(
    emitter: EventEmitter,
    name: Name,
    { close = [], signal }: IterationOptions,
    value: (args: unknown[]) => unknown,
  ) {
    const come = (...args: unknown[]): void => this.#add(value(args));
    const end = (): void => this.#end();
    const fail = (error: unknown): void => this.#fail(error);
    emitter.on(name, come);
    if (name !== 'error') emitter.on('error', fail);
    for (const each of close) emitter.on(each, end);
    signal?.addEventListener('abort', () => this.#fail(signal.reason));
    this.#leave = () => {
      emitter.off(name, come).off('error', fail);
      for (const each of close) emitter.off(each, end);
    };
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#come.length > 0) {
      return Promise.resolve({ value: this.#come.shift(), done: false });
    }
    if (this.#failed) {
      this.#failed = false;
      return Promise.reject(this.#error);
    }
    if (this.#closed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<unknown, undefined>> {
    this.#end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #add(value: unknown): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#come.push(value);
    else waiting.resolve({ value, done: false });
  }

  #fail(error: unknown): void {
    const waiting = this.#waiting.shift();
    this.#error = error;
    this.#failed = waiting === undefined;
    waiting?.reject(error);
    this.#end();
  }

  #end(): void {
    this.#closed = true;
    this.#leave();
    for (const { resolve } of this.#waiting) resolve({ value: undefined, done: true });
    this.#waiting.length = 0;
  }
}

/** The module's exports. */
export function eventsModule(): object {
  return Object.assign(EventEmitter, {
    EventEmitter,
    once: onceEvent,
    on: (emitter: EventEmitter, name: Name, options: IterationOptions = {}) =>
      new EventIterator(emitter, name, options, (args) => args),
    listenerCount: (emitter: EventEmitter, name: Name) => emitter.listenerCount(name),
    getEventListeners: (emitter: EventEmitter, name: Name) => emitter.listeners(name),
    setMaxListeners: () => undefined,
    errorMonitor: Symbol('events.errorMonitor'),
    captureRejectionSymbol: Symbol.for('nodejs.rejection'),
    EventEmitterAsyncResource: EventEmitter,
  });
}
