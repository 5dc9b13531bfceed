// A partitioned, replayable log in Kafka's manner: records get offsets 0, 1, 2 … in their
// partition, stay where they are and can be read again from any offset, until retention drops the
// oldest. A fetch may wait for records. What is read is durable. Source: Kreps, Narkhede & Rao
// 2011, "Kafka: a distributed messaging system for log processing".
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Body, ErrorBody, Message } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';
import {
  noTransactions,
  stableEnd,
  type TransactionBodies,
  type TransactionEntry,
  type Transactions,
  transact,
} from './log-transactions.js';
import {
  type Asker,
  answer,
  append,
  askerOf,
  durable,
  recover,
  type Synced,
  type Wal,
} from './wal.js';

interface Append extends Body {
  readonly type: 'append';
  readonly partition: Plain;
  readonly records: readonly Plain[];
  /** Whoever asks again with the same id gets the same answer, and nothing is appended. */
  readonly id?: string;
}

interface AppendOk extends Body {
  readonly type: 'append_ok';
  readonly offset: number;
}

interface Fetch extends Body {
  readonly type: 'fetch';
  readonly partition: Plain;
  readonly offset: number;
  readonly max?: number;
  /** How long to wait for a first record. */
  readonly waitUs?: Micros;
  /** Whether to see committed records only. */
  readonly committed?: boolean;
}

interface FetchOk extends Body {
  readonly type: 'fetch_ok';
  readonly offset: number;
  readonly records: readonly Plain[];
  /** The offset of the next record to be appended. */
  readonly end: number;
  /** Where to read on, for who sees committed records only: some may have been left out. */
  readonly next?: number;
}

interface Offsets extends Body {
  readonly type: 'offsets';
  readonly partition: Plain;
}

interface OffsetsOk extends Body {
  readonly type: 'offsets_ok';
  /** The oldest record that is kept. */
  readonly start: number;
  readonly end: number;
}

/** What became of appends that had an id. */
interface Where extends Body {
  readonly type: 'where';
  readonly ids: readonly string[];
}

interface WhereOk extends Body {
  readonly type: 'where_ok';
  /** The offset of the first record; null: it was not appended. */
  readonly found: readonly (readonly [id: string, offset: number | null])[];
}

type Bodies =
  | Where
  | WhereOk
  | Append
  | AppendOk
  | Fetch
  | FetchOk
  | Offsets
  | OffsetsOk
  | TransactionBodies;

interface Partition {
  /** The offset of `records[0]`. */
  start: number;
  records: Plain[];
  /** When each was appended, where they are kept for a time. */
  times: Micros[];
  waiting: Waiting[];
  /** By offset the transaction of a record, if it has one. */
  readonly txns: Map<number, number>;
}

interface Waiting {
  readonly id: number;
  readonly asker: Asker;
  readonly offset: number;
  readonly max: number;
  readonly committed: boolean;
}

interface Entry {
  readonly partition: Plain;
  readonly records: readonly Plain[];
  readonly id: string | undefined;
  readonly atUs: Micros;
}

interface State {
  readonly wal: Wal<Entry | TransactionEntry>;
  readonly transactions: Transactions;
  readonly partitions: Map<Plain, Partition>;
  /** By id what was appended where. */
  readonly known: Map<string, number>;
  /** Ids that are written and not yet durable. */
  readonly writing: Set<string>;
  waits: number;
}

type Timers =
  | Synced
  | { readonly type: 'waited'; readonly partition: Plain; readonly id: number }
  | { readonly type: 'overdue'; readonly producer: string; readonly txn: number };

interface Options {
  /** Records of a partition that are kept at most; 0: all. */
  readonly retentionCount: number;
  /** How long a record is kept; 0: for ever. */
  readonly retentionUs: Micros;
  /** A transaction that is open for longer is aborted. */
  readonly transactionUs: Micros;
  /** What raises a producer's epoch: `transaction`, each one; `session`, only a new beginning. */
  readonly epochs: string;
}

type Ctx = Context<Bodies, Timers, Options>;

/** A fetch that names no number of records gets so many at most. */
const fetchMax = 500;

export const log: Protocol<State, Bodies, Timers, Options> = {
  name: 'log',
  about: 'A partitioned log in the manner of Kafka: offsets, rewind, retention.',
  options: { retentionCount: 0, retentionUs: 0, transactionUs: 10_000_000, epochs: 'transaction' },
  problem: ({ epochs }) => {
    const names = ['transaction', 'session'];
    return names.includes(epochs) ? undefined : { option: 'epochs', expected: names.join(', ') };
  },
  init(ctx) {
    const { wal, entries } = recover<Entry | TransactionEntry>(ctx);
    const partitions = new Map<Plain, Partition>();
    const around = { known: new Map(), writing: new Set<string>(), waits: 0 };
    const state: State = { wal, partitions, transactions: noTransactions(), ...around };
    for (const entry of entries) {
      if ('do' in entry) transact(state.transactions, entry, usesOf(state, ctx));
      else apply(state, entry, ctx);
    }
    return state;
  },
  on: {
    append(state, message, ctx) {
      const { partition, records, id } = message.body;
      if (!Array.isArray(records)) return refuse(message, 'append lacks records', ctx);
      const offset = id === undefined ? undefined : state.known.get(id);
      if (offset !== undefined) return ctx.reply(message, { type: 'append_ok', offset });
      if (id !== undefined && state.writing.has(id)) return; // The first one will be answered.
      if (id !== undefined) state.writing.add(id);
      append(state.wal, { partition, records, id, atUs: ctx.nowUs }, askerOf(message), ctx);
    },
    fetch(state, message, ctx) {
      const { partition, offset, max = fetchMax, waitUs = 0, committed = false } = message.body;
      if (!Number.isSafeInteger(offset)) return refuse(message, 'fetch lacks offset', ctx);
      const found = partitionOf(state, partition);
      expire(found, ctx);
      const asker = askerOf(message);
      const wanted = { asker, offset, max, committed };
      const end = committed ? stable(state, partition) : found.start + found.records.length;
      if (offset < end || waitUs === 0) return serve(state, partition, wanted, ctx);
      const id = state.waits++;
      found.waiting.push({ id, ...wanted });
      ctx.setTimer({ type: 'waited', partition, id }, waitUs);
    },
    where({ known, writing }, message, ctx) {
      const { ids } = message.body;
      if (ids.some((id) => writing.has(id))) return; // Nobody knows yet.
      const found = ids.map((id) => [id, known.get(id) ?? null] as const);
      ctx.reply(message, { type: 'where_ok', found });
    },
    offsets(state, message, ctx) {
      const found = partitionOf(state, message.body.partition);
      expire(found, ctx);
      const { start, records } = found;
      ctx.reply(message, { type: 'offsets_ok', start, end: start + records.length });
    },
    init_producer({ wal }, message, ctx) {
      const { producer, token } = message.body;
      append(wal, { do: 'init', producer, token }, askerOf(message), ctx);
    },
    produce({ wal }, message, ctx) {
      const { producer, epoch, seq, partition, records } = message.body;
      const around = { producer, epoch, seq, partition, records, atUs: ctx.nowUs };
      append(wal, { do: 'produce', ...around }, askerOf(message), ctx);
    },
    end_transaction({ wal }, message, ctx) {
      const { producer, epoch, nth, commit } = message.body;
      append(wal, { do: 'end', producer, epoch, nth, commit }, askerOf(message), ctx);
    },
  },
  timers: {
    synced(state, timer, ctx) {
      for (const { entry, asker } of durable(state.wal, timer)) {
        if ('do' in entry) {
          answer(asker, transact(state.transactions, entry, usesOf(state, ctx)), ctx);
          continue;
        }
        const offset = apply(state, entry, ctx);
        answer(asker, { type: 'append_ok', offset } as AppendOk, ctx);
        wake(state, entry.partition, ctx);
      }
    },
    overdue({ wal }, { producer, txn }, ctx) {
      append(wal, { do: 'overdue', producer, txn }, undefined, ctx);
    },
    waited(state, { partition, id }, ctx) {
      const found = partitionOf(state, partition);
      const at = found.waiting.findIndex((waiting) => waiting.id === id);
      const [waiting] = at < 0 ? [] : found.waiting.splice(at, 1);
      if (waiting !== undefined) serve(state, partition, waiting, ctx);
    },
  },
};

function partitionOf({ partitions }: State, name: Plain): Partition {
  let found = partitions.get(name);
  if (found === undefined) {
    found = { start: 0, records: [], times: [], waiting: [], txns: new Map() };
    partitions.set(name, found);
  }
  return found;
}

/** Appends, and returns the offset of the first record. */
function apply(state: State, { partition, records, id, atUs }: Entry, ctx: Ctx): number {
  const found = partitionOf(state, partition);
  const offset = found.start + found.records.length;
  for (let i = 0; i < records.length; i++) found.records.push(records[i]);
  if (ctx.options.retentionUs > 0) for (const _ of records) found.times.push(atUs);
  if (id !== undefined) {
    state.known.set(id, offset);
    state.writing.delete(id);
  }
  expire(found, ctx);
  return offset;
}

/** Drops the oldest records that need not be kept. */
function expire(partition: Partition, { options, nowUs }: Ctx): void {
  const { records, times } = partition;
  const { retentionCount, retentionUs } = options;
  let drop = retentionCount > 0 ? Math.max(0, records.length - retentionCount) : 0;
  while (retentionUs > 0 && drop < times.length && (times[drop] ?? 0) < nowUs - retentionUs) drop++;
  if (drop === 0) return;
  partition.start += drop;
  partition.records = records.slice(drop);
  partition.times = times.slice(drop);
}

function usesOf(state: State, ctx: Ctx): Parameters<typeof transact>[2] {
  const { transactionUs, epochs } = ctx.options;
  return {
    raises: epochs === 'transaction',
    append(name, records, txn, atUs) {
      const offset = apply(state, { partition: name, records, id: undefined, atUs }, ctx);
      const { txns } = partitionOf(state, name);
      for (let i = 0; i < records.length; i++) txns.set(offset + i, txn);
      return offset;
    },
    ended(names) {
      for (const name of names) wake(state, name, ctx);
    },
    opened: (producer, txn) => {
      ctx.setTimer({ type: 'overdue', producer, txn }, transactionUs);
    },
  };
}

/** Up to here a partition can be read by who sees committed records only. */
function stable(state: State, name: Plain): number {
  const { start, records } = partitionOf(state, name);
  return stableEnd(state.transactions, name, start + records.length);
}

/** Committed records from an offset on, and where to read on. */
function committedFrom(state: State, name: Plain, { offset, max }: Omit<Waiting, 'id'>) {
  const { start, records, txns } = partitionOf(state, name);
  const end = stable(state, name);
  const found: Plain[] = [];
  let next = offset;
  for (; next < end && found.length < max; next++) {
    const txn = txns.get(next);
    if (txn === undefined || !state.transactions.aborted.has(txn))
      found.push(records[next - start]);
  }
  return { records: found, next };
}

function serve(state: State, name: Plain, waiting: Omit<Waiting, 'id'>, ctx: Ctx): void {
  const { asker, offset, max, committed } = waiting;
  const { start, records } = partitionOf(state, name);
  const end = start + records.length;
  if (offset < start) {
    const text = `offset ${offset} is gone: the log starts at ${start}`;
    return answer(asker, { type: 'error', code: 20, text } as ErrorBody, ctx);
  }
  if (committed) {
    const found = committedFrom(state, name, waiting);
    return answer(asker, { type: 'fetch_ok', offset, ...found, end } as FetchOk, ctx);
  }
  const found = Object.freeze(records.slice(offset - start, offset - start + max));
  answer(asker, { type: 'fetch_ok', offset, records: found, end } as FetchOk, ctx);
}

function wake(state: State, name: Plain, ctx: Ctx): void {
  const partition = partitionOf(state, name);
  if (partition.waiting.length === 0) return;
  const end = partition.start + partition.records.length;
  const visible = stable(state, name);
  const isReady = ({ offset, committed }: Waiting) => offset < (committed ? visible : end);
  const ready = partition.waiting.filter(isReady);
  if (ready.length === 0) return;
  partition.waiting = partition.waiting.filter((waiting) => !isReady(waiting));
  for (const waiting of ready) serve(state, name, waiting, ctx);
}

function refuse(message: Message<Append | Fetch>, text: string, ctx: Ctx): void {
  ctx.reply(message, { type: 'error', code: 12, text });
}
