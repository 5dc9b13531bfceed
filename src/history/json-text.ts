// Plain data as JSON. What JSON has not is written as the nearest that it has: a Set as a list, a
// Map as a list of pairs, NaN and infinities as null.

/** The text of a value on one line; of what JSON knows nothing of, `undefined`. O(size). */
export function jsonTextOf(value: unknown): string | undefined {
  if (!hasCollections(value)) return JSON.stringify(value);
  return JSON.stringify(value, (_, part: unknown) =>
    part instanceof Map || part instanceof Set ? [...part] : part,
  );
}

/** Whether JSON does not know something in it; to look costs less than a replacer. */
function hasCollections(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasCollections);
  if (value instanceof Map || value instanceof Set) return true;
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && hasCollections(inner)) return true;
  }
  return false;
}
