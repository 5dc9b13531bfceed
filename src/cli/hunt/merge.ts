// `stormglass merge-reports`: the blobs of a hunt's shards become the report of the whole.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '../../scenario/problems.js';
import { usageError } from '../../scenario/usage-error.js';
import { type Io, signalCodes } from '../io.js';
import { type PageFlags, pagesOf } from './pages.js';
import { exitCodeOf, type HuntReport, merged } from './report.js';
import { blobDirectory } from './reporters/blob.js';
import { savedDirectory, saveSpecimens } from './specimens.js';

export interface MergeFlags extends PageFlags {
  readonly save?: string | undefined;
}

/** Merges blobs; the answer is the exit code that the whole hunt has. */
export async function mergeReports(
  given: readonly string[],
  flags: MergeFlags,
  io: Io,
): Promise<number> {
  const paths = (given.length === 0 ? [blobDirectory] : given).flatMap(filesIn);
  const report = merged(paths.map((path) => [path, readBlob(path)] as const));
  const directory = flags.save ?? savedDirectory;
  const pages = await pagesOf(flags, { command: io.command, directory }, io);
  for (const prey of report.scenarios) saveSpecimens(prey, directory);
  pages.ended(report);
  return report.signal === undefined ? exitCodeOf(report) : signalCodes[report.signal];
}

/** A file, or the JSON files of a directory. */
function filesIn(path: string): readonly string[] {
  if (!existsSync(path)) {
    throw usageError(`there is no blob ${quoted(path)}`, {
      expected: 'a file or a directory that `stormglass hunt --reporter blob` wrote',
    });
  }
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(path, name));
}

function readBlob(path: string): HuntReport {
  const value = parsed(readFileSync(path, 'utf8')) as Partial<HuntReport> | undefined;
  if (value?.type === 'hunt' && value.version === 1 && Array.isArray(value.scenarios)) {
    return value as HuntReport;
  }
  throw usageError(`${quoted(path)} is no blob`, {
    expected: 'a file that `stormglass hunt --reporter blob` wrote',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
