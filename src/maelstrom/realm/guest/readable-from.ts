// `Readable.from`: a stream of what something iterable holds.
import { Readable, type ReadableOptions } from './readable.js';

/** A stream of what `items` holds or yields. */
export function readableFrom(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  options: ReadableOptions = {},
): Readable {
  const single = typeof items === 'string' || items instanceof Uint8Array;
  const source = single ? [items] : items;
  const iterator =
    Symbol.asyncIterator in (source as object)
      ? (source as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      : (source as Iterable<unknown>)[Symbol.iterator]();
  const stream = new Readable({ objectMode: true, highWaterMark: 1, ...options });
  stream._read = () => {
    const step = async (): Promise<void> => {
      const { value, done } = await iterator.next();
      stream.push(done === true ? null : await value);
    };
    step().catch((error: unknown) => stream.destroy(error));
  };
  return stream;
}
