// Histories as text: one JSON object a line, an operation each, in the order in which they were
// seen. Our canonical form, which other programs can read and write. It knows no file.
import { timeUsMax } from '../kernel/time.js';
import { flawOf, type History, historyOf } from './history.js';
import { HistoryError } from './history-error.js';
import { columnOf, type Fields, recordIn } from './json-line.js';
import { fieldPlaces } from './json-scan.js';
import { jsonTextOf } from './json-text.js';
import type { Op, OpType } from './op.js';

/** What the first line may say about a history; the fields beside these are the writer's. */
export interface HistoryHeader {
  readonly format: typeof historyFormat;
  readonly version: typeof historyVersion;
  readonly [field: string]: unknown;
}

export interface HistoryFile {
  readonly header: HistoryHeader | undefined;
  readonly history: History;
}

const historyFormat = 'stormglass-history';
const historyVersion = 1;

/** An operation as a line of JSON, without a line feed. */
export function formatOp(op: Op): string {
  const { index, timeUs, process, type, f, value, error, node, final } = op;
  const line = { index, timeUs, process, type, f, value, error, node, final };
  return jsonTextOf(line) as string;
}

/** The header's line, without a line feed. */
export function formatHeader(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ format: historyFormat, version: historyVersion, ...fields });
}

/**
 * Reads a history. Empty lines are skipped; a first line with `format` is a header; an operation
 * may leave out its `index`. Throws `HistoryError` at the first thing that is wrong: no JSON, a
 * field that is unknown, missing or of the wrong kind, or operations that make no history.
 */
export function parseHistory(text: string): HistoryFile {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const ops: Op[] = [];
  const lineNumbers: number[] = [];
  let header: HistoryHeader | undefined;
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const record = recordIn(line, at + 1, 'an operation');
    if (Object.hasOwn(record, 'format') && ops.length === 0 && header === undefined) {
      header = headerIn(record, line, at + 1);
      continue;
    }
    ops.push(opIn(record, ops.length, line, at + 1));
    lineNumbers.push(at + 1);
  }
  const flaw = flawOf(ops);
  if (flaw !== undefined) {
    const number = lineNumbers[flaw.index] ?? 1;
    const place = { line: number, column: columnOf(lines[number - 1] ?? '', flaw.field) };
    throw new HistoryError(place, flaw.expected, flaw.found);
  }
  return { header, history: historyOf(ops) };
}

/** A header. Throws `HistoryError` if it is of another format or version. */
export function headerIn(record: Fields, line: string, number: number): HistoryHeader {
  const wish = (field: string, value: string | number): void => {
    if (record[field] === value) return;
    const place = { line: number, column: columnOf(line, field) };
    throw new HistoryError(
      place,
      JSON.stringify(value),
      JSON.stringify(record[field]) ?? 'nothing',
    );
  };
  wish('format', historyFormat);
  wish('version', historyVersion);
  return record as HistoryHeader;
}

interface FieldRule {
  readonly expected: string;
  readonly required: boolean;
  fits(value: unknown): boolean;
}

const whole = (value: unknown, max: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
const types: ReadonlySet<unknown> = new Set<OpType>(['invoke', 'ok', 'fail', 'info']);

const rules: ReadonlyMap<string, FieldRule> = new Map<string, FieldRule>([
  ['index', optional('a whole number', (value) => whole(value, 2 ** 31))],
  ['timeUs', required('a whole number of microseconds', (value) => whole(value, timeUsMax))],
  [
    'process',
    required(
      'a whole number, or "nemesis"',
      (value) => value === 'nemesis' || whole(value, Number.MAX_SAFE_INTEGER),
    ),
  ],
  ['type', required('"invoke", "ok", "fail" or "info"', (value) => types.has(value))],
  ['f', required('the name of a function', (value) => typeof value === 'string' && value !== '')],
  ['value', optional('a value', () => true)],
  ['error', optional('a text', (value) => typeof value === 'string')],
  ['node', optional('the name of a node', (value) => typeof value === 'string' && value !== '')],
  ['final', optional('true or false', (value) => typeof value === 'boolean')],
]);

function required(expected: string, fits: FieldRule['fits']): FieldRule {
  return { expected, required: true, fits };
}

function optional(expected: string, fits: FieldRule['fits']): FieldRule {
  return { expected, required: false, fits };
}

/** An operation, of which `index` is the position. Throws `HistoryError` if it is none. */
export function opIn(record: Fields, index: number, line: string, number: number): Op {
  for (const name of Object.keys(record)) {
    if (rules.has(name)) continue;
    const place = { line: number, column: (fieldPlaces(line).get(name)?.name ?? 0) + 1 };
    const expected = `a field of operations (${[...rules.keys()].join(', ')})`;
    throw new HistoryError(place, expected, JSON.stringify(name));
  }
  for (const [name, rule] of rules) {
    const present = Object.hasOwn(record, name);
    if (present ? rule.fits(record[name]) : !rule.required) continue;
    const place = { line: number, column: columnOf(line, name) };
    const found = present ? JSON.stringify(record[name]).slice(0, 40) : 'none';
    throw new HistoryError(place, `as ${name} ${rule.expected}`, found);
  }
  const { value, ...rest } = record;
  return { index, ...rest, value } as unknown as Op;
}
