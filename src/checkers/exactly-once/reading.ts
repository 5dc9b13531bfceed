// A history of a stream, read into columns. Its operations:
//
//   input   {partition, offset, records: [[key, value, key, value …] …]}: records at offsets from
//           `offset` on, each with what it should do to the state. The offset may come with the ok.
//           An input that ends as info, or never, may be in the log or not. For speed, records
//           with one effect each may be two lists instead: {…, keys: [key …], values: [value …]}.
//           `outputs: [[value …] …]` says, record by record, what the sink should show for it;
//           `outputs: [value …]` is one output for each.
//   where   {found: [[id, offset] …]}: what became of inputs that had an `id` and no answer: they
//           are in the log from this offset on, or (null, of final ones) are not in it.
//   commit  {clock: {partition: offset}, state: {key: value …}}: a snapshot of all operators with
//           every input below the clock and no other. Only those that end ok are judged. Or a list,
//           {commits: [{version, clock, state} …]}, in the order in which they were committed; a
//           version that was read before is the same commit.
//   state   {state}: the state of one node in the end; of final ones the last of each node counts,
//           and if one of them does not tell, nothing is said of the final state.
//   output  {partition, offset, nth, value}: the sink shows the nth output (0) of an input. With
//           {…, clock, key} too it shows what the state of `key` was at that clock. Or a list,
//           {sink, from, outputs: [[partition, offset, nth, value] …]}: what `sink` shows from
//           position `from` on; a position that was read before is the same output. For speed, the
//           outputs may lie in one list, [partition, offset, nth, value, partition, …].
//
// A state may also be a list of pairs. Whatever has another shape makes the verdict unknown.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { showValue } from '../../history/value.js';
import { Cells, Numbers } from './cells.js';
import { type Place, Rows } from './rows.js';
import type { Glimpse, Snapshot, StreamRun } from './run.js';
import { collects, type Declared, type Monoid } from './run.js';
import { type Fields, fieldsOf, forPairs, isFields, listOf, misshapen, wholeOf } from './shapes.js';
import { shownBy, type Telling, tellingsOf } from './shown.js';
import { States } from './states.js';

/** Throws where an operation is not of the shape above. O(operations + what they carry). */
export function runOf(history: History, monoid: Monoid): StreamRun {
  const cells = new Cells(monoid);
  const reader: Reader = {
    ...{ monoid, partitions: new Numbers(), cells, states: new States(cells, monoid) },
    ...{ rows: new Rows(roomFor(history)), adrift: [], declared: new Map() },
    where: new Map(),
  };
  readWhere(reader, history);
  const commits: Op[] = [];
  const outputs: Op[] = [];
  const states = new Map<string, Op>();
  const asked = new Set<string>();
  for (const op of history.ops) {
    if (op.process === 'nemesis') continue;
    if (op.type === 'invoke') {
      if (op.f === 'input') readInput(reader, op, history.completionOf(op));
      else if (op.f === 'output' && history.completionOf(op) === undefined) outputs.push(op);
      else if (op.f === 'state' && op.final === true) asked.add(tellerOf(op));
    } else if (op.f === 'output' && op.type !== 'fail') outputs.push(op);
    else if (op.type !== 'ok') continue;
    else if (op.f === 'commit') commits.push(op);
    else if (op.f === 'state' && op.final === true) {
      states.set(tellerOf(op), op);
    }
  }
  const versions = new Set<unknown>();
  const snapshots = commits.flatMap((op) => {
    return readCommits(reader, op, history.invocationOf(op).index, versions);
  });
  const untold = [...asked].filter((teller) => !states.has(teller));
  // A state of which a part is missing would look as if inputs were lost.
  const final = untold.length > 0 ? undefined : finalOf(reader, [...states.values()]);
  const tellings = tellingsOf(outputs, history);
  const glimpses = readGlimpses(reader, tellings);
  const shown = shownBy(tellings, history, reader.partitions);
  return {
    ...{ monoid, partitions: reader.partitions.names, cells: cells.list },
    inputs: reader.rows.sorted(reader.partitions.names.length),
    ...{ adrift: reader.adrift, declared: reader.declared },
    ...{ snapshots, glimpses, final, untold, outputs: shown },
  };
}

/** Whose state an operation asks for. */
function tellerOf({ node, process }: Op): string {
  return node ?? `process ${process}`;
}

interface Reader {
  readonly monoid: Monoid;
  readonly partitions: Numbers;
  readonly cells: Cells;
  readonly states: States;
  readonly rows: Rows;
  readonly adrift: number[];
  readonly declared: Map<number, Declared>;
  /** By id of an input where it is; null: nowhere. */
  readonly where: Map<unknown, unknown>;
}

function readWhere({ where }: Reader, history: History): void {
  for (const op of history.ops) {
    if (op.f !== 'where' || op.type !== 'ok') continue;
    for (const pair of listOf(fieldsOf(op).found, op)) {
      const [id, offset] = listOf(pair, op);
      // While the run goes on it may still come.
      if (offset !== null || op.final === true) where.set(id, offset);
    }
  }
}

/** How many effects there can be at most, so that the columns need not grow. */
function roomFor(history: History): number {
  let room = 0;
  for (const { type, f, value } of history.ops) {
    if (type !== 'invoke' || f !== 'input' || !isFields(value)) continue;
    if (Array.isArray(value.keys)) room += value.keys.length;
    else if (Array.isArray(value.records)) {
      for (const effects of value.records) {
        room += Array.isArray(effects) ? Math.max(1, (effects.length + 1) >> 1) : 0;
      }
    }
  }
  return room;
}

function readInput(reader: Reader, op: Op, completion: Op | undefined): void {
  if (completion?.type === 'fail') return;
  const fields = fieldsOf(op);
  const acked = completion?.type === 'ok' ? completion : undefined;
  const later = acked === undefined ? reader.where.get(fields.id) : undefined;
  if (later === null) return;
  const known = acked === undefined ? later : fieldsOf(acked).offset;
  const offset = known ?? fields.offset;
  const columns = Array.isArray(fields.keys);
  const records = listOf(columns ? fields.keys : fields.records, op);
  const partition = reader.partitions.of(fields.partition);
  if (offset === undefined || offset === null) {
    if (acked !== undefined) throw misshapen(acked, 'it has no offset');
    reader.adrift.push(op.index);
    return;
  }
  const first = wholeOf(offset, op);
  const pending = acked === undefined && later === undefined ? 1 : 0;
  const place = { partition, offset: first, pending, op: op.index };
  const from = reader.rows.length;
  if (columns) readColumns(reader, records, listOf(fields.values, op), place);
  else readRecords(reader, records, op, first);
  reader.rows.close(place, from);
  if (fields.outputs !== undefined) declare(reader, fields.outputs, { op, first, records });
}

function readColumns(
  { monoid, cells, rows }: Reader,
  keys: readonly unknown[],
  values: readonly unknown[],
  { op, offset }: Place,
): void {
  if (keys.length !== values.length) {
    throw new Error(`operation ${op} has ${keys.length} keys and ${values.length} values`);
  }
  const amount = amountIn(monoid);
  const columns = rows.extend(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const value = values[at];
    columns.offset[at] = offset + at;
    columns.cell[at] = cells.of(keys[at], value);
    columns.value[at] = amount(value);
  }
}

function readRecords(
  { monoid, cells, rows }: Reader,
  records: readonly unknown[],
  op: Op,
  offset: number,
): void {
  const amount = amountIn(monoid);
  for (let at = 0; at < records.length; at++) {
    const effects = listOf(records[at], op);
    if (effects.length === 0) rows.add(offset + at, -1, 0);
    for (let i = 0; i < effects.length; i += 2) {
      const value = effects[i + 1];
      rows.add(offset + at, cells.of(effects[i], value), amount(value));
    }
  }
}

/** What one effect adds to its cell. */
function amountIn(monoid: Monoid): (value: unknown) => number {
  if (monoid === 'sum') return summand;
  return monoid === 'count' || collects(monoid) ? one : (value) => comparable(monoid, value);
}

function one(): number {
  return 1;
}

function summand(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw new Error(`${showValue(value)} is nothing of which a sum can be taken`);
}

function comparable(monoid: Monoid, value: unknown): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new Error(`${showValue(value)} is nothing of which a ${monoid} can be taken`);
}

interface Records {
  readonly op: Op;
  readonly first: number;
  readonly records: readonly unknown[];
}

function declare(reader: Reader, outputs: unknown, { op, first, records }: Records): void {
  const list = listOf(outputs, op);
  if (list.length !== records.length) {
    throw misshapen(op, `it has ${records.length} records and outputs of ${list.length}`);
  }
  const one = list.length > 0 && !Array.isArray(list[0]);
  if (!one) for (const values of list) listOf(values, op);
  reader.declared.set(op.index, { offset: first, outputs: list, one });
}

function readCommits(
  reader: Reader,
  op: Op,
  invoked: number,
  versions: Set<unknown>,
): readonly Snapshot[] {
  const { commits, clock, state } = fieldsOf(op);
  if (commits === undefined) return [readCommit(reader, op, { clock, state }, [invoked, op.index])];
  const list = listOf(commits, op);
  return list.flatMap((each, at) => {
    if (!isFields(each)) throw misshapen(op, `one of its commits is ${showValue(each)}`);
    if (versions.has(each.version)) return [];
    versions.add(each.version);
    // Their order is known, although they were read at once: each begins after the one before.
    const begun = op.index - 1 + (at + 0.25) / list.length;
    const done = op.index - 1 + (at + 1) / list.length;
    return [readCommit(reader, op, each, [begun, done])];
  });
}

function readCommit(
  reader: Reader,
  op: Op,
  { clock, state }: Fields,
  [invoked, done]: readonly [number, number],
): Snapshot {
  const offsets = readClock(reader, op, clock);
  return { op: op.index, invoked, done, clock: offsets, ...reader.states.read([[op, state]]) };
}

function readClock({ partitions }: Reader, op: Op, clock: unknown): Float64Array {
  const pairs: (readonly [number, number])[] = [];
  forPairs(clock, op, (partition, offset) => {
    pairs.push([partitions.of(partition), wholeOf(offset, op)]);
  });
  const offsets = new Float64Array(partitions.names.length);
  for (const [partition, offset] of pairs) offsets[partition] = offset;
  return offsets;
}

function finalOf(reader: Reader, ops: readonly Op[]): Snapshot | undefined {
  const [first] = ops;
  if (first === undefined) return undefined;
  const clock = new Float64Array(reader.partitions.names.length).fill(Number.POSITIVE_INFINITY);
  const states = ops.map((op) => [op, fieldsOf(op).state] as const);
  const { index } = first;
  return { op: index, invoked: index, done: index, clock, ...reader.states.read(states) };
}

/** Outputs that name a clock and a key show a part of the state. */
function readGlimpses(reader: Reader, tellings: readonly Telling[]): readonly Glimpse[] {
  return tellings.flatMap(({ op, fields }) => {
    const { clock, key, value } = fields;
    if (op.type !== 'ok' || clock === undefined || key === undefined) return [];
    const empty = value === undefined || value === null;
    const state = reader.states.read([[op, empty ? [] : [[key, value]]]]);
    const about = Int32Array.from(reader.cells.ofKey(key));
    const { index } = op;
    const offsets = readClock(reader, op, clock);
    return [{ op: index, invoked: index, done: index, clock: offsets, about, ...state }];
  });
}
