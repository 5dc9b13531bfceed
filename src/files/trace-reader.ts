// Reading trace files, row by row, in constant memory. It says what is wrong with a file that is no
// trace, that comes from another engine, or that ends too early.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { quoted } from '../scenario/problems.js';
import { type HeaderRow, type TraceRow, traceFormat } from '../scenario/trace-row.js';
import { type UsageError, usageError } from '../scenario/usage-error.js';
import { engineVersion } from '../scenario/version.js';
import { directoryError, fileError } from './text-file.js';

/** A line longer than this is no row of ours. */
const lineLengthMax = 256 * 1024 * 1024;

/** A row with the number of its line, from 1. */
export interface NumberedRow<R extends TraceRow = TraceRow> {
  readonly line: number;
  readonly row: R;
}

/**
 * The rows of a trace in batches, the header first and alone. Throws a UsageError for a file that
 * is no trace of this engine, or not all of one: then only after the rows that are sound.
 */
export async function* readTrace(path: string): AsyncGenerator<readonly NumberedRow[]> {
  let line = 0;
  let last: TraceRow | undefined;
  for await (const texts of linesOf(path)) {
    const batch: NumberedRow[] = [];
    for (const text of texts) {
      line++;
      if (last?.type === 'end') throw damaged(path, line, 'there is more after its end');
      last = rowOf(text, line, path);
      if (line === 1) yield [{ line, row: last }];
      else batch.push({ line, row: last });
    }
    if (batch.length > 0) yield batch;
  }
  if (last === undefined) throw notATrace(path, 'it is empty');
  if (last.type !== 'end') throw truncated(path, line);
}

/** Whole lines, in batches; throws for what cannot be read or unpacked. */
async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  let count = 0;
  try {
    if (statSync(path).isDirectory()) throw directoryError(path, 'trace');
    for await (const text of textsOf(path)) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > lineLengthMax) throw notATrace(path, 'it has no lines');
      count += lines.length;
      yield lines;
    }
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    if (code === 'Z_BUF_ERROR') throw truncated(path, count);
    if (typeof code === 'string' && code.startsWith('Z_')) {
      throw isGzip(path)
        ? damaged(path, count + 1, 'its gzip data are corrupt')
        : notATrace(path, 'it is not in gzip, as its name says');
    }
    throw fileError(error, path, `cannot read trace ${path}`);
  }
  if (rest !== '') {
    if (count === 0) rowOf(rest, 1, path); // A file that is no trace is not called truncated.
    throw truncated(path, count);
  }
}

async function* textsOf(path: string): AsyncGenerator<string> {
  const bytes = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!path.endsWith('.gz')) {
    yield* bytes.setEncoding('utf8') as AsyncIterable<string>;
    return;
  }
  const unpacked = createGunzip({ chunkSize: 1 << 18 });
  bytes.on('error', (error) => unpacked.destroy(error));
  yield* bytes.pipe(unpacked).setEncoding('utf8') as AsyncIterable<string>;
}

/** RFC 1952, §2.3.1. */
function isGzip(path: string): boolean {
  const start = new Uint8Array(2);
  const file = openSync(path, 'r');
  readSync(file, start);
  closeSync(file);
  return start[0] === 0x1f && start[1] === 0x8b;
}

function rowOf(text: string, line: number, path: string): TraceRow {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    if (line === 1) throw notATrace(path, 'its first line is not JSON');
    throw damaged(path, line, 'this line is not JSON');
  }
  const type = typeof row === 'object' && row !== null && 'type' in row ? row.type : undefined;
  if (line === 1) return headerOf(row, type, path);
  if (type === 'event' || type === 'end') return row as TraceRow;
  throw damaged(path, line, `this row is of type ${quoted(String(type))}`);
}

function headerOf(row: unknown, type: unknown, path: string): HeaderRow {
  const header = row as HeaderRow;
  if (type !== 'header' || header.stormglass === undefined) {
    throw notATrace(path, 'its first line is no header');
  }
  if (!Number.isInteger(header.format) || header.format > traceFormat) {
    throw usageError(
      `trace ${path} has format ${String(header.format).slice(0, 40)}`,
      {
        expected: `format ${traceFormat}`,
        hint: 'A newer stormglass wrote it; read it with that.',
      },
      path,
    );
  }
  if (header.stormglass !== engineVersion) {
    throw usageError(
      `trace ${path} is from engine version ${String(header.stormglass).slice(0, 40)}`,
      {
        expected: `engine version ${engineVersion}`,
        hint: 'Another engine gives other events. Run its scenario and seed to make a new trace.',
      },
      path,
    );
  }
  if (typeof header.seed !== 'string' || typeof header.scenario !== 'object') {
    throw damaged(path, 1, 'its header lacks the seed or the scenario');
  }
  return header;
}

function notATrace(path: string, why: string): UsageError {
  const expected = 'a file that `stormglass run --trace` has written';
  return usageError(`${path} is no trace: ${why}`, { expected }, path);
}

/** For a trace whose contents cannot be right. */
function damaged(path: string, line: number, why: string): UsageError {
  return usageError(`trace ${path} is damaged at line ${line}: ${why}`, {}, path);
}

function truncated(path: string, lines: number): UsageError {
  return usageError(
    `trace ${path} is truncated after line ${lines}: it has no end`,
    { hint: 'Run its scenario and seed again to make a new trace.' },
    path,
  );
}
