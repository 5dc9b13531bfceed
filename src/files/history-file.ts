// Reading a history that a user named, piece by piece, in whole lines: a file of any size, packed
// by gzip or not, or what is piped in. It says what is wrong with what is no text, and shows the
// lines around a place.
import { createReadStream, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type UsageError, usageError } from '../scenario/usage-error.js';
import { directoryError, fileError } from './text-file.js';

/** Where a history comes from. */
export interface Source {
  /** A path, or `-` for what is piped in. */
  readonly path: string;
  readonly piped: AsyncIterable<Uint8Array>;
}

/** Some lines, and how much of the file has been read with them. */
export interface Lines {
  readonly text: string;
  /** From 0 to 1; undefined where nobody knows how much there is. */
  readonly share: number | undefined;
}

const kind = 'history';
const pieceBytes = 1 << 20;

/** A line longer than this is no line of a history. */
const lineLengthMax = 400_000_000;

/** The lines of a history, a megabyte or so at a time; the last may lack its line feed. */
export async function* linesOf(source: Source): AsyncGenerator<Lines> {
  const { path } = source;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: string[] = [];
  let length = 0;
  for await (const { bytes, share } of piecesOf(source)) {
    const text = decoded(decoder, bytes, path);
    const end = bytes === undefined ? text.length : text.lastIndexOf('\n') + 1;
    if (end > 0 || bytes === undefined) {
      const whole = parts.join('') + text.slice(0, end);
      if (whole !== '') yield { text: whole, share };
      parts = [];
      length = 0;
    }
    parts.push(text.slice(end));
    length += text.length - end;
    if (length > lineLengthMax) throw noText(path, 'it has no lines');
  }
}

/** The lines around one, for showing; undefined for what was piped in, and is gone. */
export async function linesAround(
  source: Source,
  line: number,
): Promise<readonly [first: number, string[]] | undefined> {
  if (source.path === '-') return undefined;
  const first = Math.max(1, line - 1);
  const found: string[] = [];
  let number = 1;
  for await (const { text } of linesOf(source)) {
    for (const each of text.replace(/\n$/, '').split('\n')) {
      if (number >= first && number <= line) found.push(each);
      number++;
    }
    if (number > line) break;
  }
  while (first + found.length <= line) found.push(''); // The end of a text has a line, too.
  return [first, found];
}

/** Some bytes; undefined at the end. */
interface Piece {
  readonly bytes: Uint8Array | undefined;
  readonly share: number | undefined;
}

async function* piecesOf({ path, piped }: Source): AsyncGenerator<Piece> {
  const about = `cannot read ${kind} ${path}`;
  const size = path === '-' ? undefined : sizeOf(path, about);
  let done = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    const stream = path === '-' ? piped : createReadStream(path, { highWaterMark: pieceBytes });
    for await (const bytes of stream as AsyncIterable<Uint8Array>) {
      done += bytes.length;
      yield bytes;
    }
  };
  const share = (): number | undefined =>
    size === undefined ? undefined : Math.min(1, done / Math.max(1, size));
  try {
    for await (const bytes of unpacked(counted())) yield { bytes, share: share() };
  } catch (error) {
    throw packingError(error, path) ?? fileError(error, path, about);
  }
  yield { bytes: undefined, share: share() };
}

/** Unpacks what begins as gzip does, whatever its name. */
async function* unpacked(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = await pieces.next();
  if (first.done === true) return;
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    yield* pieces;
  };
  yield* isPacked ? inflated(all()) : all();
}

async function* inflated(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  const feed = async (): Promise<void> => {
    for await (const bytes of pieces) {
      if (!gunzip.write(bytes)) await new Promise((resume) => gunzip.once('drain', resume));
    }
    gunzip.end();
  };
  feed().catch((error: unknown) => gunzip.destroy(error as Error));
  for await (const bytes of gunzip) yield bytes as Uint8Array;
}

/** What is wrong with a packed file; undefined where it is something else. */
function packingError(error: unknown, path: string): UsageError | undefined {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  if (typeof code !== 'string' || !code.startsWith('Z_')) return undefined;
  const why = code === 'Z_BUF_ERROR' ? 'it ends too early' : 'it is damaged';
  return usageError(`cannot unpack ${kind} ${path}: ${why}`, { expected: 'a gzip file' }, path);
}

function sizeOf(path: string, about: string): number {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory()) return stat.size;
  } catch (error) {
    throw fileError(error, path, about);
  }
  throw directoryError(path, kind);
}

function decoded(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array | undefined,
  path: string,
): string {
  let text: string;
  try {
    text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw noText(path, 'it is not in UTF-8');
  }
  if (text.includes('\u0000')) throw noText(path, 'it has zero bytes');
  return text;
}

function noText(path: string, why: string): UsageError {
  return usageError(`${kind} ${path} is no text: ${why}`, { expected: 'a text in UTF-8' }, path);
}
