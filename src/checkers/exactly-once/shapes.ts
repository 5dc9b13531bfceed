// The shapes that the values of operations must have. Whatever has another one throws, and says at
// which operation.
import type { Op } from '../../history/op.js';
import { showValue } from '../../history/value.js';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(op: Op): Fields {
  if (isFields(op.value)) return op.value;
  throw misshapen(op, `its value is ${showValue(op.value)}`);
}

export function listOf(value: unknown, op: Op): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw misshapen(op, `where a list should be it has ${showValue(value)}`);
}

/** The pairs of a Map, of a list of pairs, or of a record's fields, one after the other. */
export function forPairs(
  value: unknown,
  op: Op,
  each: (key: unknown, item: unknown) => void,
): void {
  if (Array.isArray(value)) {
    for (const pair of value) {
      const both = listOf(pair, op);
      each(both[0], both[1]);
    }
  } else if (value instanceof Map) {
    for (const [key, item] of value) each(key, item);
  } else if (isFields(value)) {
    for (const key of Object.keys(value)) each(key, value[key]);
  } else {
    listOf(value, op);
  }
}

export function wholeOf(value: unknown, op: Op): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw misshapen(op, `where a whole number should be it has ${showValue(value)}`);
}

export function misshapen({ index, f }: Op, what: string): Error {
  return new Error(`operation ${index}, ${f}: ${what}`);
}
