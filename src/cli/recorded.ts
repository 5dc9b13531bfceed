// A history that a user named, read in whatever format it has, with its progress on a terminal and
// with what is wrong shown where it stands.
import { type Lines, linesAround, linesOf, type Source } from '../files/history-file.js';
import { formatNamed, formatOf, formats } from '../history/formats/index.js';
import type { Format, Place, Reader, Recording } from '../history/formats/recording.js';
import { HistoryError } from '../history/history-error.js';
import { nearest } from '../scenario/nearest.js';
import { oneOf, quoted } from '../scenario/problems.js';
import { UsageError, usageError } from '../scenario/usage-error.js';
import type { Io, Signal } from './io.js';
import { shareProgress } from './share-progress.js';

/** A history and what it was read from. */
export interface Recorded {
  readonly file: string;
  readonly source: Source;
  readonly format: Format;
  readonly recording: Recording;
}

/** Reads a history; undefined after a signal. Throws a UsageError for what is none. */
export async function readRecorded(
  file: string,
  formatName: string | undefined,
  io: Io,
  signal: () => Signal | undefined,
): Promise<Recorded | undefined> {
  const chosen = formatName === undefined ? undefined : chosenFormat(formatName);
  const source = { path: file, piped: io.stdin };
  const progress = shareProgress(io, `reading ${sourceName(source)}`);
  let opened: { readonly format: Format; readonly reader: Reader } | undefined;
  try {
    for await (const { text, share } of linesOf(source)) {
      opened ??= await openedFor(source, chosen, text);
      opened?.reader.read(text.replace(/^\uFEFF/, ''));
      if (share !== undefined) progress.show(share);
      assertRoom(source, share, io);
      await io.pause();
      if (signal() !== undefined) return undefined;
    }
    if (opened === undefined) throw emptyError(source);
    const recording = opened.reader.end();
    if (recording.history.ops.length === 0) throw emptyError(source);
    return { file, source, format: opened.format, recording };
  } catch (error) {
    throw error instanceof HistoryError ? await errorAt(source, error, error) : error;
  } finally {
    progress.clear();
  }
}

/** What people call it. */
export function sourceName({ path }: Pick<Source, 'path'>): string {
  return path === '-' ? 'standard input' : path;
}

/** Operations that do not fit are refused before memory runs out. */
const heapBytesMax = 2_000_000_000;

function assertRoom(source: Source, share: number | undefined, io: Io): void {
  const { usedBytes, limitBytes } = io.heap();
  const bytesMax = Math.min(heapBytesMax, 0.9 * limitBytes);
  if (usedBytes <= bytesMax) return;
  const part = share === undefined ? '' : `; ${Math.floor(share * 100)} % was read`;
  const megabytes = Math.round(bytesMax / 1_000_000);
  const about = `the operations of ${sourceName(source)} do not fit into ${megabytes} MB${part}`;
  const hint = 'Check the first part of it, or one key at a time.';
  throw usageError(about, { expected: 'fewer, or smaller, operations', hint }, source.path);
}

function chosenFormat(name: string): Format {
  const format = formatNamed(name);
  if (format !== undefined) return format;
  const names = formats.flatMap((each) => [each.name, ...each.aliases]);
  throw usageError(`there is no format ${quoted(name)}`, {
    expected: oneOf(formats.map((each) => each.name)),
    nearest: nearest(name, names),
  });
}

/** Blank lines alone say nothing yet. */
async function openedFor(source: Source, chosen: Format | undefined, text: Lines['text']) {
  if (text.trim() === '') return undefined;
  const format = chosen ?? formatOf(text);
  if (format !== undefined) return { format, reader: format.open() };
  const about = `${sourceName(source)} is in no format that is known`;
  const expected = oneOf(formats.map(({ name }) => name));
  const hint = 'Formats are told by the first lines; --format names one.';
  throw await problemAt(source, { line: 1, column: 1 }, { about, expected, hint });
}

function emptyError(source: Source): UsageError {
  const expected = 'a history with at least one operation';
  return usageError(`${sourceName(source)} has no operations`, { expected }, source.path);
}

/** What is wrong at a place in a history. */
export function errorAt(
  source: Source,
  place: Place,
  { found, expected }: Pick<HistoryError, 'found' | 'expected'>,
): Promise<UsageError> {
  return problemAt(source, place, { about: `found ${found}`, expected });
}

/** Lines longer than this are not shown: the place would be out of sight. */
const shownMax = 160;

async function problemAt(
  source: Source,
  { line, column }: Place,
  problem: { readonly about: string; readonly expected: string; readonly hint?: string },
): Promise<UsageError> {
  const { path: file } = source;
  const base = { path: [], target: 'value' as const, ...problem };
  const [firstLine, lines] = (await linesAround(source, line)) ?? [line, []];
  const shown = lines.map((each) => each.replaceAll(/\p{Cc}/gu, ' '));
  if (shown.length === 0 || shown.some((each) => each.length > shownMax)) {
    const about = `${sourceName(source)}:${line}:${column}: ${problem.about}`;
    return new UsageError([{ ...base, about }], file);
  }
  const width = /^[^\s,\]})]*/.exec(shown.at(-1)?.slice(column - 1) ?? '')?.[0].length ?? 1;
  const place = { line, column, width: Math.max(1, width), lines: shown, firstLine };
  return new UsageError([{ ...base, place }], file);
}
