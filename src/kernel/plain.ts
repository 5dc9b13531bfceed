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
 * Lists of so many scalars or more that are frozen are never copied: nobody can change them. To
 * look whether shorter ones are costs as much as to copy them.
 */
export const sharedMin = 64;

/**
 * A deep copy. Parts that are shared inside `value` stay shared inside the copy, so that a clone
 * behaves as its original when it is mutated; cycles are thereby allowed. Throws `NotPlainError`.
 */
export function clone<T>(value: T): T {
  const flat = flatCopy(value);
  return flat === undefined ? cloneWith(value, { made: new Map(), immutables: undefined }) : flat;
}

/** The copy of a record in which no object lies, as most messages are: nothing can be shared. */
function flatCopy<T>(value: T): T | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (!isRecord(value)) return undefined;
  const copy: T & Record<string, unknown> = { ...value };
  for (const key in copy) if (!isScalar(copy[key])) return undefined;
  return copy;
}

/**
 * A `clone` that remembers what it has cloned: parts that several of its arguments share stay
 * shared among its results. What is in `immutables` is not copied: nobody can tell. `made` is its
 * memory, from originals to copies.
 */
export function cloner(
  immutables?: WeakSet<object>,
  made: Copies['made'] = new Map(),
): <T>(value: T) => T {
  const copies: Copies = { made, immutables };
  return (value) => cloneWith(value, copies);
}

/** What a cloner has copied so far, and what it need not copy. */
interface Copies {
  readonly made: Map<object, object> | WeakMap<object, object>;
  readonly immutables: WeakSet<object> | undefined;
}

function cloneWith<T>(value: T, copies: Copies): T {
  if (isScalar(value)) return value;
  const copy = typeof value === 'object' ? cloneShared(value as object, copies) : undefined;
  // Where it is not plain is looked for only when it matters.
  if (copy === undefined) throw oddIn(value, '', new Set()) ?? new NotPlainError('', value);
  return copy as T;
}

/** Throws the `NotPlainError` that `clone` throws, and copies nothing. */
export function checkPlain(value: unknown): void {
  if (isPlainTree(value, 0)) return;
  const odd = oddIn(value, '', new Set());
  if (odd !== undefined) throw odd;
}

/** False for what is not plain, and for what is too deep to say: it may be a circle. */
function isPlainTree(value: unknown, depth: number): boolean {
  if (isScalar(value)) return true;
  if (typeof value !== 'object' || value === null || depth > depthMax) return false;
  if (Array.isArray(value)) return value.every((inner) => isPlainTree(inner, depth + 1));
  if (value instanceof Map) {
    for (const [key, inner] of value) {
      if (!isPlainTree(key, depth + 1) || !isPlainTree(inner, depth + 1)) return false;
    }
    return true;
  }
  if (value instanceof Set) return [...value].every((inner) => isPlainTree(inner, depth + 1));
  if (!isRecord(value)) return false;
  for (const key in value) if (!isPlainTree(value[key], depth + 1)) return false;
  return true;
}

/** True for what needs no copy; false for objects, and for what is not plain. */
function isScalar(value: unknown): boolean {
  if (value === null) return true;
  const type = typeof value;
  return type !== 'object' && type !== 'function' && type !== 'symbol' && type !== 'bigint';
}

/** The copy of an object; `undefined` if a part of it is not plain. */
function cloneShared(value: object, copies: Copies): object | undefined {
  if (copies.immutables?.has(value) === true) return value;
  const known = copies.made.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return cloneItems(value, copies);
  if (value instanceof Map) return cloneMap(value, copies);
  if (value instanceof Set) return cloneSet(value, copies);
  if (!isRecord(value)) return undefined;
  const copy: Record<string, unknown> = { ...value };
  copies.made.set(value, copy);
  for (const key in copy) {
    const inner = copy[key];
    if (isScalar(inner)) continue;
    const part = cloneInner(inner, copies);
    if (part === undefined) return undefined;
    copy[key] = part;
  }
  return copy;
}

function cloneInner(inner: unknown, copies: Copies): object | undefined {
  return typeof inner === 'object' ? cloneShared(inner as object, copies) : undefined;
}

function cloneItems(value: readonly unknown[], copies: Copies): readonly unknown[] | undefined {
  if (value.length >= sharedMin && Object.isFrozen(value) && value.every(isScalar)) return value;
  const copy: unknown[] = [];
  copies.made.set(value, copy);
  for (let i = 0; i < value.length; i++) {
    const inner = value[i];
    const part = isScalar(inner) ? inner : cloneInner(inner, copies);
    if (part === undefined && inner !== undefined) return undefined;
    copy.push(part);
  }
  return copy;
}

function cloneMap(
  value: ReadonlyMap<unknown, unknown>,
  copies: Copies,
): Map<unknown, unknown> | undefined {
  const copy = new Map();
  copies.made.set(value, copy);
  for (const [key, inner] of value) {
    const name = isScalar(key) ? key : cloneInner(key, copies);
    const part = isScalar(inner) ? inner : cloneInner(inner, copies);
    if (name === undefined && key !== undefined) return undefined;
    if (part === undefined && inner !== undefined) return undefined;
    copy.set(name, part);
  }
  return copy;
}

function cloneSet(value: ReadonlySet<unknown>, copies: Copies): Set<unknown> | undefined {
  const copy = new Set();
  copies.made.set(value, copy);
  for (const inner of value) {
    const part = isScalar(inner) ? inner : cloneInner(inner, copies);
    if (part === undefined && inner !== undefined) return undefined;
    copy.add(part);
  }
  return copy;
}

/** What is wrong with the first part of a value that is not plain; `undefined` if all is. */
function oddIn(value: unknown, path: string, seen: Set<unknown>): NotPlainError | undefined {
  if (isScalar(value) || seen.has(value)) return undefined;
  seen.add(value);
  if (typeof value !== 'object' || value === null) return new NotPlainError(path, value);
  const among = (parts: Iterable<readonly [unknown, unknown]>): NotPlainError | undefined => {
    for (const [key, inner] of parts) {
      const found = oddIn(inner, `${path}.${String(key)}`, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  if (Array.isArray(value)) return among(value.entries());
  if (value instanceof Map) return among([...value].flatMap(asParts));
  if (value instanceof Set) return among([...value].map((member) => ['member', member] as const));
  return isRecord(value) ? among(Object.entries(value)) : new NotPlainError(path, value);
}

const asParts = ([key, inner]: readonly [unknown, unknown]) =>
  [
    ['key', key],
    [key, inner],
  ] as const;

/** Deep equality: NaN equals NaN, 0 differs from −0; Maps and Sets compare in insertion order. */
export function equal(a: unknown, b: unknown): boolean {
  return equalIn(a, b, undefined);
}

/**
 * What `copy` is to `value`: a deep copy of plain data that is `apart` from it, so that a change of
 * one is never seen in the other; `entangled` with it, if some object that can change is in both;
 * or not equal to it, or not plain: `different`. What is in `immutables` can be in both, and so can
 * all that is found to be frozen through and through, which is added.
 */
export function copyRelation(
  value: unknown,
  copy: unknown,
  immutables: WeakSet<object>,
): 'apart' | 'entangled' | 'different' {
  const meeting: Meeting = { immutables, entangled: false };
  if (!equalIn(value, copy, meeting)) return 'different';
  return meeting.entangled ? 'entangled' : 'apart';
}

/** What is noted of objects that are in both values. */
interface Meeting {
  readonly immutables: WeakSet<object>;
  entangled: boolean;
}

// These are loops that make no lists: strict mode compares every state after every event.

function equalIn(a: unknown, b: unknown, meeting: Meeting | undefined): boolean {
  if (typeof a !== 'object' || a === null || a === b) {
    return Object.is(a, b) && (meeting === undefined || isScalar(a) || meets(a, meeting));
  }
  if (typeof b !== 'object' || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(a, b, meeting);
  if (Array.isArray(b)) return false;
  if (a instanceof Map) return b instanceof Map && equalMaps(a, b, meeting);
  if (a instanceof Set) return b instanceof Set && equalSets(a, b, meeting);
  if (b instanceof Map || b instanceof Set) return false;
  return equalRecords(a as Record<string, unknown>, b as Record<string, unknown>, meeting);
}

/** The same object, or what is no plain data, is in both. */
function meets(both: unknown, meeting: Meeting): boolean {
  if (typeof both !== 'object') return false;
  if (!isImmutable(both as object, meeting.immutables, 0)) meeting.entangled = true;
  return true;
}

/** So deep is looked: what is frozen may be a circle. */
const depthMax = 64;

function isImmutable(value: object, immutables: WeakSet<object>, depth: number): boolean {
  if (immutables.has(value)) return true;
  if (depth > depthMax || !Object.isFrozen(value)) return false;
  if (!Array.isArray(value) && !isRecord(value)) return false;
  for (const inner of Object.values(value)) {
    if (isScalar(inner)) continue;
    if (typeof inner !== 'object' || !isImmutable(inner, immutables, depth + 1)) return false;
  }
  immutables.add(value);
  return true;
}

function equalItems(
  a: readonly unknown[],
  b: readonly unknown[],
  meeting: Meeting | undefined,
): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!equalIn(a[i], b[i], meeting)) return false;
  return true;
}

function equalMaps(
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown>,
  meeting: Meeting | undefined,
): boolean {
  if (a.size !== b.size) return false;
  const others = b.entries();
  for (const [key, inner] of a) {
    const [otherKey, other] = others.next().value as [unknown, unknown];
    if (!equalIn(key, otherKey, meeting) || !equalIn(inner, other, meeting)) return false;
  }
  return true;
}

function equalSets(
  a: ReadonlySet<unknown>,
  b: ReadonlySet<unknown>,
  meeting: Meeting | undefined,
): boolean {
  if (a.size !== b.size) return false;
  const others = b.values();
  for (const member of a) if (!equalIn(member, others.next().value, meeting)) return false;
  return true;
}

function equalRecords(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
  meeting: Meeting | undefined,
): boolean {
  if (meeting !== undefined && !(isRecord(a) && isRecord(b))) return false;
  let more = 0;
  for (const key in a) {
    const inner = a[key];
    const other = b[key];
    if (other === undefined && !Object.hasOwn(b, key)) return false;
    if (!equalIn(inner, other, meeting)) return false;
    more++;
  }
  for (const _ in b) more--;
  return more === 0;
}

/** True for `{}`-like objects, with or without a prototype; false for instances of classes. */
export function isRecord(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Freezes `value` and all that is in it (Maps and Sets themselves cannot be frozen). Those of its
 * objects that nobody can change any more, neither themselves nor what is in them, are added to
 * `immutables`.
 */
export function deepFreeze<T>(value: T, immutables: WeakSet<object> = new WeakSet()): T {
  freeze(value, immutables);
  return value;
}

/** Freezes; true when nothing in `value` can change any more. */
function freeze(value: unknown, immutables: WeakSet<object>): boolean {
  if (typeof value !== 'object' || value === null) return true;
  // What was frozen by others is left alone, and only its surface is known to be.
  if (Object.isFrozen(value)) return immutables.has(value);
  Object.freeze(value);
  let isImmutable = !(value instanceof Map || value instanceof Set);
  for (const inner of partsIn(value)) if (!freeze(inner, immutables)) isImmutable = false;
  if (isImmutable) immutables.add(value);
  return isImmutable;
}

function partsIn(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? [...value] : Object.values(value);
}

function describe(value: unknown): string {
  if (typeof value === 'function') return `a function${value.name && ` (${value.name})`}`;
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return `an instance of ${prototype?.constructor?.name || 'a class'}`;
}
