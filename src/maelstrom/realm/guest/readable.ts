// `Readable`: what comes in, in either mode (flowing or asked for). Its callbacks run at the
// realm's next tick, so that order is the realm's alone.
import { EventEmitter, type Listener } from './events.js';
import { callable, codedError, nextTick, type PieceDecoder, textDecoder } from './state.js';

type Callback = (error?: unknown) => void;

/** Where a stream's chunks go. */
export interface Sink extends EventEmitter {
  write(chunk: unknown): boolean;
  end(): unknown;
}

export interface ReadableOptions {
  readonly objectMode?: boolean;
  readonly readableObjectMode?: boolean;
  readonly highWaterMark?: number;
  readonly encoding?: BufferEncoding;
  readonly autoDestroy?: boolean;
  readonly read?: (this: unknown, size: number) => void;
  readonly destroy?: (this: unknown, error: unknown, callback: Callback) => void;
}

/** What a readable stream remembers. */
interface ReadableState {
  objectMode: boolean;
  highWaterMark: number;
  chunks: unknown[];
  decoder: PieceDecoder | undefined;
  encoding: string | null;
  flowing: boolean | null;
  ended: boolean;
  endEmitted: boolean;
  reading: boolean;
  flowPlanned: boolean;
  readablePlanned: boolean;
  pipes: Map<Sink, () => void>;
}

class ReadableBase extends EventEmitter {
  _readableState: ReadableState;
  destroyed = false;
  closed = false;
  errored: unknown = null;
  readable = true;

  constructor(options: ReadableOptions = {}) {
    super();
    const objectMode = options.objectMode ?? options.readableObjectMode ?? false;
    this._readableState = {
      objectMode,
      highWaterMark: options.highWaterMark ?? (objectMode ? 16 : 65_536),
      chunks: [],
      decoder: undefined,
      encoding: null,
      flowing: null,
      ended: false,
      endEmitted: false,
      reading: false,
      flowPlanned: false,
      readablePlanned: false,
      pipes: new Map(),
    };
    if (options.read !== undefined) this._read = options.read;
    if (options.destroy !== undefined) this._destroy = options.destroy;
    if (options.encoding !== undefined) this.setEncoding(options.encoding);
  }

  get readableFlowing(): boolean | null {
    return this._readableState.flowing;
  }

  get readableEnded(): boolean {
    return this._readableState.endEmitted;
  }

  get readableLength(): number {
    return lengthOf(this._readableState);
  }

  get readableObjectMode(): boolean {
    return this._readableState.objectMode;
  }

  get readableEncoding(): string | null {
    return this._readableState.encoding;
  }

  get readableHighWaterMark(): number {
    return this._readableState.highWaterMark;
  }

  get readableAborted(): boolean {
    return this.destroyed && !this._readableState.endEmitted;
  }

  get readableDidRead(): boolean {
    return this._readableState.flowing !== null || this._readableState.endEmitted;
  }

  setEncoding(encoding: BufferEncoding): this {
    this._readableState.encoding = encoding;
    const decoder = textDecoder(encoding);
    this._readableState.decoder = decoder;
    const { chunks } = this._readableState;
    const text = chunks.map((chunk) => decoder.write(chunk as Uint8Array)).join('');
    this._readableState.chunks = text === '' ? [] : [text];
    return this;
  }

  push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const state = this._readableState;
    state.reading = false;
    if (chunk === null || chunk === undefined) return endOfChunks(this);
    if (state.ended) throw codedError('ERR_STREAM_PUSH_AFTER_EOF', 'stream.push() after EOF');
    const given = state.objectMode ? chunk : decoded(state, chunk, encoding);
    if (given === '' || (!state.objectMode && (given as string).length === 0)) return true;
    if (state.flowing === true && state.chunks.length === 0 && !state.flowPlanned) {
      this.emit('data', given);
      planFlow(this);
    } else {
      state.chunks.push(given);
      announce(this);
    }
    return lengthOf(state) < state.highWaterMark;
  }

  unshift(chunk: unknown): void {
    this._readableState.chunks.unshift(chunk);
    announce(this);
  }

  read(size?: number): unknown {
    const state = this._readableState;
    const chunk = size === 0 ? null : take(state, size);
    if (chunk === null || lengthOf(state) < state.highWaterMark) fetchMore(this);
    if (chunk !== null) this.emit('data', chunk);
    if (state.ended && state.chunks.length === 0) planEnd(this);
    return chunk;
  }

  _read(_size: number): void {}

  override on(name: string | symbol, listener: Listener): this {
    super.on(name, listener);
    const state = this._readableState;
    if (name === 'data' && state.flowing !== false && this.listenerCount('readable') === 0) {
      this.resume();
    } else if (name === 'readable') {
      state.flowing = false;
      if (state.chunks.length > 0 || state.ended) announce(this);
      else nextTick(() => fetchMore(this));
    }
    return this;
  }

  override addListener(name: string | symbol, listener: Listener): this {
    return this.on(name, listener);
  }

  override off(name: string | symbol, listener: Listener): this {
    super.off(name, listener);
    if (name === 'readable' && this.listenerCount('readable') === 0) {
      nextTick(() => {
        if (this.listenerCount('data') > 0 && this.listenerCount('readable') === 0) this.resume();
      });
    }
    return this;
  }

  override removeListener(name: string | symbol, listener: Listener): this {
    return this.off(name, listener);
  }

  resume(): this {
    const state = this._readableState;
    if (state.flowing === true) return this;
    state.flowing = this.listenerCount('readable') === 0;
    nextTick(() => {
      if (state.flowing === true) this.emit('resume');
    });
    planFlow(this);
    return this;
  }

  pause(): this {
    if (this._readableState.flowing !== false) {
      this._readableState.flowing = false;
      this.emit('pause');
    }
    return this;
  }

  isPaused(): boolean {
    return this._readableState.flowing === false && this.listenerCount('readable') === 0;
  }

  pipe<S extends Sink>(sink: S, options: { readonly end?: boolean } = {}): S {
    const onData: Listener = (chunk) => {
      if (!sink.write(chunk)) this.pause();
    };
    const onDrain = (): void => {
      this.resume();
    };
    const onEnd = (): void => {
      if (options.end !== false) sink.end();
    };
    this.on('data', onData);
    this.once('end', onEnd);
    sink.on('drain', onDrain);
    this._readableState.pipes.set(sink, () => {
      this.off('data', onData);
      this.off('end', onEnd);
      sink.off('drain', onDrain);
    });
    sink.emit('pipe', this);
    this.resume();
    return sink;
  }

  unpipe(sink?: Sink): this {
    const { pipes } = this._readableState;
    for (const each of sink === undefined ? [...pipes.keys()] : [sink]) {
      pipes.get(each)?.();
      if (pipes.delete(each)) each.emit('unpipe', this);
    }
    if (pipes.size === 0) this.pause();
    return this;
  }

  destroy(error?: unknown): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.readable = false;
    this._destroy(error ?? null, (second) => {
      const cause = second ?? error;
      this.errored = cause ?? null;
      nextTick(() => {
        if (cause !== undefined && cause !== null) this.emit('error', cause);
        this.closed = true;
        this.emit('close');
      });
    });
    return this;
  }

  _destroy(error: unknown, callback: Callback): void {
    callback(error === null ? undefined : error);
  }

  [Symbol.asyncIterator](): AsyncGenerator<unknown, void> {
    return chunksOf(this);
  }
}

export const Readable = callable(ReadableBase);
export type Readable = ReadableBase;

/** Asynchronous iteration: what is there, then what comes, to the end. */
async function* chunksOf(stream: Readable): AsyncGenerator<unknown, void> {
  let wake = (): void => {};
  let fault: { readonly error: unknown } | undefined;
  const stir = (): void => wake();
  stream.on('readable', stir).on('end', stir).on('close', stir);
  stream.on('error', (error) => {
    fault = { error };
    stir();
  });
  try {
    for (;;) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (fault !== undefined) throw fault.error;
      if (stream._readableState.endEmitted || stream.destroyed) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stream.destroy();
  }
}

function lengthOf({ chunks, objectMode }: ReadableState): number {
  if (objectMode) return chunks.length;
  return chunks.reduce((sum: number, chunk) => sum + (chunk as string).length, 0);
}

/** The next chunk; of bytes and text all that there is, or `size` of it. */
function take(state: ReadableState, size: number | undefined): unknown {
  const { chunks, decoder, objectMode } = state;
  if (chunks.length === 0) return null;
  // What flows keeps its pieces; who asks gets all.
  if (objectMode || (size === undefined && state.flowing === true)) return chunks.shift();
  const all = decoder === undefined ? Buffer.concat(chunks as Buffer[]) : chunks.join('');
  if (size === undefined || (size >= all.length && (state.ended || size === all.length))) {
    state.chunks = [];
    return all;
  }
  if (size > all.length) return null;
  state.chunks = [all.slice(size)];
  return all.slice(0, size);
}

function decoded(state: ReadableState, chunk: unknown, encoding?: BufferEncoding): unknown {
  const { decoder } = state;
  if (typeof chunk === 'string') {
    if (decoder !== undefined && state.encoding === 'utf8') return chunk;
    const bytes = Buffer.from(chunk, encoding);
    return decoder === undefined ? bytes : decoder.write(bytes);
  }
  return decoder === undefined ? chunk : decoder.write(chunk as Uint8Array);
}

function endOfChunks(stream: Readable): boolean {
  const state = stream._readableState;
  if (state.ended) return false;
  state.ended = true;
  const rest = state.decoder?.end() ?? '';
  if (rest !== '') state.chunks.push(rest);
  if (state.flowing === true && state.chunks.length === 0) planEnd(stream);
  else announce(stream);
  return false;
}

/** Tells, at the next tick, that there is something to read. */
function announce(stream: Readable): void {
  const state = stream._readableState;
  if (state.flowing === true) return planFlow(stream);
  if (state.readablePlanned) return;
  state.readablePlanned = true;
  nextTick(() => {
    state.readablePlanned = false;
    if (stream.destroyed) return;
    if (state.chunks.length > 0 || state.ended) stream.emit('readable');
    if (state.flowing === true) planFlow(stream);
    if (state.ended && state.chunks.length === 0) planEnd(stream);
  });
}

function planFlow(stream: Readable): void {
  const state = stream._readableState;
  if (state.flowPlanned) return;
  if (state.chunks.length === 0 && !state.ended && state.reading) return;
  state.flowPlanned = true;
  nextTick(() => {
    state.flowPlanned = false;
    while (state.flowing === true && !stream.destroyed && stream.read() !== null);
    if (state.ended && state.chunks.length === 0) planEnd(stream);
  });
}

function fetchMore(stream: Readable): void {
  const state = stream._readableState;
  if (state.reading || state.ended || stream.destroyed) return;
  if (lengthOf(state) >= state.highWaterMark) return;
  state.reading = true;
  try {
    stream._read(state.highWaterMark);
  } catch (error) {
    stream.destroy(error);
  }
}

function planEnd(stream: Readable): void {
  const state = stream._readableState;
  if (state.endEmitted) return;
  nextTick(() => {
    if (state.endEmitted || state.chunks.length > 0 || stream.destroyed) return;
    state.endEmitted = true;
    stream.readable = false;
    stream.emit('end');
    const twin = stream as Readable & { readonly writable?: boolean; writableFinished?: boolean };
    if (twin.writable !== true) stream.destroy();
  });
}
