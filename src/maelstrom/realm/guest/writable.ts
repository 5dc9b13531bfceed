// `Writable`, `Duplex`, `Transform`, `PassThrough`: what goes out, and what goes through.
import { EventEmitter } from './events.js';
import { Readable, type ReadableOptions } from './readable.js';
import { callable, codedError, nextTick } from './state.js';

type Callback = (error?: unknown) => void;

interface WritableOptions {
  readonly objectMode?: boolean;
  readonly writableObjectMode?: boolean;
  readonly decodeStrings?: boolean;
  readonly highWaterMark?: number;
  readonly write?: (this: unknown, chunk: unknown, encoding: string, callback: Callback) => void;
  readonly final?: (this: unknown, callback: Callback) => void;
  readonly destroy?: (this: unknown, error: unknown, callback: Callback) => void;
}

interface TransformOptions extends Omit<ReadableOptions, 'destroy'>, WritableOptions {
  readonly transform?: (
    this: unknown,
    chunk: unknown,
    encoding: string,
    callback: (error?: unknown, chunk?: unknown) => void,
  ) => void;
  readonly flush?: (this: unknown, callback: (error?: unknown, chunk?: unknown) => void) => void;
}

interface Written {
  readonly chunk: unknown;
  readonly encoding: string;
  readonly callback: Callback | undefined;
}

interface WritableState {
  objectMode: boolean;
  decodeStrings: boolean;
  highWaterMark: number;
  defaultEncoding: BufferEncoding;
  queue: Written[];
  writing: boolean;
  corked: number;
  needDrain: boolean;
  ending: boolean;
  finished: boolean;
  finishing: boolean;
}

/** The methods of a writable stream, for `Writable` and `Duplex` alike. */
interface WritableSide extends EventEmitter {
  _writableState: WritableState;
  writable: boolean;
  destroyed: boolean;
  _write(chunk: unknown, encoding: string, callback: Callback): void;
  _final?(callback: Callback): void;
  destroy(error?: unknown): unknown;
}

function writableState(options: WritableOptions): WritableState {
  const objectMode = options.objectMode ?? options.writableObjectMode ?? false;
  return {
    objectMode,
    decodeStrings: options.decodeStrings ?? true,
    highWaterMark: options.highWaterMark ?? (objectMode ? 16 : 65_536),
    defaultEncoding: 'utf8',
    queue: [],
    writing: false,
    corked: 0,
    needDrain: false,
    ending: false,
    finished: false,
    finishing: false,
  };
}

function write(stream: WritableSide, given: unknown, second: unknown, third: unknown): boolean {
  const state = stream._writableState;
  const callback = (typeof second === 'function' ? second : third) as Callback | undefined;
  if (given === null) throw codedError('ERR_STREAM_NULL_VALUES', 'May not write null values');
  if (state.ending || stream.destroyed) {
    const code = stream.destroyed ? 'ERR_STREAM_DESTROYED' : 'ERR_STREAM_WRITE_AFTER_END';
    const error = codedError(code, 'write after end');
    nextTick(() => callback?.(error));
    stream.destroy(error);
    return false;
  }
  let encoding = typeof second === 'string' ? second : state.defaultEncoding;
  let chunk = given;
  if (!state.objectMode && typeof given === 'string' && state.decodeStrings) {
    chunk = Buffer.from(given, encoding as BufferEncoding);
    encoding = 'buffer' as BufferEncoding;
  } else if (typeof given !== 'string') encoding = 'buffer' as BufferEncoding;
  state.queue.push({ chunk, encoding, callback });
  pump(stream);
  const full = state.queue.length > 0 && sizeOf(state) >= state.highWaterMark;
  if (full) state.needDrain = true;
  return !full;
}

function sizeOf({ queue, objectMode }: WritableState): number {
  if (objectMode) return queue.length;
  return queue.reduce((sum, { chunk }) => sum + (chunk as string).length, 0);
}

/** Writes what waits, one chunk after the other. */
function pump(stream: WritableSide): void {
  const state = stream._writableState;
  while (!state.writing && state.corked === 0 && state.queue.length > 0 && !stream.destroyed) {
    const { chunk, encoding, callback } = state.queue[0] as Written;
    let sync = true;
    state.writing = true;
    const done = (error?: unknown): void => {
      state.writing = false;
      state.queue.shift();
      const after = (): void => settleWrite(stream, callback, error);
      if (sync) nextTick(after);
      else after();
      if (!sync) pump(stream);
    };
    try {
      stream._write(chunk, encoding, done);
    } catch (error) {
      state.queue.shift();
      stream.destroy(error);
    }
    sync = false;
  }
  if (state.ending) finish(stream);
}

function settleWrite(stream: WritableSide, callback: Callback | undefined, error: unknown): void {
  const state = stream._writableState;
  if (error !== undefined && error !== null) {
    callback?.(error);
    stream.destroy(error);
    return;
  }
  if (state.needDrain && state.queue.length === 0 && !state.ending) {
    state.needDrain = false;
    stream.emit('drain');
  }
  callback?.();
}

function end(stream: WritableSide, args: readonly unknown[]): void {
  const state = stream._writableState;
  const callback = args.find((arg) => typeof arg === 'function') as Callback | undefined;
  const [chunk, encoding] = args;
  if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
    write(stream, chunk, typeof encoding === 'string' ? encoding : undefined, undefined);
  }
  state.corked = 0;
  state.ending = true;
  stream.writable = false;
  if (callback !== undefined) {
    if (state.finished) nextTick(callback);
    else stream.once('finish', () => callback());
  }
  pump(stream);
}

function finish(stream: WritableSide): void {
  const state = stream._writableState;
  if (state.finishing || state.writing || state.queue.length > 0 || stream.destroyed) return;
  state.finishing = true;
  const finished = (error?: unknown): void => {
    if (error !== undefined && error !== null) {
      stream.destroy(error);
      return;
    }
    nextTick(() => {
      state.finished = true;
      stream.emit('finish');
      const twin = stream as WritableSide & { readonly readable?: boolean };
      if (twin.readable !== true) stream.destroy();
    });
  };
  if (stream._final === undefined) finished();
  else stream._final(finished);
}

class WritableBase extends EventEmitter {
  _writableState: WritableState;
  destroyed = false;
  closed = false;
  errored: unknown = null;
  writable = true;
  declare _final?: (callback: Callback) => void;

  constructor(options: WritableOptions = {}) {
    super();
    this._writableState = writableState(options);
    if (options.write !== undefined) this._write = options.write;
    if (options.final !== undefined) this._final = options.final;
    if (options.destroy !== undefined) this._destroy = options.destroy;
  }

  get writableEnded(): boolean {
    return this._writableState.ending;
  }

  get writableFinished(): boolean {
    return this._writableState.finished;
  }

  get writableLength(): number {
    return sizeOf(this._writableState);
  }

  get writableHighWaterMark(): number {
    return this._writableState.highWaterMark;
  }

  get writableObjectMode(): boolean {
    return this._writableState.objectMode;
  }

  get writableNeedDrain(): boolean {
    return this._writableState.needDrain;
  }

  get writableCorked(): number {
    return this._writableState.corked;
  }

  write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    return write(this, chunk, encoding, callback);
  }

  end(...args: unknown[]): this {
    end(this, args);
    return this;
  }

  cork(): void {
    this._writableState.corked++;
  }

  uncork(): void {
    if (this._writableState.corked > 0) this._writableState.corked--;
    pump(this);
  }

  setDefaultEncoding(encoding: BufferEncoding): this {
    this._writableState.defaultEncoding = encoding;
    return this;
  }

  _write(_chunk: unknown, _encoding: string, callback: Callback): void {
    callback(codedError('ERR_METHOD_NOT_IMPLEMENTED', 'The _write() method is not implemented'));
  }

  destroy(error?: unknown): this {
    Readable.prototype.destroy.call(this as never, error);
    return this;
  }

  _destroy(error: unknown, callback: Callback): void {
    callback(error === null ? undefined : error);
  }
}

export const Writable = callable(WritableBase);
export type Writable = WritableBase;

class DuplexBase extends Readable {
  _writableState: WritableState;
  writable = true;
  allowHalfOpen = true;
  declare _final?: (callback: Callback) => void;
  declare _write: WritableBase['_write'];
  declare write: WritableBase['write'];
  declare end: (...args: unknown[]) => this;

  constructor(options: ReadableOptions & WritableOptions = {}) {
    super(options);
    this._writableState = writableState(options);
    if (options.write !== undefined) this._write = options.write;
    if (options.final !== undefined) this._final = options.final;
  }
}

export const Duplex = mixed();
export type Duplex = DuplexBase;

function mixed(): typeof DuplexBase {
  for (const name of Object.getOwnPropertyNames(WritableBase.prototype)) {
    if (Object.hasOwn(DuplexBase.prototype, name) || /destroy$/.test(name)) continue;
    const own = Object.getOwnPropertyDescriptor(WritableBase.prototype, name);
    if (own !== undefined) Object.defineProperty(DuplexBase.prototype, name, own);
  }
  return callable(DuplexBase);
}

class TransformBase extends Duplex {
  _transformed: Callback | undefined = undefined;
  declare _flush?: TransformOptions['flush'];

  constructor(options: TransformOptions = {}) {
    super(options as ReadableOptions & WritableOptions);
    if (options.transform !== undefined) this._transform = options.transform;
    if (options.flush !== undefined) this._flush = options.flush;
  }

  _transform(
    _chunk: unknown,
    _encoding: string,
    callback: (error?: unknown, chunk?: unknown) => void,
  ): void {
    callback(codedError('ERR_METHOD_NOT_IMPLEMENTED', 'The _transform() method is not there'));
  }

  override _read(): void {
    const waiting = this._transformed;
    this._transformed = undefined;
    waiting?.();
  }
}

TransformBase.prototype._write = function (this: Transform, chunk, encoding, callback): void {
  this._transform(chunk, encoding, (error, result) => {
    if (error !== undefined && error !== null) return callback(error);
    const room = result === undefined || result === null ? true : this.push(result);
    const { ended, flowing, chunks } = this._readableState;
    if (room || ended || (flowing !== false && chunks.length === 0)) callback();
    else this._transformed = callback;
  });
};

TransformBase.prototype._final = function (this: Transform, callback: Callback): void {
  const done = (error?: unknown, result?: unknown): void => {
    if (error !== undefined && error !== null) return callback(error);
    if (result !== undefined && result !== null) this.push(result);
    this.push(null);
    callback();
  };
  if (this._flush === undefined) done();
  else this._flush(done);
};

export const Transform = callable(TransformBase);
export type Transform = TransformBase;

class PassThroughBase extends Transform {
  override _transform(
    chunk: unknown,
    _encoding: string,
    callback: (error?: unknown, chunk?: unknown) => void,
  ): void {
    callback(null, chunk);
  }
}

export const PassThrough = callable(PassThroughBase);
