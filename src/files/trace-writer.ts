// Trace files: rows as lines of JSON, in gzip when the name ends in .gz. Rows are written in chunks
// while the run goes on, so a run of any length needs no more memory than one chunk.
import { gzipSync } from 'node:zlib';
import {
  type EndRow,
  type EventRow,
  type HeaderRow,
  lineOf,
  type TraceRow,
} from '../scenario/trace-row.js';
import { openOutput } from './output-file.js';

export interface TraceWriter {
  event(row: EventRow): void;
  /** Writes the last row; then the file takes its name. */
  end(row: EndRow): void;
  /** Leaves nothing behind. Harmless after `end`. */
  abandon(): void;
}

/** Characters that are collected before they are written: about a megabyte. */
const chunkLength = 1_000_000;

/** Opens a trace file and writes its header. Throws a UsageError when it cannot be written. */
export function openTrace(path: string, header: HeaderRow): TraceWriter {
  const output = openOutput(path, 'trace');
  const packs = path.endsWith('.gz');
  let lines: string[] = [];
  let length = 0;
  // Each chunk is a gzip member of its own; their concatenation is one gzip file (RFC 1952, §2.2).
  const flush = (): void => {
    if (length === 0) return;
    const bytes = Buffer.from(lines.join(''));
    lines = [];
    length = 0;
    output.write(packs ? gzipSync(bytes, { level: 5 }) : bytes);
  };
  const add = (row: TraceRow): void => {
    const line = lineOf(row);
    lines.push(line);
    length += line.length;
    if (length >= chunkLength) flush();
  };
  add(header);
  return {
    event: add,
    end: (row) => {
      add(row);
      flush();
      output.commit();
    },
    abandon: output.abandon,
  };
}
