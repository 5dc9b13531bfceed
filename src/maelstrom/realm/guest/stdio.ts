// The three streams of a program: stdin, which the simulator fills line by line and never ends,
// and stdout and stderr, which take text at once.
import type { Listener } from './events.js';
import { burnOutput } from './fuel.js';
import { Readable } from './readable.js';
import { life, nextTick, type PieceDecoder, textDecoder } from './state.js';
import { Writable } from './writable.js';

/** What a listener of data has that would rather be given lines, each whole and without its end. */
export const takesLine = Symbol('takesLine');

type LineTaker = Listener & { readonly [takesLine]?: (line: string) => void };

class Stdin extends Readable {
  readonly fd = 0;

  /** What the simulator says to the program: a line, without its end. */
  deliver(line: string): void {
    const { flowing, chunks, flowPlanned } = this._readableState;
    const isAwaited = flowing === true && chunks.length === 0 && !flowPlanned;
    const listeners = isAwaited ? this._events?.get('data') : undefined;
    const taker = listeners?.length === 1 ? (listeners[0] as LineTaker)[takesLine] : undefined;
    if (taker !== undefined) taker(line);
    else this.push(`${line}\n`, 'utf8');
  }

  /** Whether the program has begun to read: it waits for more, were it paused now. */
  get active(): boolean {
    return !this.destroyed && this.readableFlowing !== null;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

class Output extends Writable {
  readonly fd: 1 | 2;
  #decoder: PieceDecoder | undefined;
  readonly _type = 'pipe';
  readonly _handle = { setBlocking: () => undefined };

  constructor(fd: 1 | 2) {
    super({ decodeStrings: false });
    this.fd = fd;
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    burnOutput();
    if (!life.over) life.host.print(this.fd, this.#text(chunk, encoding));
    if (typeof done === 'function') nextTick(done as () => void);
    return true;
  }

  #text(chunk: unknown, encoding: unknown): string {
    if (typeof chunk === 'string') {
      const plain = typeof encoding !== 'string' || /^utf-?8$/i.test(encoding);
      return plain ? chunk : Buffer.from(chunk, encoding as BufferEncoding).toString();
    }
    if (chunk instanceof Uint8Array) {
      this.#decoder ??= textDecoder('utf8');
      return this.#decoder.write(chunk);
    }
    throw Object.assign(new TypeError('The "chunk" argument must be a string or bytes'), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }

  /** Standard output stays open: `end` of a pipe into it says nothing. */
  override end(...args: unknown[]): this {
    const [chunk] = args;
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.write(chunk);
    const callback = args.find((arg) => typeof arg === 'function') as (() => void) | undefined;
    nextTick(() => {
      this.emit('finish');
      callback?.();
    });
    return this;
  }

  override destroy(): this {
    return this;
  }
}

export const stdin = new Stdin();
export const stdout = new Output(1);
export const stderr = new Output(2);
