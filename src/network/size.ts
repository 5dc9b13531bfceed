// How many bytes a message takes on the wire: about the length of its JSON, without building it.
import type { Plain } from '../kernel/plain.js';

/** Bytes of `value` as JSON, give or take escapes. O(size). */
export function sizeOf(value: unknown): number {
  return bytes(value as Plain);
}

function bytes(value: Plain): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'object':
      return value === null ? 4 : bytesOfObject(value);
    case 'number':
      return String(value).length;
    default:
      return 4;
  }
}

function bytesOfObject(
  value: Exclude<Plain, undefined | null | boolean | number | string>,
): number {
  let sum = 2;
  if (Array.isArray(value)) {
    for (const item of value) sum += bytes(item) + 1;
  } else if (value instanceof Map) {
    for (const [key, inner] of value) sum += bytes(key) + bytes(inner) + 2;
  } else if (value instanceof Set) {
    for (const item of value) sum += bytes(item) + 1;
  } else {
    for (const [key, inner] of Object.entries(value)) sum += key.length + 4 + bytes(inner);
  }
  return sum;
}
