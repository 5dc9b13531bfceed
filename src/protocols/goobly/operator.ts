// A building block: an instance of the operator. It counts the records of the keys that the ring
// gives it, and sets a timer for each, which shows the record at the sink once it is due. A record
// is acknowledged when its effect is on disk, and known when it comes again.
import type { Message } from '../../node/message.js';
import { ask } from '../leaning/asks.js';
import type { Ctx, KeyTimer, Operator, RecordBody, Row, Rules, State } from './bodies.js';
import { put } from './disk.js';
import { emptyRow, nameOf } from './rows.js';

export function emptyOperator(epoch: number): Operator {
  return {
    epoch,
    ...{ rows: new Map(), frozen: 0, saved: false, waters: { epoch: 0, of: new Map() } },
    staged: { epoch: 0, rows: new Map(), from: new Set(), whole: false },
    ...{ progress: new Map(), watermarkUs: 0, late: 0, touched: '', ghosts: new Map() },
  };
}

export function takeRecord(
  state: State,
  { src, body }: Message<RecordBody>,
  { fence }: Rules,
  ctx: Ctx,
): void {
  const { operator, register } = state;
  const { partition, offset, epoch } = body;
  if (epoch > operator.epoch) return; // A ring that this node has not heard of yet, but will.
  if (fence && epoch < operator.epoch) {
    return ctx.send(src, { type: 'refused', partition, offset, register });
  }
  if (fence && operator.frozen > 0) return; // Nobody knows yet whose it is.
  if (!operator.rows.get(body.text)?.seen.has(nameOf(partition, offset))) apply(state, body, ctx);
  ctx.store.sync({ type: 'saved', after: { do: 'ack', to: src, partition, offset } });
}

function apply({ operator, disk }: State, { partition, offset, text }: RecordBody, ctx: Ctx): void {
  const row = operator.rows.get(text) ?? emptyRow();
  operator.rows.set(text, row);
  operator.touched = text;
  const id = nameOf(partition, offset);
  row.count += 1;
  row.seen.add(id);
  const timer = timerFor(row, partition, offset, ctx);
  row.timers.set(id, timer);
  if (timer.domain === 'processing') arm(text, id, timer, ctx);
  else if (offset * ctx.options.eventUs < operator.watermarkUs) operator.late += 1;
  put(disk, `row/${text}`, row, ctx);
}

function timerFor(row: Row, partition: number, offset: number, ctx: Ctx): KeyTimer {
  const { timers, eventUs, lagUs } = ctx.options;
  row.sets += 1;
  const domain = timers === 'event' ? 'event' : 'processing';
  const dueUs = (domain === 'event' ? offset * eventUs : ctx.nowUs) + lagUs;
  return { partition, offset, domain, dueUs, lagUs, set: row.sets };
}

/**
 * Waits for a timer in processing time. What is left of it is asked of the clock once; then it is a
 * length of time, which no jump of the clock changes, and never more than it was in the beginning.
 */
function arm(key: string, id: string, { dueUs, lagUs, set }: KeyTimer, ctx: Ctx): void {
  const leftUs = Math.min(lagUs, Math.max(0, dueUs - ctx.nowUs));
  ctx.setTimer({ type: 'due', key, id, set }, leftUs);
}

/** After a start or a move: timers run again, overdue ones fire now; outputs are sent again. */
export function awaken(state: State, keys: Iterable<string>, rules: Rules, ctx: Ctx): void {
  const { rows, ghosts } = state.operator;
  for (const key of keys) {
    const row = rows.get(key) ?? ghosts.get(key);
    for (const [id, timer] of row?.timers ?? []) {
      if (timer.domain === 'processing') arm(key, id, timer, ctx);
    }
    for (const id of row?.outbox.keys() ?? []) emit(state, key, id, ctx);
  }
  eventTime(state, rules, ctx);
}

/** A timer in processing time is due, unless it has fired, moved, or been set anew meanwhile. */
export function due(
  state: State,
  { key, id, set }: { readonly key: string; readonly id: string; readonly set: number },
  rules: Rules,
  ctx: Ctx,
): void {
  const { rows, ghosts, frozen } = state.operator;
  if (frozen > 0) return; // It runs again when that is decided.
  const timer = (rows.get(key) ?? ghosts.get(key))?.timers.get(id);
  if (timer === undefined || timer.set !== set) return;
  if (rules.clock === 'wall' && ctx.nowUs < timer.dueUs) return;
  fire(state, key, id, rules, ctx);
}

/** Broken on purpose: asks the wall clock, again and again, which timers are due. */
export function wallClock(state: State, rules: Rules, ctx: Ctx): void {
  for (const [key, row] of state.operator.rows) {
    for (const [id, { set }] of row.timers) due(state, { key, id, set }, rules, ctx);
  }
}

/** Timers in event time fire once nothing earlier can come. */
export function eventTime(state: State, rules: Rules, ctx: Ctx): void {
  const { operator } = state;
  const { partitions } = ctx.options;
  let lowUs = operator.progress.size < partitions ? 0 : Number.POSITIVE_INFINITY;
  for (const progress of operator.progress.values()) {
    if (!progress.idle) lowUs = Math.min(lowUs, progress.lowUs);
  }
  // Where all are idle, event time comes to what is known of: all that was set is due.
  const allUs = lowUs === Number.POSITIVE_INFINITY ? lastDueUs(operator) : lowUs;
  operator.watermarkUs = Math.max(operator.watermarkUs, allUs);
  if (operator.frozen > 0) return;
  for (const [key, row] of [...operator.rows, ...operator.ghosts]) {
    for (const [id, { domain, dueUs }] of row.timers) {
      if (domain === 'event' && dueUs <= operator.watermarkUs) fire(state, key, id, rules, ctx);
    }
  }
}

function lastDueUs({ rows, watermarkUs }: Operator): number {
  let last = watermarkUs;
  for (const { timers } of rows.values()) {
    for (const { domain, dueUs } of timers.values()) {
      if (domain === 'event') last = Math.max(last, dueUs);
    }
  }
  return last;
}

/** One step: the timer is gone, its output is there; what is sent is on disk. */
function fire(state: State, key: string, id: string, { firing }: Rules, ctx: Ctx): void {
  const { rows, ghosts } = state.operator;
  const row = rows.get(key) ?? ghosts.get(key);
  const timer = row?.timers.get(id);
  if (row === undefined || timer === undefined) return;
  const { partition, offset } = timer;
  row.timers.delete(id);
  const source = `${ctx.self}.${ctx.incarnation}/${id}`;
  row.outbox.set(id, { source, partition, offset });
  if (firing === 'output first') return emit(state, key, id, ctx); // And saved when it is shown.
  if (rows.has(key)) put(state.disk, `row/${key}`, row, ctx);
  ctx.store.sync({ type: 'saved', after: { do: 'emit', key, id } });
}

/** Sends an output to the sink until that has it; the sink knows a source that comes again. */
export function emit(state: State, key: string, id: string, ctx: Ctx): void {
  const { rows, ghosts } = state.operator;
  const output = (rows.get(key) ?? ghosts.get(key))?.outbox.get(id);
  if (output === undefined) return;
  const { source, partition, offset } = output;
  const outputs = [partition, offset, 0, key];
  const body = { type: 'emit', source, epoch: 0, seq: 0, outputs };
  ask(state.asks, [ctx.options.sink, body], { do: 'emitted', key, id }, ctx);
}

export function emitted(state: State, key: string, id: string, ctx: Ctx): void {
  const row = state.operator.rows.get(key);
  if (row?.outbox.delete(id) !== true || state.operator.frozen > 0) return;
  put(state.disk, `row/${key}`, row, ctx); // A later sync takes it along.
}
