// Where two plain values differ, for people.
import { equal } from './plain.js';

/** The first place where two plain values differ, for people; `undefined` when they are equal. */
export interface Difference {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Walks both values in step and names the first difference: `state.seen[3]`. */
export function firstDifference(
  left: unknown,
  right: unknown,
  path: string,
): Difference | undefined {
  if (equal(left, right)) return undefined;
  const [a, b] = [partsOf(left), partsOf(right)];
  if (a === undefined || b === undefined || a.kind !== b.kind) return { path, left, right };
  const below = (key: string): string =>
    a.kind === 'record' ? `${path}.${key}` : `${path}[${key}]`;
  for (const [key, inner] of a.parts) {
    if (!b.parts.has(key)) return { path: below(key), left: inner, right: undefined };
    const found = firstDifference(inner, b.parts.get(key), below(key));
    if (found !== undefined) return found;
  }
  for (const [key, inner] of b.parts) {
    if (!a.parts.has(key)) return { path: below(key), left: undefined, right: inner };
  }
  return { path, left, right };
}

interface Parts {
  readonly kind: 'array' | 'map' | 'set' | 'record';
  readonly parts: ReadonlyMap<string, unknown>;
}

function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const numbered = (items: readonly unknown[]) =>
    new Map(items.map((item, i) => [String(i), item]));
  if (Array.isArray(value)) return { kind: 'array', parts: numbered(value) };
  if (value instanceof Set) return { kind: 'set', parts: numbered([...value]) };
  if (value instanceof Map) {
    const keyed = [...value].map(([key, inner]) => [String(key), inner] as const);
    return { kind: 'map', parts: new Map(keyed) };
  }
  return { kind: 'record', parts: new Map(Object.entries(value)) };
}
