// What committed transactions read from lists: the part of each result that others wrote, without
// what the transaction had appended itself. A read that repeats what its transaction knew tells
// nothing; one that contradicts it is internally inconsistent, and a read from outside once more.

import { showValue } from '../../history/value.js';
import { numbers } from '../columns.js';
import { type Findings, find } from '../findings.js';
import { introduced, keyName, nameOf, opsOf } from './explain.js';
import { fate, type Ledger, same } from './ledger.js';

export interface Reads {
  /** How many elements each read saw of others; −1 for what is no read from outside. */
  readonly lengths: Int32Array;
  /**
   * For each key its first read from outside and its first append; for each, the next; −1: none.
   */
  readonly firstRead: Int32Array;
  readonly firstAppend: Int32Array;
  readonly next: Int32Array;
  /** How many there are. */
  readonly count: number;
}

const nothing: readonly unknown[] = [];

/** What a read returned; absent keys are empty lists. */
export function listOf(ledger: Ledger, read: number): readonly unknown[] {
  return (ledger.values[read] as readonly unknown[] | null | undefined) ?? nothing;
}

/** All reads from outside, by key. O(operations + elements read again). */
export function readsIn(ledger: Ledger, findings: Findings): Reads {
  const { keys, writes, owners, fates, keyNames } = ledger;
  const firstRead = new Int32Array(keyNames.length).fill(-1);
  const firstAppend = new Int32Array(keyNames.length).fill(-1);
  const next = numbers(keys.length).fill(-1);
  const lengths = numbers(keys.length).fill(-1);
  let count = 0;
  for (let at = keys.length - 1; at >= 0; at--) {
    const key = keys[at] as number;
    if (writes[at] === 1) {
      next[at] = firstAppend[key] as number;
      firstAppend[key] = at;
      continue;
    }
    if (fates[owners[at] as number] !== fate.committed) continue;
    const length = outsideLength(ledger, at, findings);
    if (length < 0) continue;
    count++;
    lengths[at] = length;
    next[at] = firstRead[key] as number;
    firstRead[key] = at;
  }
  return { lengths, firstRead, firstAppend, next, count };
}

function outsideLength(ledger: Ledger, read: number, findings: Findings): number {
  const { previous, writes, values } = ledger;
  const list = listOf(ledger, read);
  let length = list.length;
  let at = previous[read] as number;
  for (; at >= 0 && writes[at] === 1; at = previous[at] as number) {
    if (length === 0 || !same(list[length - 1], values[at])) break;
    length--;
  }
  if (at < 0) return length;
  if (writes[at] === 0 && repeats(list, length, listOf(ledger, at))) return -1;
  find(findings, 'internal', () => internal(ledger, read, at));
  return withoutOwn(ledger, read);
}

/** How much of a result is left without what its transaction had appended at its end. */
function withoutOwn(ledger: Ledger, read: number): number {
  const { previous, writes, values } = ledger;
  const list = listOf(ledger, read);
  let length = list.length;
  for (let at = previous[read] as number; at >= 0 && length > 0; at = previous[at] as number) {
    if (writes[at] === 0) continue;
    if (!same(list[length - 1], values[at])) break;
    length--;
  }
  return length;
}

function repeats(list: readonly unknown[], length: number, earlier: readonly unknown[]): boolean {
  return length === earlier.length && divergence(list, earlier, length) === length;
}

/** The first position below `length` at which two lists differ, else `length`. */
export function divergence(a: readonly unknown[], b: readonly unknown[], length: number): number {
  let at = 0;
  while (at < length && (a[at] === b[at] || same(a[at], b[at]))) at++;
  return at;
}

function internal(ledger: Ledger, read: number, contradicted: number) {
  const txn = ledger.owners[read] ?? -1;
  const value = showValue(ledger.values[contradicted] ?? null);
  const before = ledger.writes[contradicted] === 1 ? `appended ${value}` : `read ${value}`;
  const result = showValue(ledger.values[read] ?? null);
  const key = keyName(ledger, read);
  const name = nameOf(ledger, txn);
  const wrong = `${name} read ${key} as ${result}, though it had ${before} before`;
  const about = `let ${introduced(ledger, txn)}; ${wrong}`;
  return { about, ops: opsOf(ledger, [txn]) };
}
