// A line that is a JSON object, and where exactly it is none. It knows no format of histories.
import { foundAt, HistoryError } from './history-error.js';
import { fieldPlaces, scanJson } from './json-scan.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The object on line `number`. Throws `HistoryError` if there is none; `what` says what it is. */
export function recordIn(line: string, number: number, what: string): Fields {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    throw mistakeIn(line, number);
  }
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
    return record as Fields;
  }
  const at = line.length - line.trimStart().length;
  const place = { line: number, column: at + 1 };
  throw new HistoryError(place, `${what}, which is a JSON object`, foundAt(line, at));
}

/** Where exactly a line that JSON.parse refuses is wrong. */
function mistakeIn(line: string, number: number): HistoryError {
  const scan = scanJson(line, 0);
  if (scan.kind === 'mistake') {
    const place = { line: number, column: scan.at + 1 };
    return new HistoryError(place, scan.expected, foundAt(line, scan.at));
  }
  const at = scan.end + (/^\s*/.exec(line.slice(scan.end))?.[0].length ?? 0);
  const place = { line: number, column: at + 1 };
  return new HistoryError(place, 'the end of the line', foundAt(line, at));
}

/** The column where a field's value begins, or the first of the line if it has no such field. */
export function columnOf(line: string, name: string): number {
  return (fieldPlaces(line).get(name)?.value ?? 0) + 1;
}

/** The same where it must be quick: right unless a text before the field has its name in quotes. */
export function columnNear(line: string, name: string): number {
  const at = line.indexOf(`"${name}"`);
  if (at < 0) return 1;
  const colon = line.indexOf(':', at + name.length + 2);
  let value = colon + 1;
  while (line.charCodeAt(value) === 0x20) value++;
  return value + 1;
}
