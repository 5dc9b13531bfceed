// The transactions of a history as columns: who ran what, and what it did. Of those that committed
// the reply counts, of all others only what they asked to write. A reply must do what was asked:
// one that answers something else says nothing about the transaction, which then counts as
// unknown.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { keyOf, showValue } from '../../history/value.js';
import { marks, numbers } from '../columns.js';
import { Interner } from '../set-full/interner.js';
import { enumeration } from '../words.js';

/** How a transaction ended. */
export const fate = { committed: 0, aborted: 1, unknown: 2 } as const;

/**
 * Transactions by number, in the order of their invocations; their operations, one after another.
 */
export interface Ledger {
  readonly ops: readonly Op[];
  readonly count: number;
  /** The index of each transaction's invocation, and of its completion, −1 for none. */
  readonly invoked: Int32Array;
  readonly completed: Int32Array;
  readonly fates: Uint8Array;
  /** The first operation of each transaction; one more, for the end. */
  readonly starts: Int32Array;
  /** For each operation: its transaction, its key, 1 for a write, and what it read or wrote. */
  readonly owners: Int32Array;
  readonly keys: Int32Array;
  readonly writes: Uint8Array;
  readonly values: readonly unknown[];
  /** For each operation: the one before it in its transaction on the same key, or −1. */
  readonly previous: Int32Array;
  readonly keyNames: readonly unknown[];
  readonly mismatches: readonly Mismatch[];
  /** What keeps the history from being judged at all. */
  readonly doubts: readonly string[];
}

/** A reply that is none to its request. */
interface Mismatch {
  readonly reply: Op;
  readonly about: string;
}

/** What a workload's transactions consist of beside reads, `r`. */
export interface Shape {
  readonly write: 'append' | 'w';
  /** What is wrong with a read's result, or undefined. */
  readonly flawOf: (result: unknown) => string | undefined;
}

/** How many operations a reason names. */
const namedMax = 4;

/** Reads all transactions. O(operations). */
export function ledgerOf(history: History, shape: Shape): Ledger {
  const invocations = history.ops.filter(
    ({ f, type, process }) => f === 'txn' && type === 'invoke' && process !== 'nemesis',
  );
  const malformed = invocations.filter(({ value }) => !isRequest(value, shape));
  const requests = malformed.length === 0 ? invocations : [];
  const draft = draftOf(history.ops, requests);
  const silent: Op[] = [];
  for (const [txn, invocation] of requests.entries()) {
    const done = history.completionOf(invocation);
    draft.invoked[txn] = invocation.index;
    draft.completed[txn] = done?.index ?? -1;
    draft.fates[txn] = fateOf(draft, invocation, done, shape, silent);
    const committed = draft.fates[txn] === fate.committed;
    addOperations(draft, txn, (committed ? done : invocation)?.value as Request, shape);
  }
  return { ...draft, keyNames: draft.interner.values, doubts: doubtsOf(malformed, silent) };
}

type Request = readonly (readonly unknown[])[];
type Draft = ReturnType<typeof draftOf>;

function draftOf(ops: readonly Op[], requests: readonly Op[]) {
  const count = requests.length;
  let operations = 0;
  for (const { value } of requests) operations += (value as Request).length;
  return {
    ops,
    count,
    invoked: numbers(count),
    completed: numbers(count),
    fates: marks(count),
    starts: numbers(count + 1),
    owners: numbers(operations),
    keys: numbers(operations),
    writes: marks(operations),
    values: new Array<unknown>(operations),
    previous: numbers(operations),
    interner: new Interner(),
    /** The last operation on each key; of this transaction if it is not before its first. */
    latest: [] as number[],
    mismatches: [] as Mismatch[],
  };
}

function fateOf(
  draft: Draft,
  invocation: Op,
  done: Op | undefined,
  shape: Shape,
  silent: Op[],
): number {
  if (done?.type === 'fail') return fate.aborted;
  if (done?.type !== 'ok') return fate.unknown;
  if (done.value === undefined) {
    silent.push(done);
    return fate.unknown;
  }
  const about = differenceOf(invocation.value as Request, done.value, shape);
  if (about === undefined) return fate.committed;
  draft.mismatches.push({ reply: done, about });
  return fate.unknown;
}

function addOperations(draft: Draft, txn: number, operations: Request, { write }: Shape): void {
  const { owners, keys, writes, values, previous, interner, latest } = draft;
  const start = draft.starts[txn] as number;
  let at = start;
  for (const operation of operations) {
    const key = interner.numberOf(operation[1]);
    const before = latest[key] ?? -1;
    owners[at] = txn;
    keys[at] = key;
    writes[at] = operation[0] === write ? 1 : 0;
    values[at] = operation[2];
    previous[at] = before >= start ? before : -1;
    latest[key] = at++;
  }
  draft.starts[txn + 1] = at;
}

function isRequest(value: unknown, { write }: Shape): boolean {
  if (!Array.isArray(value)) return false;
  for (const operation of value) {
    if (!Array.isArray(operation)) return false;
    const [f, length] = [operation[0], operation.length];
    if (f === 'r' ? length !== 2 && length !== 3 : f !== write || length !== 3) return false;
    if (f === write && (operation[2] === null || operation[2] === undefined)) return false;
  }
  return true;
}

/** Where a reply does not do what was asked; undefined where it does. */
function differenceOf(request: Request, reply: unknown, shape: Shape): string | undefined {
  if (!Array.isArray(reply)) return `it is ${showValue(reply)}, which is no list of operations`;
  if (reply.length !== request.length) {
    return `it has ${reply.length} operations, and ${request.length} were asked for`;
  }
  for (let at = 0; at < request.length; at++) {
    const [asked, done] = [request[at] as readonly unknown[], reply[at] as unknown];
    if (!Array.isArray(done) || !answers(asked, done, shape)) {
      return `its operation ${at} is ${showValue(done)}, and ${showValue(asked)} was asked for`;
    }
    const flaw = asked[0] === 'r' ? shape.flawOf(done[2]) : undefined;
    if (flaw !== undefined) return `its operation ${at} read ${showValue(done[2])}, ${flaw}`;
  }
  return undefined;
}

function answers(asked: readonly unknown[], done: readonly unknown[], { write }: Shape): boolean {
  if (asked[0] !== done[0] || !same(asked[1], done[1])) return false;
  return asked[0] !== write || same(asked[2], done[2]);
}

/** When each transaction ended, as an index; what is unknown counts from its invocation. */
export function endsIn({ fates, completed, invoked }: Ledger): Int32Array {
  return completed.map((end, txn) =>
    fates[txn] === fate.committed ? end : (invoked[txn] as number),
  );
}

/** Whether two values are equal by content. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || Object.is(keyOf(a), keyOf(b));
}

/** 1 for each write that its own transaction overwrites or adds to. O(operations). */
export function supersededIn({ previous, writes }: Ledger): Uint8Array {
  const superseded = marks(writes.length);
  /** The write before each operation in its transaction on the same key. */
  const before = numbers(writes.length).fill(-1);
  for (let at = 0; at < writes.length; at++) {
    const last = previous[at] as number;
    if (last < 0) continue;
    const write = writes[last] === 1 ? last : (before[last] as number);
    before[at] = write;
    if (write >= 0 && writes[at] === 1) superseded[write] = 1;
  }
  return superseded;
}

function doubtsOf(malformed: readonly Op[], silent: readonly Op[]): readonly string[] {
  const named = (ops: readonly Op[]): string =>
    enumeration(
      ops.map(({ index }) => String(index)),
      namedMax,
    );
  const doubts: string[] = [];
  if (malformed.length > 0) {
    doubts.push(`requests that are no transactions: operations ${named(malformed)}`);
  }
  if (silent.length > 0) doubts.push(`replies without a result: operations ${named(silent)}`);
  return doubts;
}
