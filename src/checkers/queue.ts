// Queues: what is enqueued is dequeued, once, and nothing else is; in order, where `order` is
// `fifo`. `enqueue` has a value, `dequeue` and `drain` return one or a list. A value is lost only
// if somebody found the queue empty, or something behind it, and no dequeue without an answer can
// have taken it. Sources: jepsen.checker/total-queue, which lets duplicates pass; Henzinger,
// Sezgin & Vafeiadis 2013 (what can go wrong with a queue whose values differ: fresh, repeated,
// order and empty).
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { keyOf, showValue, type ValueKey } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from './findings.js';
import { count, when } from './words.js';

export const queue: Checker = {
  name: 'queue',
  about: 'What is enqueued is dequeued once, and, where that is asked for, in order.',
  options: { order: 'any', duplicates: 'refused' },
  check: checkQueue,
};

/** One value, and all that happened to it. */
interface Item {
  readonly value: unknown;
  readonly enqueues: Op[];
  /** The first acknowledgement. */
  acked: Op | undefined;
  failed: number;
  readonly dequeues: Dequeue[];
}

interface Dequeue {
  readonly invoked: Op;
  readonly done: Op;
}

interface Traffic {
  readonly items: readonly Item[];
  /** Answers that found the queue empty. */
  readonly empties: readonly Dequeue[];
  /** How many values dequeues without an answer may have taken. */
  readonly untold: number;
}

function checkQueue(history: History, options: CheckerOptions): Judgement {
  const { order, duplicates } = options;
  if (order !== 'any' && order !== 'fifo') throw new Error('order is any or fifo');
  if (duplicates !== 'refused' && duplicates !== 'allowed') {
    throw new Error('duplicates are refused or allowed');
  }
  const traffic = trafficOf(history);
  const findings = noFindings(['lost', 'duplicated', 'phantom', 'reordered']);
  const doubts: string[] = [];
  for (const item of traffic.items) judgeItem(item, duplicates, findings);
  const unique = traffic.items.filter(
    ({ enqueues, dequeues }) => enqueues.length === 1 && dequeues.length <= 1,
  );
  if (order === 'fifo') {
    if (unique.length < traffic.items.length) doubts.push('values that repeat tell no order');
    judgeOrder(unique, findings);
  }
  const missing = traffic.items.filter(
    ({ acked, dequeues }) => acked !== undefined && dequeues.length === 0,
  );
  doubts.push(...judgeMissing(missing, traffic, { fifo: order === 'fifo', unique, findings }));
  if (traffic.items.every(({ dequeues }) => dequeues.length === 0)) {
    doubts.push('nothing was dequeued');
  }
  const stats = {
    enqueued: traffic.items.filter(({ acked }) => acked !== undefined).length,
    dequeued: traffic.items.reduce((sum, { dequeues }) => sum + dequeues.length, 0),
    missing: missing.length,
    untold: traffic.untold,
    anomalies: countsOf(findings),
  };
  return { ...verdictOf(findings, doubts), stats };
}

function trafficOf(history: History): Traffic {
  const items = new Map<ValueKey, Item>();
  const itemOf = (value: unknown): Item => {
    const key = keyOf(value);
    const known = items.get(key);
    if (known !== undefined) return known;
    const item = { value, enqueues: [], acked: undefined, failed: 0, dequeues: [] };
    items.set(key, item);
    return item;
  };
  const empties: Dequeue[] = [];
  let untold = 0;
  for (const invoked of history.ops) {
    if (invoked.process === 'nemesis' || invoked.type !== 'invoke') continue;
    const done = history.completionOf(invoked);
    if (invoked.f === 'enqueue') {
      const item = itemOf(invoked.value);
      if (done?.type === 'fail') item.failed++;
      else item.enqueues.push(invoked);
      if (done?.type === 'ok') item.acked ??= done;
    } else if (invoked.f === 'dequeue' || invoked.f === 'drain') {
      if (done === undefined || done.type === 'info') {
        untold += invoked.f === 'drain' ? Number.POSITIVE_INFINITY : 1;
      } else if (done.type === 'ok') {
        for (const value of valuesIn(done)) itemOf(value).dequeues.push({ invoked, done });
      }
      if (done !== undefined && foundEmpty(done)) empties.push({ invoked, done });
    }
  }
  return { items: [...items.values()], empties, untold };
}

function valuesIn({ f, value, index }: Op): readonly unknown[] {
  if (f === 'drain') {
    if (Array.isArray(value)) return value;
    throw new Error(`operation ${index}, drain, returned no list`);
  }
  return value === undefined || value === null ? [] : [value];
}

/** A drain ends when the queue is empty. */
function foundEmpty(done: Op): boolean {
  if (done.type === 'fail') return done.error === 'empty';
  return done.type === 'ok' && (done.f === 'drain' || valuesIn(done).length === 0);
}

function judgeItem(item: Item, duplicates: string, findings: Findings): void {
  const { value, enqueues, failed, dequeues } = item;
  const [first] = dequeues;
  if (first === undefined) return;
  const [enqueued] = enqueues;
  const name = `the value ${showValue(value)}`;
  const ops = indices(dequeues.slice(0, 4).map(({ done }) => done));
  if (enqueued === undefined || first.done.index < enqueued.index) {
    const early = enqueued === undefined ? '' : ` before it was enqueued ${when(enqueued)}`;
    const why = failed > 0 ? 'its enqueue failed' : 'nobody enqueued it';
    const rest = enqueued === undefined ? `, but ${why}` : early;
    const about = `${name} was dequeued ${when(first.done)}${rest}`;
    find(findings, 'phantom', () => ({
      about,
      ops: indices([first.done, ...enqueues.slice(0, 1)]),
    }));
    return;
  }
  if (dequeues.length <= enqueues.length || duplicates === 'allowed') return;
  const [times, sent] = [count(dequeues.length, 'time'), count(enqueues.length, 'time')];
  const about = `${name} was enqueued ${sent} and dequeued ${times}, first ${when(first.done)}`;
  find(findings, 'duplicated', () => ({ about, ops }));
}

interface OrderPlace {
  readonly fifo: boolean;
  readonly unique: readonly Item[];
  readonly findings: Findings;
}

/** What is missing: lost, or perhaps still there. */
function judgeMissing(
  missing: readonly Item[],
  { empties, untold }: Traffic,
  { fifo, unique, findings }: OrderPlace,
): readonly string[] {
  // The last moment at which the queue was certainly empty, or something from behind was taken.
  let emptyFrom = empties.reduce((last, { invoked }) => Math.max(last, invoked.index), -1);
  if (fifo) {
    for (const { enqueues, dequeues } of unique) {
      if (dequeues.length > 0) emptyFrom = Math.max(emptyFrom, enqueues[0]?.index ?? -1);
    }
  }
  const gone = missing.filter(({ acked }) => acked !== undefined && acked.index < emptyFrom);
  const doubts: string[] = [];
  if (gone.length > untold) {
    const some = untold > 0 ? `; dequeues without an answer took at most ${untold} such` : '';
    for (const { value, acked, enqueues } of gone) {
      const at = acked === undefined ? '' : ` ${when(acked)}`;
      const about = `the value ${showValue(value)}, acknowledged${at}, was never dequeued${some}`;
      const known = [...enqueues.slice(0, 1), ...(acked === undefined ? [] : [acked])];
      find(findings, 'lost', () => ({ about, ops: indices(known) }));
    }
  } else if (gone.length > 0) {
    doubts.push(`dequeues without an answer may have taken ${count(gone.length, 'value')}`);
  }
  const rest = missing.length - gone.length;
  if (rest > 0) doubts.push(`${count(rest, 'value')} may still be in the queue`);
  return doubts;
}

/**
 * Two values are out of order if the first was enqueued before the second was begun, and the second
 * dequeued before that of the first was begun. O(n log n).
 */
function judgeOrder(unique: readonly Item[], findings: Findings): void {
  const taken = unique.flatMap((item) => {
    const [enqueued, dequeued] = [item.enqueues[0], item.dequeues[0]];
    return enqueued && dequeued ? [{ item, enqueued, dequeued }] : [];
  });
  const acked = taken
    .flatMap((each) => (each.item.acked ? [{ ...each, acked: each.item.acked }] : []))
    .sort((a, b) => a.acked.index - b.acked.index);
  const begun = [...taken].sort((a, b) => a.enqueued.index - b.enqueued.index);
  let [next, latest] = [0, undefined as (typeof acked)[number] | undefined];
  for (const second of begun) {
    for (; (acked[next]?.acked.index ?? Number.POSITIVE_INFINITY) < second.enqueued.index; next++) {
      const first = acked[next];
      const before = latest?.dequeued.invoked.index ?? -1;
      if (first !== undefined && first.dequeued.invoked.index > before) latest = first;
    }
    if (latest === undefined) continue;
    const first = latest;
    if (second.dequeued.done.index >= first.dequeued.invoked.index) continue;
    find(findings, 'reordered', () => ({
      about:
        `the value ${showValue(second.item.value)} was dequeued ` +
        `${when(second.dequeued.done)}, before ` +
        `${showValue(first.item.value)}, which had been enqueued before it ${when(first.acked)}`,
      ops: indices([first.acked, second.enqueued, second.dequeued.done, first.dequeued.done]),
    }));
  }
}

function indices(ops: readonly Op[]): readonly number[] {
  return [...new Set(ops.map(({ index }) => index))].sort((a, b) => a - b);
}
