// The definitions, tried out: is there an order of these few transactions in which each read
// returns what was written last? Every order is tried, with and without those of unknown outcome.
// Exponential.
import type { History } from '../../../src/history/history.js';

type Operation = readonly [f: string, key: string, value: unknown];

interface Txn {
  readonly operations: readonly Operation[];
  readonly certain: boolean;
  readonly invoked: number;
  /** Infinite if nobody knows when it ended. */
  readonly completed: number;
}

type Store = ReadonlyMap<string, unknown>;

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function txnsOf(history: History): readonly Txn[] {
  return history.ops
    .filter(({ type, f }) => type === 'invoke' && f === 'txn')
    .flatMap((invocation) => {
      const done = history.completionOf(invocation);
      if (done?.type === 'fail') return [];
      const certain = done?.type === 'ok';
      const value = certain ? done.value : invocation.value;
      const completed = certain ? done.index : Number.POSITIVE_INFINITY;
      const operations = value as readonly Operation[];
      return [{ operations, certain, invoked: invocation.index, completed }];
    });
}

/**
 * What a transaction leaves behind that reads `snapshot` and its own writes; undefined: it
 * cannot.
 */
function after(snapshot: Store, txn: Txn, latest: Store): Store | undefined {
  const seen = new Map(snapshot);
  const left = new Map(latest);
  for (const [f, key, value] of txn.operations) {
    if (f === 'r') {
      const found = seen.get(key) ?? null;
      const read = Array.isArray(value) && value.length === 0 ? null : value;
      if (txn.certain && !equal(found, read)) return undefined;
      continue;
    }
    for (const store of [seen, left]) {
      const before = (store.get(key) ?? []) as readonly unknown[];
      store.set(key, f === 'append' ? [...before, value] : value);
    }
  }
  return left;
}

/** Whether some order explains all reads; with `strict` one that real time allows. */
export function serializable(history: History, strict: boolean): boolean {
  const txns = txnsOf(history);
  const search = (store: Store, left: readonly Txn[]): boolean => {
    if (left.every(({ certain }) => !certain)) return true;
    return left.some((txn) => {
      if (strict && left.some((other) => other.completed < txn.invoked)) return false;
      const next = after(store, txn, store);
      return (
        next !== undefined &&
        search(
          next,
          left.filter((other) => other !== txn),
        )
      );
    });
  };
  return search(new Map(), txns);
}

interface Active {
  readonly txn: Txn;
  readonly snapshot: Store;
  /** Keys that others have committed to since. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Whether some order of beginnings and commits explains all reads, with each transaction reading a
 * snapshot and the first committer winning.
 */
export function snapshotIsolated(history: History): boolean {
  const search = (store: Store, idle: readonly Txn[], active: readonly Active[]): boolean => {
    if ([...idle, ...active.map(({ txn }) => txn)].every(({ certain }) => !certain)) return true;
    const begins = idle.some((txn) => {
      if (after(store, txn, store) === undefined) return false;
      const others = idle.filter((other) => other !== txn);
      return search(store, others, [...active, { txn, snapshot: store, taken: new Set() }]);
    });
    if (begins) return true;
    return active.some((own) => {
      const keys = own.txn.operations.filter(([f]) => f !== 'r').map(([, key]) => key);
      if (keys.some((key) => own.taken.has(key))) return false;
      const next = after(own.snapshot, own.txn, store);
      if (next === undefined) return false;
      const others = active
        .filter((other) => other !== own)
        .map((other) => ({ ...other, taken: new Set([...other.taken, ...keys]) }));
      return search(next, idle, others);
    });
  };
  return search(new Map(), txnsOf(history), []);
}
