// `node:stream`: the module around the streams, with `pipeline` and `finished`.
import { EventEmitter } from './events.js';
import { Readable, type Sink } from './readable.js';
import { readableFrom } from './readable-from.js';
import { codedError, nextTick } from './state.js';
import { Duplex, PassThrough, Transform, Writable } from './writable.js';

type Callback = (error?: unknown) => void;
type AnyStream = Readable & Writable;
type Stage = (source: unknown) => unknown;

/** Calls back, once, when a stream has ended, finished or failed. */
function finished(stream: AnyStream, ...rest: unknown[]): () => void {
  const callback = rest.at(-1) as Callback;
  let told = false;
  const tell = (error?: unknown): void => {
    if (told) return;
    told = true;
    callback(error);
  };
  const isDone = (): boolean => {
    const reads = stream._readableState === undefined || stream._readableState.endEmitted;
    return reads && (stream._writableState === undefined || stream._writableState.finished);
  };
  const check = (): void => {
    if (isDone()) tell();
  };
  const onClose = (): void => {
    const early = codedError('ERR_STREAM_PREMATURE_CLOSE', 'Premature close');
    tell(isDone() ? undefined : early);
  };
  stream.on('end', check).on('finish', check).on('error', tell).on('close', onClose);
  if (isDone()) nextTick(tell);
  return () => {
    stream.off('end', check).off('finish', check).off('error', tell).off('close', onClose);
  };
}

/** `stream.pipeline`: from the first, through the others, into the last. */
function pipeline(...given: unknown[]): unknown {
  const stages = given.flat();
  const callback = typeof stages.at(-1) === 'function' ? (stages.pop() as Callback) : undefined;
  const streams: AnyStream[] = [];
  let told = false;
  const end = (error?: unknown): void => {
    if (told) return;
    told = true;
    if (error !== undefined) for (const stream of streams) stream.destroy(error);
    callback?.(error);
  };
  let current: unknown = stages[0];
  for (const [place, stage] of stages.entries()) {
    if (place > 0) current = joined(current, stage, end);
    else if (typeof stage === 'function') current = (stage as Stage)(undefined);
    if (current instanceof EventEmitter) {
      streams.push(current as AnyStream);
      current.on('error', end);
    }
  }
  const last = streams.at(-1);
  if (last !== undefined && last === current) finished(last, end);
  return current;
}

/** Connects two stages; a function is given its source, and what it yields goes on. */
function joined(current: unknown, stage: unknown, end: Callback): unknown {
  const source = current instanceof Readable ? current : readableFrom(current as Iterable<unknown>);
  if (typeof stage !== 'function') return source.pipe(stage as Sink);
  const result = (stage as Stage)(source);
  if (typeof (result as Promise<unknown>).then === 'function') {
    (result as Promise<unknown>).then(() => end(), end);
    return result;
  }
  return readableFrom(result as AsyncIterable<unknown>);
}

function promised<A extends unknown[]>(run: (...args: A) => unknown) {
  return (...args: A): Promise<void> =>
    new Promise((resolve, reject) => {
      const done: Callback = (error) => (error === undefined ? resolve() : reject(error));
      run(...([...args.filter((arg) => typeof arg !== 'undefined'), done] as unknown as A));
    });
}

/** `stream/promises`. */
export const streamPromises = {
  pipeline: promised(pipeline),
  finished: promised(finished as (...args: unknown[]) => unknown),
};

/** The module's exports. */
export function streamModule(): object {
  const statics = { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished };
  Object.assign(Readable, { from: readableFrom });
  return Object.assign(function Stream() {}, EventEmitter, statics, {
    ...{ Stream: EventEmitter, prototype: EventEmitter.prototype, promises: streamPromises },
    addAbortSignal: (_signal: unknown, stream: unknown) => stream,
    isReadable: (stream: Readable) => stream.readable,
    isErrored: (stream: Readable) => stream.errored !== null,
  });
}
