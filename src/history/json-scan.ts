// Where a JSON value ends, where it goes wrong, and where a field of an object stands. JSON.parse
// tells none of these in the same words on every version of Node. Source: RFC 8259.

/** The end of a value (exclusive), or the place of the first mistake and what should be there. */
type JsonScan =
  | { readonly kind: 'value'; readonly end: number }
  | { readonly kind: 'mistake'; readonly at: number; readonly expected: string };

/** Where a field's name and its value begin. */
interface FieldPlace {
  readonly name: number;
  readonly value: number;
}

/** How deep a value may nest. */
export const nestingMax = 500;

/** Scans one JSON value from `start`; white space before it is skipped. O(its length). */
export function scanJson(text: string, start: number): JsonScan {
  const cursor: Cursor = { text, at: start, expected: '', fields: undefined };
  if (value(cursor, 0)) return { kind: 'value', end: cursor.at };
  return { kind: 'mistake', at: cursor.at, expected: cursor.expected };
}

/** The fields of the outermost object of a well-formed text; the last of equal names counts. */
export function fieldPlaces(text: string): ReadonlyMap<string, FieldPlace> {
  const fields = new Map<string, FieldPlace>();
  value({ text, at: 0, expected: '', fields }, 0);
  return fields;
}

interface Cursor {
  readonly text: string;
  at: number;
  /** What should have been at `at`; only read after a mistake. */
  expected: string;
  /** Where the fields of the outermost object are noted, if they are asked for. */
  readonly fields: Map<string, FieldPlace> | undefined;
}

function value(cursor: Cursor, depth: number): boolean {
  skipSpace(cursor);
  if (depth > nestingMax) return mistake(cursor, `no more than ${nestingMax} levels`);
  switch (cursor.text[cursor.at]) {
    case '{':
      return object(cursor, depth);
    case '[':
      return array(cursor, depth);
    case '"':
      return string(cursor);
    case 't':
      return pattern(cursor, /true/y, 'a JSON value');
    case 'f':
      return pattern(cursor, /false/y, 'a JSON value');
    case 'n':
      return pattern(cursor, /null/y, 'a JSON value');
    default:
      return pattern(cursor, /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y, 'a JSON value');
  }
}

function object(cursor: Cursor, depth: number): boolean {
  cursor.at++;
  skipSpace(cursor);
  if (taken(cursor, '}')) return true;
  for (;;) {
    if (!field(cursor, depth)) return false;
    skipSpace(cursor);
    if (taken(cursor, '}')) return true;
    if (!taken(cursor, ',')) return mistake(cursor, "',' or '}'");
    skipSpace(cursor);
  }
}

function field(cursor: Cursor, depth: number): boolean {
  const name = cursor.at;
  if (cursor.text[name] !== '"') return mistake(cursor, 'a field name in double quotes');
  if (!string(cursor)) return false;
  const end = cursor.at;
  skipSpace(cursor);
  if (!taken(cursor, ':')) return mistake(cursor, "':'");
  skipSpace(cursor);
  if (depth === 0 && cursor.fields !== undefined) {
    const key = String(JSON.parse(cursor.text.slice(name, end)));
    cursor.fields.set(key, { name, value: cursor.at });
  }
  return value(cursor, depth + 1);
}

function array(cursor: Cursor, depth: number): boolean {
  cursor.at++;
  skipSpace(cursor);
  if (taken(cursor, ']')) return true;
  for (;;) {
    if (!value(cursor, depth + 1)) return false;
    skipSpace(cursor);
    if (taken(cursor, ']')) return true;
    if (!taken(cursor, ',')) return mistake(cursor, "',' or ']'");
  }
}

function string(cursor: Cursor): boolean {
  cursor.at++;
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === 0x22) {
      cursor.at++;
      return true;
    }
    if (!(code >= 0x20)) return mistake(cursor, 'the rest of a text and its closing quote');
    if (code !== 0x5c) cursor.at++;
    else if (!pattern(cursor, /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y, 'an escape of JSON'))
      return false;
  }
}

function pattern(cursor: Cursor, regexp: RegExp, expected: string): boolean {
  regexp.lastIndex = cursor.at;
  if (!regexp.test(cursor.text)) return mistake(cursor, expected);
  cursor.at = regexp.lastIndex;
  return true;
}

function taken(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

function skipSpace(cursor: Cursor): void {
  while (' \t\r\n'.includes(cursor.text[cursor.at] ?? '.')) cursor.at++;
}

function mistake(cursor: Cursor, expected: string): false {
  cursor.expected = expected;
  return false;
}
