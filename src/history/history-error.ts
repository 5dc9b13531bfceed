// What is wrong with a text that should be a history. Data for the edges, which turn it into a
// usage error; it knows no file.

/** Thrown when a text is no history. `line` and `column` count from 1. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly found: string;

  constructor(
    place: { readonly line: number; readonly column: number },
    expected: string,
    found: string,
  ) {
    super(`line ${place.line}, column ${place.column}: expected ${expected}, found ${found}`);
    this.line = place.line;
    this.column = place.column;
    this.expected = expected;
    this.found = found;
  }
}

/** What stands at `at`, for people: `'{"index"…'`, or `the end`. */
export function foundAt(text: string, at: number): string {
  const rest = text.slice(at).trimEnd();
  if (rest === '') return 'the end';
  return `'${rest.length > foundMax ? `${rest.slice(0, foundMax)}…` : rest}'`;
}

const foundMax = 24;
