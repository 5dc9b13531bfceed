// JSON lines with one operation each, from call to return: a header with `model` and `init`, then
// {client, f, key, in, out, call, ret, type} in any order. Intervals are closed: a call at an
// instant comes before a return at the same instant.
import { HistoryError } from '../history-error.js';
import { columnNear, columnOf, type Fields, recordIn } from '../json-line.js';
import type { Op, OpType } from '../op.js';
import { showValue } from '../value.js';
import {
  type About,
  Collector,
  eventsMax,
  type Format,
  lineReader,
  noAbout,
  type Place,
  type Reader,
} from './recording.js';

export const intervals: Format = {
  name: 'intervals',
  about: 'JSON lines, one for each operation with its call and return; the header names a model.',
  aliases: ['hist/1'],
  recognizes: (line) => /^\s*\{\s*"/.test(line) && /"(?:client|model|call|hist\/1)"/.test(line),
  open,
};

type Outcome = 'ok' | 'info' | 'fail';

interface Interval extends Place {
  readonly client: number;
  readonly f: string;
  readonly key: unknown;
  readonly input: unknown;
  readonly output: unknown;
  readonly call: number;
  /** undefined where it never returned. */
  readonly ret: number | undefined;
  readonly type: Outcome;
}

function open(): Reader {
  const found: Interval[] = [];
  let header: Fields | undefined;
  return lineReader(
    (line, number) => {
      const record = recordIn(line, number, 'an operation');
      if (found.length === 0 && header === undefined && !Object.hasOwn(record, 'client')) {
        header = headerOf(record, line, number);
        return;
      }
      if (found.length === eventsMax / 2) {
        const place = { line: number, column: 1 };
        throw new HistoryError(place, `at most ${eventsMax / 2} operations`, 'one more');
      }
      const interval = intervalOf(record, line, number);
      const before = found[0];
      if (before !== undefined && (before.key === undefined) !== (interval.key === undefined)) {
        const place = { line: number, column: columnOf(line, 'key') };
        const expected = `${before.key === undefined ? 'no' : 'a'} key, as in the lines before`;
        throw new HistoryError(place, expected, showValue(interval.key));
      }
      found.push(interval);
    },
    () => recordingOf(found, header ?? {}),
  );
}

function headerOf(record: Fields, line: string, number: number): Fields {
  if (Object.hasOwn(record, 'model') || Object.hasOwn(record, 'format')) {
    if (record.model === undefined || typeof record.model === 'string') return record;
    const place = { line: number, column: columnOf(line, 'model') };
    throw new HistoryError(place, 'the name of a model', showValue(record.model));
  }
  const place = { line: number, column: 1 };
  throw new HistoryError(place, 'a header with a model, or an operation with a client', 'neither');
}

const outcomes: ReadonlySet<unknown> = new Set<Outcome>(['ok', 'info', 'fail']);
const whole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function intervalOf(record: Fields, line: string, number: number): Interval {
  assertFields(record, line, number);
  if (/\d{16}/.test(line)) assertExact(record, line, number);
  const {
    client,
    f,
    key,
    in: input,
    out: output,
    call,
    ret,
    type,
  } = record as Readonly<Record<'client' | 'call' | 'ret', number>> & Fields;
  return {
    line: number,
    column: columnNear(line, 'f'),
    client,
    f: f as string,
    key,
    input,
    output,
    call,
    ret: type === 'info' ? undefined : (ret ?? (type === 'fail' ? call : undefined)),
    type: type as Outcome,
  };
}

function assertFields(record: Fields, line: string, number: number): void {
  const { client, f, call, ret = null, type } = record;
  const fail = (name: string, expected: string): never => {
    const place = { line: number, column: columnOf(line, name) };
    const shown = Object.hasOwn(record, name) ? showValue(record[name]) : 'none';
    throw new HistoryError(place, `as ${name} ${expected}`, shown);
  };
  if (!whole(client)) fail('client', 'a whole number');
  if (typeof f !== 'string' || f === '') fail('f', 'the name of a function');
  if (!outcomes.has(type)) fail('type', '"ok", "info" or "fail"');
  if (!whole(call)) fail('call', 'a whole number');
  if (ret === null) {
    if (type === 'ok') fail('ret', 'a whole number, because the operation is ok');
    return;
  }
  if (!whole(ret)) fail('ret', 'a whole number, or null');
  if (Number(ret) < Number(call)) fail('ret', `a time not before the call at ${call}`);
}

/** A number of more digits than JSON keeps could be equal to another one by accident. */
function assertExact(record: Fields, line: string, number: number): void {
  for (const name of ['in', 'out', 'key']) {
    const inexact = [record[name]].flat().some((value) => {
      return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
    });
    if (!inexact) continue;
    const place = { line: number, column: columnOf(line, name) };
    const expected = `as ${name} whole numbers up to ${Number.MAX_SAFE_INTEGER}, or texts`;
    throw new HistoryError(place, expected, showValue(record[name]));
  }
}

function recordingOf(found: readonly Interval[], header: Fields) {
  const collector = new Collector();
  const processes = processesOf(found);
  for (const event of eventsOf(found)) {
    const at = event >> 1;
    const interval = found[at] as Interval;
    const { line, column } = interval;
    const process = processes[at] as number;
    const op = opOf(interval, process, collector.count, (event & 1) === 0);
    collector.add(op, { line, column }, () => column);
  }
  return collector.recording(aboutOf(found, header));
}

function aboutOf(found: readonly Interval[], { model, init }: Fields): About {
  const keyed = found[0]?.key === undefined ? {} : { keyed: true };
  const options = { ...(init !== undefined && { init }), ...keyed };
  return { ...noAbout, model: typeof model === 'string' ? model : undefined, options };
}

/** Calls (twice the position) and returns (one more) by time; at one instant calls come first. */
function eventsOf(found: readonly Interval[]): Int32Array {
  const calls = Float64Array.from(found, ({ call }) => call);
  const returns = Float64Array.from(found, ({ ret }) => ret ?? Number.POSITIVE_INFINITY);
  const [byCall, byReturn] = [orderOf(calls), orderOf(returns)];
  const open = found.filter(({ ret }) => ret === undefined).length;
  const events = new Int32Array(2 * found.length - open);
  let [call, done] = [0, 0];
  for (let at = 0; at < events.length; at++) {
    const [nextCall, nextReturn] = [byCall[call] as number, byReturn[done] as number];
    const callsFirst =
      call < found.length && (calls[nextCall] as number) <= (returns[nextReturn] as number);
    events[at] = callsFirst ? 2 * nextCall : 2 * nextReturn + 1;
    if (callsFirst) call++;
    else done++;
  }
  return events;
}

/** Positions by time, and those of the same time by position. */
function orderOf(times: Float64Array): Int32Array {
  const order = Int32Array.from(times, (_, at) => at);
  const isSorted = times.every((time, at) => at === 0 || (times[at - 1] as number) <= time);
  if (isSorted) return order;
  return order.sort((a, b) => {
    const [left, right] = [times[a] as number, times[b] as number];
    return left < right ? -1 : left > right ? 1 : a - b;
  });
}

/**
 * The process of each operation: its client, and a new one after an outcome that is unknown or
 * where a call and the return before it are at one instant, since those count as concurrent.
 */
function processesOf(found: readonly Interval[]): Float64Array {
  const processes = new Float64Array(found.length);
  const order = orderOf(Float64Array.from(found, ({ call }) => call));
  let fresh = found.reduce((most, { client }) => Math.max(most, client), 0) + 1;
  const last = new Map<number, { readonly at: number; readonly process: number }>();
  for (const at of order) {
    const { client, call, line, column } = found[at] as Interval;
    const before = last.get(client);
    const done = before === undefined ? -1 : (found[before.at] as Interval).ret;
    if (done !== undefined && done > call) {
      const open = (found[before?.at ?? 0] as Interval).line;
      const shown = `client ${client}, whose operation of line ${open} returns at ${done}`;
      throw new HistoryError({ line, column }, `a client that is free at ${call}`, shown);
    }
    const process = done !== undefined && done < call ? (before?.process ?? client) : fresh++;
    processes[at] = process;
    last.set(client, { at, process });
  }
  return processes;
}

function opOf(interval: Interval, process: number, index: number, invoked: boolean): Op {
  const { f, key, call, ret = call, type } = interval;
  const value = invoked ? interval.input : outputOf(interval);
  return {
    index,
    timeUs: invoked ? call : ret,
    process,
    type: invoked ? 'invoke' : (type as OpType),
    f,
    value: key === undefined ? value : [key, value ?? (invoked ? null : value)],
  };
}

/** What an operation returned; where it returned nothing, what it was given. */
function outputOf({ input, output }: Interval): unknown {
  return output === undefined ? input : output;
}
