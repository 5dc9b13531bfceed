// Plain data: what can be cloned, compared, digested and traced. Nodes' states, messages and
// operations are plain; functions, class instances, promises and cycles are not.

/** Data without identity, code or hidden parts. */
export type Plain =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | ReadonlyMap<Plain, Plain>
  | ReadonlySet<Plain>
  | { readonly [key: string]: Plain };

/** Thrown when a value that should be plain data is not; `path` leads to the offending part. */
export class NotPlainError extends TypeError {
  override readonly name = 'NotPlainError';
  readonly path: string;

  constructor(path: string, value: unknown) {
    const place = path.replace(/^\./, '');
    super(`${place === '' ? 'the value' : place} is ${describe(value)}, which is not plain data`);
    this.path = place;
  }
}

/**
 * A deep copy. Parts that are shared inside `value` stay shared inside the copy, so that a clone
 * behaves as its original when it is mutated; cycles are thereby allowed. Throws `NotPlainError`.
 */
export function clone<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return scalar(value);
  return cloneShared(value, new Map(), '') as T;
}

/**
 * A `clone` that remembers what it has cloned: parts that several of its arguments share stay
 * shared among its results.
 */
export function cloner(): <T>(value: T) => T {
  const copies = new Map<object, object>();
  return <T>(value: T): T =>
    typeof value === 'object' && value !== null
      ? (cloneShared(value, copies, '') as T)
      : scalar(value);
}

function cloneShared(value: object, copies: Map<object, object>, path: string): object {
  const known = copies.get(value);
  if (known !== undefined) return known;
  const part = (inner: unknown, key: unknown): unknown =>
    typeof inner === 'object' && inner !== null
      ? cloneShared(inner, copies, `${path}.${String(key)}`)
      : scalar(inner, `${path}.${String(key)}`);
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (let i = 0; i < value.length; i++) copy.push(part(value[i], i));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map();
    copies.set(value, copy);
    for (const [key, inner] of value) copy.set(part(key, 'key'), part(inner, key));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set();
    copies.set(value, copy);
    for (const inner of value) copy.add(part(inner, 'member'));
    return copy;
  }
  if (!isRecord(value)) throw new NotPlainError(path, value);
  const copy: Record<string, unknown> = { ...value };
  copies.set(value, copy);
  for (const key in copy) copy[key] = part(copy[key], key);
  return copy;
}

/** Deep equality: NaN equals NaN, 0 differs from −0; Maps and Sets compare in insertion order. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(a, b);
  if (Array.isArray(b)) return false;
  if (a instanceof Map) return b instanceof Map && equalItems([...a], [...b]);
  if (a instanceof Set) return b instanceof Set && equalItems([...a], [...b]);
  if (b instanceof Map || b instanceof Set) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]));
}

function equalItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => equal(item, b[i]));
}

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

/** True for `{}`-like objects, with or without a prototype; false for instances of classes. */
export function isRecord(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Freezes `value` and all that is in it (Maps and Sets themselves cannot be frozen). */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (value instanceof Map) for (const [key, inner] of value) [key, inner].map(deepFreeze);
  else if (value instanceof Set) for (const inner of value) deepFreeze(inner);
  else for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

function scalar<T>(value: T, path = ''): T {
  const type = typeof value;
  if (type === 'function' || type === 'symbol' || type === 'bigint') {
    throw new NotPlainError(path, value);
  }
  return value;
}

function describe(value: unknown): string {
  if (typeof value === 'function') return `a function${value.name && ` (${value.name})`}`;
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return `an instance of ${prototype?.constructor?.name || 'a class'}`;
}
