// A long text file in memory that threads share. Each reads a stretch of it, from the beginning of
// a line to that of another, and sees what the others have read. A file that is not what it seems
// is not read so: whoever reads it line by line says what is wrong with it.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Stretch } from '../history/rows/rows.js';

/** Plain data: a file can be handed to another thread. */
export interface SharedFile {
  readonly path: string;
  readonly memory: SharedArrayBuffer;
  /** Where stretches begin, and where the last ends. */
  readonly bounds: readonly number[];
}

/** A line that is longer is not looked for. */
const lineBytesMax = 1 << 20;

/** The size of a file that one can read anywhere; undefined of others. */
export function sizeOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : undefined;
}

/** The first line of a file with its line feed; undefined if it is too long. */
export function firstLineOf(path: string): string | undefined {
  return withFile(path, (file) => {
    const [bytes, feed] = lineFrom(file, 0);
    return feed < 0 ? undefined : bytes.toString('utf8', 0, feed + 1);
  });
}

/** Shares `size` bytes out, all from `start` on; undefined where lines are too long for that. */
export function sharedFile(
  path: string,
  { start, size, count }: { readonly start: number; readonly size: number; readonly count: number },
): SharedFile | undefined {
  const bounds = withFile(path, (file) => {
    const found = [start];
    for (let nth = 1; nth < count; nth++) {
      const near = start + Math.floor((nth * (size - start)) / count);
      const [, feed] = lineFrom(file, near);
      if (feed < 0) return undefined;
      found.push(near + feed + 1);
    }
    return [...found, size];
  });
  return bounds && { path, memory: new SharedArrayBuffer(size), bounds };
}

/** Reads a stretch; false where the file has become shorter. */
export function readStretch({ path, memory, bounds }: SharedFile, nth: number): boolean {
  const [from, to] = [bounds[nth] as number, bounds[nth + 1] as number];
  const bytes = new Uint8Array(memory);
  return withFile(path, (file) => {
    for (let at = from; at < to; ) {
      const read = readSync(file, bytes, at, to - at, at);
      if (read === 0) return false;
      at += read;
    }
    return true;
  });
}

/** A stretch that somebody has read. */
export function stretchOf({ memory, bounds }: SharedFile, nth: number): Stretch {
  const from = bounds[nth] as number;
  const length = (bounds[nth + 1] as number) - from;
  const buffer = Buffer.from(memory, from, length);
  return {
    bytes: new Uint8Array(memory, from, length),
    text: (start, end) => {
      const text = buffer.toString('utf8', start, end);
      if (text.includes('\uFFFD')) throw new RangeError('a text is in UTF-8');
      return text;
    },
  };
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** Bytes from a place on, and where among them the first line feed is. */
function lineFrom(file: number, at: number): readonly [bytes: Buffer, feed: number] {
  const bytes = Buffer.alloc(lineBytesMax);
  const length = readSync(file, bytes, 0, lineBytesMax, at);
  return [bytes, bytes.subarray(0, length).indexOf(0x0a)];
}
