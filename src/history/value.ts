// The values of operations: one key for equal values, a total order, and words for people. Values
// are plain data; what they mean is a checker's business.
import { assert } from '../kernel/assert.js';
import { isRecord, NotPlainError } from '../kernel/plain.js';

/** What stands for a value in a Map or Set: equal values have equal keys, others do not. */
export type ValueKey = number | string | boolean | null | undefined;

/** How deep a value may nest. */
const depthMax = 1_000;

/** Composite values become texts that start with this, and so do texts that start with it. */
const mark = '\u0000';

/**
 * The key of a value. Numbers, most texts, booleans, null and undefined stand for themselves;
 * records are equal whatever the order of their fields. Throws `NotPlainError`; O(size).
 */
export function keyOf(value: unknown): ValueKey {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'string':
      return value.startsWith(mark) ? mark + JSON.stringify(value) : value;
    default:
      return value === null ? null : mark + canonical(value, 0);
  }
}

/** Total: numbers by size, then texts by code unit, then all others by their canonical text. */
export function compareValues(a: unknown, b: unknown): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA - rankB;
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return compareTexts(
    typeof a === 'string' ? a : canonical(a, 0),
    typeof b === 'string' ? b : canonical(b, 0),
  );
}

/** By code unit, the same on every machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A value in one short line for people: JSON, cut after `lengthMax` characters. */
export function showValue(value: unknown, lengthMax = 40): string {
  // What is cut off need not be written: each item is two characters at least.
  const long = Array.isArray(value) && value.length > lengthMax;
  const text = canonical(long ? value.slice(0, lengthMax + 1) : value, 0);
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}

/** NaN is no number to be ordered by size. */
function rank(value: unknown): number {
  if (typeof value === 'number') return Number.isNaN(value) ? 1 : 0;
  return typeof value === 'string' ? 2 : 3;
}

/** JSON with sorted fields, and with texts for what JSON has not. */
function canonical(value: unknown, depth: number): string {
  assert(depth < depthMax, 'values nest less deeply', { depthMax });
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') throw new NotPlainError('', value);
  const inner = (part: unknown): string => canonical(part, depth + 1);
  if (Array.isArray(value)) return `[${value.map(inner).join(',')}]`;
  if (value instanceof Set) return `set[${[...value].map(inner).join(',')}]`;
  if (value instanceof Map) return `map[${[...value].map(inner).join(',')}]`;
  if (!isRecord(value)) throw new NotPlainError('', value);
  const names = Object.keys(value).sort(compareTexts);
  return `{${names.map((name) => `${JSON.stringify(name)}:${inner(value[name])}`).join(',')}}`;
}
