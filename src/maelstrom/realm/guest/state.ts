// The realm's own record: its host, whether its program still runs, and what waits for the next
// tick. One per realm, for this code is evaluated anew in each.
import type { Ending, Host } from '../host.js';

interface Life {
  host: Host;
  /** After its end a program's callbacks do nothing that anyone sees. */
  over: boolean;
}

export const life: Life = { host: undefined as unknown as Host, over: false };

/** Thrown to leave a program that called `process.exit`; nothing that catches it is heard. */
export class Exit extends Error {}

/** Ends the program, once. */
export function endLife(ending: Ending): void {
  if (life.over) return;
  life.over = true;
  life.host.over(ending);
}

type Callback = (...args: unknown[]) => unknown;

/** Binds callbacks to the asynchronous context in which they were given; see async_hooks. */
export const binding: { bind: ((callback: Callback) => Callback) | undefined } = {
  bind: undefined,
};

interface Tick {
  readonly callback: Callback;
  readonly args: readonly unknown[];
}

/** So many callbacks in one event are a loop. */
const ticksMax = 1_000_000;

/** Callbacks of `process.nextTick`, in order. */
export const ticks: Tick[] = [];

/** `process.nextTick`. */
export function nextTick(callback: (...args: never[]) => unknown, ...args: unknown[]): void {
  if (typeof callback !== 'function') throw argumentError('callback', 'a function', callback);
  const bound = binding.bind?.(callback as Callback) ?? (callback as Callback);
  ticks.push({ callback: bound, args });
}

/** Runs what waits, and what that makes wait. */
export function runTicks(caught: (error: unknown) => void): void {
  for (let done = 0; done < ticks.length; done++) {
    if (life.over) break;
    const { callback, args } = ticks[done] as Tick;
    try {
      if (done > ticksMax) throw new RangeError(`${ticksMax} calls of nextTick in one event`);
      callback(...args);
    } catch (error) {
      if (done > ticksMax) ticks.length = 0;
      caught(error);
    }
  }
  ticks.length = 0;
}

/** The error of Node for an argument of a wrong type. */
export function argumentError(name: string, expected: string, found: unknown): TypeError {
  const text = `The "${name}" argument must be ${expected}. Received ${typeof found}`;
  return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
}

/** An error with a code, as Node's own have. */
export function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** A value in words, as `util.inspect` has it. */
export function inspected(value: unknown, options?: unknown): string {
  const { inspect } = life.host.builtin('util') as {
    readonly inspect: (value: unknown, options?: unknown) => string;
  };
  return inspect(value, options);
}

/** Text that comes in pieces, which may cut a character. */
export interface PieceDecoder {
  write(chunk: Uint8Array): string;
  end(): string;
}

export function textDecoder(encoding: BufferEncoding): PieceDecoder {
  const { StringDecoder } = life.host.builtin('string_decoder') as {
    readonly StringDecoder: new (encoding: BufferEncoding) => PieceDecoder;
  };
  return new StringDecoder(encoding);
}

/** Any class. */
type Class = abstract new (...args: never[]) => object;

/**
 * A class that can also be called as Node's own can, `Base.call(this)`, which is how older packages
 * inherit. Its methods are enumerable, for those that mix them in.
 */
export function callable<C extends Class>(base: C): C {
  const outer = function (this: object, ...args: never[]): object | undefined {
    if (new.target !== undefined) return Reflect.construct(base as never, args, new.target);
    Object.assign(this, Reflect.construct(base as never, args));
    return undefined;
  };
  for (const name of Object.getOwnPropertyNames(base)) {
    const own = Object.getOwnPropertyDescriptor(base, name);
    if (own !== undefined && name !== 'prototype') Object.defineProperty(outer, name, own);
  }
  const prototype = base.prototype as object;
  Object.defineProperty(outer, 'prototype', { value: prototype });
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const own = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    Object.defineProperty(prototype, name, { ...own, enumerable: name !== 'constructor' });
  }
  Object.defineProperty(prototype, 'constructor', { value: outer, writable: true });
  return outer as unknown as C;
}
