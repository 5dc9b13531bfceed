// Where a stream's outputs become visible to the world. `plain` shows whatever it is given;
// `idempotent` shows an output, named by its input and number, once; `transactional` shows the
// outputs of a transaction all at once, when it is committed, and knows transactions by their ids.
// A sender that has been superseded is refused: `epoch` of a source never goes back.
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Body, ErrorBody } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';
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

/**
 * What the sink shows: the nth output of an input, of that partition and offset, is this value.
 * Without a name, the first three are null. One after the other in one list, [partition, offset,
 * nth, value, partition, …]: they are many, and copied from node to node.
 */
type Outputs = readonly Plain[];
const fieldsOfOutput = 4;

interface Emit extends Body {
  readonly type: 'emit';
  readonly source: string;
  readonly epoch: number;
  /** Counts up in an epoch: a number that was there before is the same message again. */
  readonly seq: number;
  readonly outputs: Outputs;
}

interface EmitOk extends Body {
  readonly type: 'emit_ok';
}

/** Keeps outputs for a transaction that may be committed later. */
interface Prepare extends Body {
  readonly type: 'prepare';
  readonly txn: string;
  readonly source: string;
  readonly epoch: number;
  readonly outputs: Outputs;
}

interface PrepareOk extends Body {
  readonly type: 'prepare_ok';
}

/** Shows a prepared transaction, or one that brings its outputs along. */
interface Commit extends Body {
  readonly type: 'commit';
  readonly txn: string;
  readonly source: string;
  readonly epoch: number;
  readonly outputs?: Outputs;
}

interface CommitOk extends Body {
  readonly type: 'commit_ok';
}

interface Abort extends Body {
  readonly type: 'abort';
  readonly txn: string;
}

interface AbortOk extends Body {
  readonly type: 'abort_ok';
}

interface Shown extends Body {
  readonly type: 'shown';
  readonly from: number;
  readonly max?: number;
}

interface ShownOk extends Body {
  readonly type: 'shown_ok';
  readonly outputs: Outputs;
  readonly end: number;
}

type Bodies =
  | Emit
  | EmitOk
  | Prepare
  | PrepareOk
  | Commit
  | CommitOk
  | Abort
  | AbortOk
  | Shown
  | ShownOk
  | ErrorBody;

type Entry =
  | Omit<Emit, 'msg_id'>
  | Omit<Prepare, 'msg_id'>
  | Omit<Commit, 'msg_id'>
  | Omit<Abort, 'msg_id'>
  | { readonly type: 'expire'; readonly txn: string };

interface State {
  readonly wal: Wal<Entry>;
  /** One list after the other; they are not put together until somebody asks. */
  readonly shown: Outputs[];
  /** Names of what is shown, where they matter. */
  readonly names: Set<string>;
  readonly prepared: Map<string, Outputs>;
  /** Transactions that are committed; those that are aborted. */
  readonly committed: Set<string>;
  readonly aborted: Set<string>;
  /** By source the highest epoch, and its highest number. */
  readonly sources: Map<string, { readonly epoch: number; readonly seq: number }>;
}

type Timers =
  | Synced
  | { readonly type: 'write'; readonly entry: Entry; readonly asker: Asker }
  | { readonly type: 'overdue'; readonly txn: string };

interface Options {
  /** plain, idempotent or transactional. */
  readonly kind: string;
  /** How long what is to be shown takes. */
  readonly writeUs: Micros;
  /** A prepared transaction is aborted after so long; 0: never. */
  readonly transactionUs: Micros;
  /** Whether a superseded sender is refused. */
  readonly fenced: boolean;
}

type Ctx = Context<Bodies, Timers, Options>;

const kinds = ['plain', 'idempotent', 'transactional'];

export const sink: Protocol<State, Bodies, Timers, Options> = {
  name: 'sink',
  about: 'Shows the outputs of a stream: plain, idempotent or transactional.',
  options: { kind: 'plain', writeUs: 0, transactionUs: 0, fenced: true },
  problem: ({ kind }) =>
    kinds.includes(kind) ? undefined : { option: 'kind', expected: kinds.join(', '), names: kinds },
  init(ctx) {
    const { wal, entries } = recover<Entry>(ctx);
    const state: State = {
      wal,
      ...{ shown: [], names: new Set(), prepared: new Map() },
      ...{ committed: new Set(), aborted: new Set(), sources: new Map() },
    };
    for (const entry of entries) apply(state, entry, ctx.options);
    for (const txn of state.prepared.keys()) setOverdue(txn, ctx);
    return state;
  },
  on: {
    emit: change,
    prepare: change,
    commit: change,
    abort: change,
    shown({ shown }, message, ctx) {
      const all = joined(shown);
      const end = all.length / fieldsOfOutput;
      const { from, max = end } = message.body;
      const some = from > 0 || max < end;
      const [first, last] = [fieldsOfOutput * from, fieldsOfOutput * (from + max)];
      const outputs = Object.freeze(some ? all.slice(first, last) : all);
      ctx.reply(message, { type: 'shown_ok', outputs, end });
    },
  },
  timers: {
    write({ wal }, { entry, asker }, ctx) {
      append(wal, entry, asker, ctx);
    },
    synced(state, timer, ctx) {
      for (const { entry, asker } of durable(state.wal, timer)) {
        const reply = apply(state, entry, ctx.options);
        if (entry.type === 'prepare' && state.prepared.has(entry.txn)) setOverdue(entry.txn, ctx);
        answer(asker, reply, ctx);
      }
    },
    overdue({ wal, prepared }, { txn }, ctx) {
      if (prepared.has(txn)) append(wal, { type: 'expire', txn }, undefined, ctx);
    },
  },
  inputsOf(body) {
    if (!['emit', 'prepare', 'commit'].includes(body.type)) return [];
    const { outputs = [] } = body as Emit | Prepare | Commit;
    return Array.from({ length: outputs.length / fieldsOfOutput }, (_, nth) => {
      return [outputs[fieldsOfOutput * nth], outputs[fieldsOfOutput * nth + 1]];
    });
  },
};

function setOverdue(txn: string, ctx: Ctx): void {
  const { transactionUs } = ctx.options;
  if (transactionUs > 0) ctx.setTimer({ type: 'overdue', txn }, transactionUs);
}

function change(
  { wal }: State,
  message: {
    readonly src: string;
    readonly dest: string;
    readonly body: Exclude<Entry, { type: 'expire' }>;
  },
  ctx: Ctx,
): void {
  const { msg_id: _, ...entry } = message.body as Emit;
  const asker = askerOf(message);
  const { writeUs } = ctx.options;
  if (writeUs > 0) ctx.setTimer({ type: 'write', entry: entry as Entry, asker }, writeUs);
  else append(wal, entry as Entry, asker, ctx);
}

type Reply = EmitOk | PrepareOk | CommitOk | AbortOk | ErrorBody;

function apply(state: State, entry: Entry, options: Options): Reply {
  switch (entry.type) {
    case 'emit':
      return emit(state, entry, options);
    case 'prepare':
      if (isStale(state, entry, options)) return superseded(entry);
      if (!state.committed.has(entry.txn) && !state.aborted.has(entry.txn)) {
        state.prepared.set(entry.txn, entry.outputs);
      }
      return { type: 'prepare_ok' };
    case 'commit':
      return commit(state, entry, options);
    case 'abort':
    case 'expire':
      state.prepared.delete(entry.txn);
      if (!state.committed.has(entry.txn)) state.aborted.add(entry.txn);
      return { type: 'abort_ok' };
  }
}

function emit(state: State, entry: Extract<Entry, { type: 'emit' }>, options: Options): Reply {
  const { source, epoch, seq, outputs } = entry;
  const last = state.sources.get(source) ?? { epoch: -1, seq: -1 };
  if (epoch === last.epoch && seq <= last.seq) return { type: 'emit_ok' };
  if (epoch < last.epoch && options.fenced) return superseded(entry);
  if (epoch >= last.epoch) state.sources.set(source, { epoch, seq });
  show(state, outputs, options);
  return { type: 'emit_ok' };
}

function commit(state: State, entry: Extract<Entry, { type: 'commit' }>, options: Options): Reply {
  const { txn } = entry;
  if (state.committed.has(txn)) return { type: 'commit_ok' };
  if (isStale(state, entry, options)) return superseded(entry);
  const outputs = entry.outputs ?? state.prepared.get(txn);
  if (outputs === undefined) {
    const what = state.aborted.has(txn) ? 'was aborted' : 'is unknown';
    return { type: 'error', code: 20, text: `the transaction ${txn} ${what}` };
  }
  state.prepared.delete(txn);
  state.committed.add(txn);
  show(state, outputs, options);
  return { type: 'commit_ok' };
}

function isStale(
  { sources }: State,
  { source, epoch }: { readonly source: string; readonly epoch: number },
  { fenced }: Options,
): boolean {
  const last = sources.get(source)?.epoch ?? -1;
  if (epoch > last) sources.set(source, { epoch, seq: -1 });
  return fenced && epoch < last;
}

function superseded({ source, epoch }: { source: string; epoch: number }): ErrorBody {
  return { type: 'error', code: 22, text: `${source} of epoch ${epoch} is superseded` };
}

function show({ shown, names }: State, outputs: Outputs, { kind }: Options): void {
  const whole = outputs.length % fieldsOfOutput === 0;
  if (whole && kind !== 'idempotent') {
    if (outputs.length > 0) shown.push(outputs);
    return;
  }
  const fresh: Plain[] = [];
  for (let at = 0; at < outputs.length; at += fieldsOfOutput) {
    const partition = outputs[at];
    if (kind === 'idempotent' && partition !== null) {
      const name = outputs
        .slice(at, at + 3)
        .map(String)
        .join('/');
      if (names.has(name)) continue;
      names.add(name);
    }
    fresh.push(partition, outputs[at + 1], outputs[at + 2], outputs[at + 3]);
  }
  if (fresh.length > 0) shown.push(fresh);
}

/** One list of what lies in many. O(its length). */
function joined(lists: readonly Outputs[]): Plain[] {
  const length = lists.reduce((sum, list) => sum + list.length, 0);
  // Filled first: a list that V8 knows to be without holes, and that need not grow.
  const whole: Plain[] = new Array(length).fill(null);
  let at = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) whole[at++] = list[i];
  return whole;
}
