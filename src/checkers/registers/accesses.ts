// Registers, or a store of many, as what each process did in turn: reads, writes, and
// compare-and-set as both at once. `read` returns a value, `write` has one, `cas` has [from, to];
// where histories are `keyed`, values are pairs of a key and such a value. Nothing read is the
// initial value.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { keyOf, showValue, type ValueKey } from '../../history/value.js';

export interface Access {
  readonly process: number | 'nemesis';
  readonly key: ValueKey;
  /** What it found; undefined: it did not look. */
  readonly read: Content | undefined;
  /** What it left; undefined: what was there. */
  readonly wrote: Content | undefined;
  readonly invoked: Op;
  readonly done: Op | undefined;
  /** Whether it certainly took place; one that may not have is the last of its process. */
  readonly sure: boolean;
}

/** What a register holds. `null` is what it held at first. */
interface Content {
  readonly value: ValueKey;
}

const functions = new Set(['read', 'write', 'cas']);

/** In the order of invocation; throws where an operation has another shape. */
export function accessesOf(history: History, keyed: boolean): readonly Access[] {
  const accesses: Access[] = [];
  for (const invoked of history.ops) {
    if (invoked.process === 'nemesis' || invoked.type !== 'invoke') continue;
    if (!functions.has(invoked.f)) continue;
    const done = history.completionOf(invoked);
    const sure = done?.type === 'ok';
    // A read without an answer tells nothing, and what failed did not happen.
    if (done?.type === 'fail' || (invoked.f === 'read' && !sure)) continue;
    const { key, value } = splitOf(invoked.f === 'read' && sure ? done : invoked, keyed);
    const { process } = invoked;
    accesses.push({ process, key, ...contentsOf(invoked, value), invoked, done, sure });
  }
  return accesses;
}

function contentsOf(op: Op, value: unknown): Pick<Access, 'read' | 'wrote'> {
  if (op.f === 'read') return { read: contentOf(value), wrote: undefined };
  if (op.f === 'write') return { read: undefined, wrote: contentOf(value) };
  if (!Array.isArray(value) || value.length !== 2) throw misshapen(op);
  return { read: contentOf(value[0]), wrote: contentOf(value[1]) };
}

function contentOf(value: unknown): Content {
  return { value: value === undefined ? null : keyOf(value) };
}

function splitOf(op: Op, keyed: boolean): { readonly key: ValueKey; readonly value: unknown } {
  if (!keyed) return { key: undefined, value: op.value };
  if (!Array.isArray(op.value) || op.value.length !== 2) throw misshapen(op);
  return { key: keyOf(op.value[0]), value: op.value[1] };
}

function misshapen({ index, f, value }: Op): Error {
  return new Error(`operation ${index}, ${f}, has ${showValue(value)}, which is no pair`);
}

/** A read of what nobody can have written by then. */
interface Phantom {
  readonly access: Access;
  readonly value: ValueKey;
}

/** O(n). */
export function phantomsIn(accesses: readonly Access[]): readonly Phantom[] {
  const first = new Map<ValueKey, Map<ValueKey, number>>();
  for (const { key, wrote, invoked } of accesses) {
    if (wrote === undefined) continue;
    const writes = first.get(key) ?? new Map<ValueKey, number>();
    first.set(key, writes);
    if (!writes.has(wrote.value)) writes.set(wrote.value, invoked.index);
  }
  return accesses.flatMap((access): Phantom[] => {
    const { key, read, done, sure } = access;
    if (read === undefined || read.value === null || !sure) return [];
    const written = first.get(key)?.get(read.value) ?? Number.POSITIVE_INFINITY;
    const ended = done?.index ?? Number.POSITIVE_INFINITY;
    return written < ended ? [] : [{ access, value: read.value }];
  });
}
