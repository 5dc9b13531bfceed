// Whether two states say the same, in whatever order their maps and sets were filled.

export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...a].every((element) => b.has(element));
  }
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => same(value, b.get(key)));
  }
  const [keysA, keysB] = [Object.keys(a), Object.keys(b)];
  const [inA, inB] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  return keysA.length === keysB.length && keysA.every((key) => same(inA?.[key], inB?.[key]));
}
