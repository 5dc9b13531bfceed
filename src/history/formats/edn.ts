// Values in EDN, the notation of Clojure, as plain data: nil is null, keywords and symbols are
// texts, lists, vectors and sets are lists, maps are records with texts as keys, and tagged values
// are what follows the tag. Source: github.com/edn-format/edn, and what Jepsen prints beside it.
import { showValue } from '../value.js';

/** Where a text in EDN goes wrong; `cut` if it only ends too early. */
export class EdnMistake extends Error {
  override readonly name = 'EdnMistake';
  readonly at: number;
  readonly expected: string;
  readonly cut: boolean;

  constructor({ text, at }: Cursor, expected: string) {
    super(`expected ${expected} at ${at}`);
    this.at = at;
    this.expected = expected;
    this.cut = at >= text.length;
  }
}

/** A place in a text, which reading moves on. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** How deep values may nest. */
const depthMax = 500;

/** Reads the value at the cursor. Throws `EdnMistake`; O(its length). */
export function readEdn(cursor: Cursor): unknown {
  return valueAt(cursor, 0);
}

/**
 * Reads the entries of the map at the cursor, after any tag, and names each with the place of its
 * value; false, with nothing read, if there is no map.
 */
export function readEdnMap(
  cursor: Cursor,
  entry: (key: unknown, value: unknown, at: number) => void,
): boolean {
  const start = cursor.at;
  while (cursor.text[cursor.at] === '#' && /[A-Za-z]/.test(cursor.text[cursor.at + 1] ?? '')) {
    token(cursor);
    skipSpace(cursor);
  }
  if (cursor.text[cursor.at] !== '{') {
    if (cursor.at >= cursor.text.length) throw new EdnMistake(cursor, 'a map');
    cursor.at = start;
    return false;
  }
  entriesAt(cursor, 0, entry);
  return true;
}

/** Moves over white space, commas, comments and what `#_` takes out. */
export function skipSpace(cursor: Cursor): void {
  skipDeeply(cursor, 0);
}

function skipDeeply(cursor: Cursor, depth: number): void {
  const { text } = cursor;
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    if (code <= 0x20 || code === comma) {
      cursor.at++;
    } else if (code === semicolon) {
      const feed = text.indexOf('\n', cursor.at);
      cursor.at = feed < 0 ? text.length : feed + 1;
    } else if (code === hash && text[cursor.at + 1] === '_') {
      cursor.at += 2;
      valueAt(cursor, depth + 1);
    } else return;
  }
}

const [comma, semicolon, hash] = [0x2c, 0x3b, 0x23] as const;

function valueAt(cursor: Cursor, depth: number): unknown {
  skipDeeply(cursor, depth);
  if (depth > depthMax) throw new EdnMistake(cursor, `no more than ${depthMax} levels`);
  switch (cursor.text[cursor.at]) {
    case '{': {
      const entries: [string, unknown][] = [];
      entriesAt(cursor, depth, (key, value) => entries.push([textOf(key), value]));
      return Object.fromEntries(entries);
    }
    case '[':
      return listAt(cursor, depth, ']');
    case '(':
      return listAt(cursor, depth, ')');
    case '"':
      return textAt(cursor);
    case '#':
      return dispatched(cursor, depth);
    case '\\':
      return characterAt(cursor);
    case ':':
      cursor.at++;
      return token(cursor, 'a keyword');
    default:
      return atomAt(cursor);
  }
}

/** A key of a record. */
function textOf(key: unknown): string {
  return typeof key === 'string' ? key : showValue(key, Number.POSITIVE_INFINITY);
}

function entriesAt(
  cursor: Cursor,
  depth: number,
  entry: (key: unknown, value: unknown, at: number) => void,
): void {
  cursor.at++;
  for (;;) {
    skipDeeply(cursor, depth);
    if (closed(cursor, '}')) return;
    const key = valueAt(cursor, depth + 1);
    skipDeeply(cursor, depth);
    const { at } = cursor;
    if (cursor.text[at] === '}') throw new EdnMistake(cursor, 'the value of a key');
    entry(key, valueAt(cursor, depth + 1), at);
  }
}

function listAt(cursor: Cursor, depth: number, end: string): readonly unknown[] {
  const values: unknown[] = [];
  cursor.at++;
  for (;;) {
    skipDeeply(cursor, depth);
    if (closed(cursor, end)) return values;
    values.push(valueAt(cursor, depth + 1));
  }
}

function closed(cursor: Cursor, end: string): boolean {
  const character = cursor.text[cursor.at];
  if (character === undefined || ')]}'.includes(character)) {
    if (character !== end) throw new EdnMistake(cursor, `'${end}'`);
    cursor.at++;
    return true;
  }
  return false;
}

/** Sets, tagged values, regular expressions, and the numbers that are none. */
function dispatched(cursor: Cursor, depth: number): unknown {
  const next = cursor.text[cursor.at + 1];
  if (next === undefined) throw new EdnMistake({ ...cursor, at: cursor.at + 1 }, 'a value');
  if (next === '#') throw new EdnMistake(cursor, 'a finite number');
  cursor.at++;
  if (next === '{') return listAt(cursor, depth, '}');
  if (next === '"') return textAt(cursor);
  token(cursor, 'a tag');
  return valueAt(cursor, depth + 1);
}

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ t: '\t', r: '\r', n: '\n', b: '\b', f: '\f', '\\': '\\', '"': '"', "'": "'" }),
);

function textAt(cursor: Cursor): string {
  const { text } = cursor;
  let plain = cursor.at + 1;
  let result = '';
  for (let at = plain; ; at++) {
    const character = text[at];
    if (character === undefined) {
      throw new EdnMistake({ text, at }, 'the rest of a text and its closing quote');
    }
    if (character === '"') {
      cursor.at = at + 1;
      return result + text.slice(plain, at);
    }
    if (character !== '\\') continue;
    const [meant, length] = escapeAt(text, at);
    result += text.slice(plain, at) + meant;
    at += length - 1;
    plain = at + 1;
  }
}

/** What an escape means, and its length. */
function escapeAt(text: string, at: number): readonly [string, number] {
  const letter = text[at + 1];
  const meant = escapes.get(letter ?? '');
  if (meant !== undefined) return [meant, 2];
  const digits = /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6))?.[0];
  if (letter === 'u' && digits !== undefined) {
    return [String.fromCharCode(Number.parseInt(digits, 16)), 6];
  }
  throw new EdnMistake({ text, at: letter === undefined ? at + 1 : at }, 'an escape of EDN');
}

const characters: ReadonlyMap<string, string> = new Map(
  Object.entries({ newline: '\n', return: '\r', space: ' ', tab: '\t' }),
);

function characterAt(cursor: Cursor): string {
  cursor.at++;
  const first = cursor.text[cursor.at];
  if (first === undefined) throw new EdnMistake(cursor, 'a character');
  if (!/[A-Za-z0-9]/.test(first)) {
    cursor.at++;
    return first;
  }
  const name = token(cursor);
  return characters.get(name) ?? name;
}

const tokens = /[^\s,;"()[\]{}\\]+/y;

/** Whatever stands up to a delimiter. */
function token(cursor: Cursor, expected = 'a value'): string {
  tokens.lastIndex = cursor.at;
  const found = tokens.exec(cursor.text)?.[0];
  if (found === undefined) throw new EdnMistake(cursor, expected);
  cursor.at += found.length;
  return found;
}

const names: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['nil', null],
  ['true', true],
  ['false', false],
]);

/** A whole number too large to be exact stays a text: texts are equal when numbers are. */
function atomAt(cursor: Cursor): unknown {
  const start = cursor.at;
  const word = token(cursor);
  if (names.has(word)) return names.get(word);
  if (!/^[+-]?\d/.test(word)) {
    if (/^[+-]?(?:NaN|Infinity)$/.test(word)) {
      throw new EdnMistake({ text: cursor.text, at: start }, 'a finite number');
    }
    return word;
  }
  if (/^[+-]?\d+N?$/.test(word)) {
    const whole = Number(word.replace('N', ''));
    return Number.isSafeInteger(whole) ? whole : word.replace(/^\+|N$/g, '');
  }
  if (/^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?M?$/.test(word)) {
    const number = Number(word.replace('M', ''));
    if (Number.isFinite(number)) return number;
  }
  if (/^[+-]?\d+\/\d+$/.test(word)) return word;
  throw new EdnMistake({ text: cursor.text, at: start }, 'a number');
}
