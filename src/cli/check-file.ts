// A long file with operations on many keys is read and judged by all processors at once: each
// reads a stretch of it, and then judges some of the keys. What is said of it is what one thread
// says that reads it line by line, which also says what is wrong with a file.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CheckerOptions, Progress } from '../checkers/checker.js';
import { type Finding, gathered, type ShareFinding } from '../checkers/linearizable/check.js';
import {
  linearizable,
  modelOf,
  type Pictured,
  picturedOf,
} from '../checkers/linearizable/linearizable.js';
import { partsOf } from '../checkers/linearizable/timeline.js';
import { firstLineOf, type SharedFile, sharedFile, sizeOf } from '../files/shared-file.js';
import { formatOf } from '../history/formats/index.js';
import { ndjson } from '../history/formats/ndjson.js';
import type { About } from '../history/formats/recording.js';
import type { Rows } from '../history/rows/rows.js';
import {
  type FileQuestion,
  type FileReport,
  type FileShare,
  reportOf,
  rowsOf,
} from './file-share.js';

/** Smaller files are read before another thread has started. */
const bytesMin = 8_000_000;
/** Longer ones are for those with time. */
const bytesMax = 2 ** 30;
/** Bytes of memory for each of the file, at most, where lines are short. */
const heapBytesEach = 4;
/** More threads than this are not started: each has memory of its own. */
const threadsMax = 8;

/** A thread beside this one. */
export interface Helper {
  rows(share: FileShare): Promise<Rows | undefined>;
  report(question: FileQuestion): Promise<FileReport | undefined>;
  end(): void;
}

/** How many threads there are, this one too, and where the others come from. */
export interface Helpers {
  readonly count: number;
  readonly bytesMin: number;
  readonly hire: () => Helper;
}

/** As many threads as there are processors. */
export const processors: Helpers = {
  count: Math.min(availableParallelism(), threadsMax),
  bytesMin,
  hire,
};

/** What was read, and what became of it. */
export interface CheckedFile extends Pictured {
  readonly options: CheckerOptions;
  /** Rows by type, those of the nemesis not counted, and all of them. */
  readonly types: readonly number[];
  readonly lines: number;
}

/** How a file is judged. */
export interface FileTask {
  readonly path: string;
  /** What to ask of a history that says this of itself; undefined where it has no keys. */
  readonly optionsOf: (about: About) => CheckerOptions | undefined;
  readonly progress: Progress;
  /** How much memory operations may have, in this thread and in each other. */
  readonly roomBytes: number;
}

/**
 * Judges a history of many keys in our own format; undefined where it is anything else, is short,
 * or has something wrong with it.
 */
export async function checkFile(
  { path, optionsOf, progress, roomBytes }: FileTask,
  { count, bytesMin: least, hire: hired }: Helpers = processors,
): Promise<CheckedFile | undefined> {
  const size = sizeOf(path) ?? 0;
  if (size < least || size > bytesMax) return undefined;
  if ((heapBytesEach * size) / count > roomBytes) return undefined;
  const helpers = Array.from({ length: count - 1 }, hired); // They start meanwhile.
  try {
    const { about, start } = headOf(path) ?? {};
    const options = about && optionsOf(about);
    const file = options && sharedFile(path, { start: start ?? 0, size, count });
    if (file === undefined || options === undefined) return undefined;
    const stretches = await rowsBy(helpers, file);
    const question = stretches && { file, stretches, options };
    const reports = question && (await reportsBy(helpers, question, progress));
    return reports && { ...told(reports, options), options, ...linesOf(stretches) };
  } catch {
    return undefined; // Whoever reads it line by line says why.
  } finally {
    for (const helper of helpers) helper.end();
  }
}

/** What the header says, and where the operations begin; undefined if it is in another format. */
function headOf(path: string): { readonly about: About; readonly start: number } | undefined {
  const line = firstLineOf(path);
  if (line === undefined || formatOf(line) !== ndjson) return undefined;
  const reader = ndjson.open();
  reader.read(line);
  const { history, ...about } = reader.end();
  return { about, start: history.ops.length > 0 ? 0 : Buffer.byteLength(line) };
}

async function rowsBy(
  helpers: readonly Helper[],
  file: SharedFile,
): Promise<readonly Rows[] | undefined> {
  const others = together(helpers.map((helper, at) => helper.rows({ file, nth: at + 1 })));
  return allOf([rowsOf({ file, nth: 0 }), ...(await others)]);
}

async function reportsBy(
  helpers: readonly Helper[],
  question: Omit<FileQuestion, 'nth'>,
  progress: Progress,
): Promise<readonly FileReport[] | undefined> {
  const others = together(helpers.map((helper, at) => helper.report({ ...question, nth: at + 1 })));
  return allOf([reportOf({ ...question, nth: 0 }, progress), ...(await others)]);
}

/** All answers; if there is none, nobody needs to hear so. */
function together<T>(answers: readonly Promise<T>[]): Promise<readonly T[]> {
  const all = Promise.all(answers);
  all.catch(() => {});
  return all;
}

function allOf<T>(found: readonly (T | undefined)[]): readonly T[] | undefined {
  const there = found.filter((each) => each !== undefined);
  return there.length === found.length ? there : undefined;
}

function linesOf(stretches: readonly Rows[] = []): Pick<CheckedFile, 'types' | 'lines'> {
  const types = [0, 0, 0, 0].map((_, type) =>
    stretches.reduce((sum, rows) => sum + (rows.types[type] as number), 0),
  );
  return { types, lines: stretches.reduce((sum, { count }) => sum + count, 0) };
}

/** One finding from those of all shares. */
function told(reports: readonly FileReport[], options: CheckerOptions): Pictured {
  const order = reports.flatMap(({ firsts }) => firsts).sort((a, b) => a - b);
  const places = new Map(order.map((first, place) => [first, place]));
  const invalid = new Map<number, FileReport['invalid']>();
  const shares = reports.map(({ finding, firsts, invalid: operations }): ShareFinding => {
    const placed = <T extends { readonly nth: number }>(each: T): T => ({
      ...each,
      nth: places.get(firsts[each.nth] as number) as number,
    });
    const bad = finding.invalid && placed(finding.invalid);
    if (bad) invalid.set(bad.nth, operations);
    return {
      spent: finding.spent.map((visited) => visited.map(placed)),
      doubts: finding.doubts.map(placed),
      ...(bad && { invalid: bad }),
    };
  });
  const finding: Finding = gathered(
    shares,
    order.length,
    (nth) => partsOf(invalid.get(nth) ?? [])[0],
  );
  const tally = {
    operations: reports.reduce((sum, report) => sum + report.tally.operations, 0),
    acknowledged: reports.reduce((sum, report) => sum + report.tally.acknowledged, 0),
  };
  return picturedOf(tally, modelOf({ ...linearizable.options, ...options }), finding);
}

/** A thread of its own. */
function hire(): Helper {
  const worker = new Worker(new URL('./file-worker.js', import.meta.url));
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  failed.catch(() => {}); // It is for whoever asks.
  const asked = <T>(message: FileShare | FileQuestion): Promise<T | undefined> => {
    const answer = new Promise<T | undefined>((resolve) => worker.once('message', resolve));
    worker.postMessage(message);
    return Promise.race([answer, failed]);
  };
  return {
    rows: (share) => asked<Rows>(share),
    report: (question) => asked<FileReport>(question),
    end: () => void worker.terminate(),
  };
}
