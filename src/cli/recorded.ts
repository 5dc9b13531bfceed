// A history that a user named, read in whatever format it has, with its progress on a terminal and
// with what is wrong shown where it stands.
import { type Lines, linesAround, linesOf } from '../files/history-file.js';
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
  const progress = shareProgress(io, `reading ${file}`);
  let opened: { readonly format: Format; readonly reader: Reader } | undefined;
  try {
    for (const { text, share } of linesOf(file)) {
      opened ??= openedFor(file, chosen, text);
      opened?.reader.read(text.replace(/^\uFEFF/, ''));
      progress.show(share);
      await io.pause();
      if (signal() !== undefined) return undefined;
    }
    if (opened === undefined) throw emptyError(file);
    const recording = opened.reader.end();
    if (recording.history.ops.length === 0) throw emptyError(file);
    return { file, format: opened.format, recording };
  } catch (error) {
    throw error instanceof HistoryError ? errorAt(file, error, error) : error;
  } finally {
    progress.clear();
  }
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
function openedFor(file: string, chosen: Format | undefined, text: Lines['text']) {
  if (text.trim() === '') return undefined;
  const format = chosen ?? formatOf(text);
  if (format !== undefined) return { format, reader: format.open() };
  const about = `${file} is in no format that is known`;
  const expected = oneOf(formats.map(({ name }) => name));
  const hint = 'Formats are told by the first lines; --format names one.';
  throw problemAt(file, { line: 1, column: 1 }, { about, expected, hint });
}

function emptyError(file: string): UsageError {
  const expected = 'a history with at least one operation';
  return usageError(`${file} has no operations`, { expected }, file);
}

/** What is wrong at a place in a history. */
export function errorAt(
  file: string,
  place: Place,
  { found, expected }: Pick<HistoryError, 'found' | 'expected'>,
): UsageError {
  return problemAt(file, place, { about: `found ${found}`, expected });
}

/** Lines longer than this are not shown: the place would be out of sight. */
const shownMax = 160;

function problemAt(
  file: string,
  { line, column }: Place,
  problem: { readonly about: string; readonly expected: string; readonly hint?: string },
): UsageError {
  const base = { path: [], target: 'value' as const, ...problem };
  const [firstLine, lines] = linesAround(file, line);
  const shown = lines.map((each) => each.replaceAll(/\p{Cc}/gu, ' '));
  if (shown.some((each) => each.length > shownMax)) {
    const about = `${file}:${line}:${column}: ${problem.about}`;
    return new UsageError([{ ...base, about }], file);
  }
  const width = /^[^\s,\]})]*/.exec(shown.at(-1)?.slice(column - 1) ?? '')?.[0].length ?? 1;
  const place = { line, column, width: Math.max(1, width), lines: shown, firstLine };
  return new UsageError([{ ...base, place }], file);
}
