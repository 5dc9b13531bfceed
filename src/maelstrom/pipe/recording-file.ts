// Recordings as files: a header, a row for each reading, an end; JSON, one a line. A file without
// its end is no recording.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { openOutput } from '../../files/output-file.js';
import { fileError } from '../../files/text-file.js';
import { usageError } from '../../scenario/usage-error.js';
import { engineVersion } from '../../scenario/version.js';
import type { RecordedReading, Recording } from './recording.js';

/** The version of the format; readers refuse newer ones. */
const format = 1;

interface Header extends Omit<Recording, 'readings' | 'digest'> {
  readonly type: 'recording';
  readonly stormglass: string;
  readonly format: number;
}

interface End {
  readonly type: 'end';
  readonly digest: string;
}

/** Writes a recording; nobody ever sees half of it. Throws a UsageError when that cannot be. */
export function writeRecording(path: string, recording: Recording): void {
  const { readings, digest, ...rest } = recording;
  const header: Header = { type: 'recording', stormglass: engineVersion, format, ...rest };
  const end: End = { type: 'end', digest };
  const output = openOutput(path, 'recording');
  try {
    for (const row of [header, ...readings, end]) {
      output.write(Buffer.from(`${JSON.stringify(row)}\n`));
    }
    output.commit();
  } finally {
    output.abandon();
  }
}

/** Whether a file begins as recordings do. */
export function isRecording(path: string): boolean {
  const beginning = Buffer.from('{"type":"recording"');
  const found = Buffer.alloc(beginning.length);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, found);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
  return found.equals(beginning);
}

/** Reads a recording. Throws a UsageError for a file that is none, or not all of one. */
export function readRecording(path: string): Recording {
  const lines = textOf(path).split('\n');
  const last = lines.pop();
  const rows = lines.map((line, index) => rowOf(line, index + 1, path));
  const [header, ...others] = rows;
  const end = others.pop() as End | undefined;
  if (last !== '' || end?.type !== 'end') throw damaged(path, rows.length, 'it ends too early');
  const { type: _, stormglass, format: found, ...rest } = header as Header;
  if (found !== format || stormglass !== engineVersion) {
    const about = `recording ${path} is of engine ${stormglass}, format ${found}`;
    throw usageError(about, { expected: `engine ${engineVersion}, format ${format}` }, path);
  }
  return { ...rest, readings: others as RecordedReading[], digest: end.digest };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(error, path, `cannot read recording ${path}`);
  }
}

function rowOf(line: string, number: number, path: string): Header | RecordedReading | End {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged(path, number, 'it is no JSON');
  }
}

function damaged(path: string, line: number, why: string): Error {
  return usageError(`recording ${path} is damaged at line ${line}: ${why}`, {}, path);
}
