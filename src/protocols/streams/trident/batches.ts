// A building block: what spouts and counters do with a batch. A spout reads its part of the log and
// sends each counter its share; a counter that has the shares of all spouts takes them in when it
// is told to commit. A count carries the number of the last batch in it: that one again is skipped
// where batches are the same again; where they may differ it is taken back first, so the count
// before it is kept as well. Source: Storm, "Trident state".
import { type Answer, ask } from '../../leaning/asks.js';
import { operators } from '../topology/operators.js';
import { hashed } from '../topology/plan.js';
import {
  type CommitBatch,
  type Counter,
  counterTask,
  type EmitBatch,
  type Row,
  type Share,
  type Spout,
  sameAttempt,
  type TridentCtx,
  type TridentState,
  type Tuple,
  tell,
} from './tasks.js';

export function freshCounter(task: number, owned: number): Counter {
  return {
    kind: 'counter',
    ...{ task, owned, ready: false, rows: new Map(), shares: new Map() },
    ...{ seen: { epoch: 0, txid: 0, attempt: 0 }, open: new Set(), committing: undefined },
    ...{ puts: 0, emitted: 0 },
  };
}

/** The coordinator wants a batch. */
export function emitBatch(
  state: TridentState,
  { task, owned }: Spout,
  body: EmitBatch,
  ctx: TridentCtx,
): void {
  const { from, until } = body;
  const { batchMax, log } = ctx.options;
  const max = until === undefined || until < 0 ? batchMax : until - from;
  const fetch = { type: 'fetch', partition: task - 1, offset: from, max };
  ask(state.asks, [log, fetch], { do: 'fetch', task, owned, of: body }, ctx);
}

/** The log has answered: the counters get their shares, the coordinator hears where it ends. */
export function batchRead(
  state: TridentState,
  { task }: Spout,
  of: EmitBatch,
  answer: Answer,
  ctx: TridentCtx,
): void {
  if (!answer.ok) return ctx.note(`stands still: ${answer.text}`);
  const records = answer.body.records as readonly string[];
  const [partition, { from, epoch, txid, attempt }] = [task - 1, of];
  const name = { epoch, txid, attempt };
  const until = from + records.length;
  if (of.until !== -1) {
    const shares = sharesOf(partition, from, records, ctx);
    for (const [nth, tuples] of shares.entries()) {
      const to = counterTask(nth, ctx.options);
      tell(state, to, { type: 'share', ...name, to, partition, until, tuples }, ctx);
    }
  }
  tell(state, 0, { type: 'emitted', ...name, partition, until }, ctx);
}

function sharesOf(
  partition: number,
  from: number,
  records: readonly string[],
  { options: { counters } }: TridentCtx,
): readonly (readonly Tuple[])[] {
  const shares: Tuple[][] = Array.from({ length: counters }, () => []);
  const words = operators.get('words');
  for (const [i, key] of records.entries()) {
    for (const [nth, word] of (words?.emit({ key, value: 0 }, 0) ?? []).entries()) {
      shares[hashed(word.key, counters)]?.push([partition, from + i, nth, word.key]);
    }
  }
  return shares;
}

/** A spout's share has come. */
export function shareCame(counter: Counter, body: Share): void {
  const { seen, shares } = counter;
  const { epoch, txid, attempt, partition, until, tuples } = body;
  const isOlder = epoch < seen.epoch || (epoch === seen.epoch && txid < seen.txid);
  if (isOlder || (epoch === seen.epoch && txid === seen.txid && attempt < seen.attempt)) return;
  if (!sameAttempt(seen, body)) {
    counter.seen = { epoch, txid, attempt };
    shares.clear();
  }
  shares.set(partition, { until, tuples });
}

/**
 * The coordinator wants the batch in the state. If a share is missing the attempt will fail; so it
 * will if one ends elsewhere: who is asked twice reads twice, and there may be more by then; or if
 * an attempt before it is still on its way to the disk or to the sink.
 */
export function commitBatch(
  state: TridentState,
  counter: Counter,
  body: CommitBatch,
  ctx: TridentCtx,
): void {
  if (!counter.ready || !sameAttempt(counter.seen, body)) return;
  if (!hasBatch(counter, body) || counter.committing !== undefined) return;
  const { epoch, txid, attempt } = body;
  const tuples = [...counter.shares.values()].flatMap((share) => share.tuples);
  counter.committing = { epoch, txid, attempt, tuples };
  const counts = new Map<string, number>();
  for (const [, , , word] of tuples) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const [word, count] of counts) {
    const known = counter.rows.get(word) ?? { txid: 0, prev: 0, value: 0 };
    const row = taken(known, txid, count, ctx);
    if (row !== undefined) putRow(state, counter, [word, row], ctx);
  }
  if (counter.open.size === 0) show(state, counter, ctx);
}

function hasBatch({ shares }: Counter, { until }: CommitBatch): boolean {
  return until.every((end, p) => end !== undefined && shares.get(p)?.until === end);
}

/** The count with a batch in it; undefined: it is in there already. */
function taken(
  { txid: last, prev, value }: Row,
  txid: number,
  count: number,
  { options }: TridentCtx,
): Row | undefined {
  if (last !== txid) return { txid, prev: value, value: value + count };
  return options.state === 'transactional' ? undefined : { txid, prev, value: prev + count };
}

function putRow(
  state: TridentState,
  counter: Counter,
  [word, row]: readonly [string, Row],
  ctx: TridentCtx,
): void {
  const { task, owned } = counter;
  counter.open.add(word);
  const around = { tablet: String(task), epoch: owned, seq: counter.puts++ };
  const body = { type: 'put', key: `${task}/${word}`, value: row, ...around };
  ask(state.asks, [ctx.options.store, body], { do: 'row', task, owned, word, row }, ctx);
}

/** A count is on disk. */
export function rowPut(
  state: TridentState,
  counter: Counter,
  { word, row }: { readonly word: string; readonly row: Row },
  answer: Answer,
  ctx: TridentCtx,
): void {
  if (!answer.ok) return putRow(state, counter, [word, row], ctx);
  counter.rows.set(word, row);
  counter.open.delete(word);
  if (counter.open.size === 0) show(state, counter, ctx);
}

/** Shows what is in the batch; then it is committed here. */
function show(state: TridentState, counter: Counter, ctx: TridentCtx): void {
  const { task, owned, committing } = counter;
  if (committing === undefined) return;
  ctx.note('has the batch on disk');
  const outputs = committing.tuples.flat();
  const of = { source: `count/${task}`, epoch: owned, seq: counter.emitted++ };
  const body = { type: 'emit', ...of, outputs };
  ask(state.asks, [ctx.options.sink, body], { do: 'show', task, owned }, ctx);
}

export function shownBatch(state: TridentState, counter: Counter, ctx: TridentCtx): void {
  const { committing, task: from } = counter;
  if (committing === undefined) return;
  counter.committing = undefined;
  const { epoch, txid, attempt } = committing;
  tell(state, 0, { type: 'committed', epoch, txid, attempt, from }, ctx);
}
