// A history of a stream, read into columns. Its operations:
//
//   input   {partition, offset, records: [[key, value, key, value …] …]}: records at offsets from
//           `offset` on, each with what it should do to the state. The offset may come with the ok.
//           An input that ends as info, or never, may be in the log or not. For speed, records
//           with one effect each may be two lists instead: {…, keys: [key …], values: [value …]}.
//   commit  {clock: {partition: offset}, state: {key: value …}}: a snapshot of all operators with
//           every input below the clock and no other. Only those that end ok are judged.
//   state   {state}: the state of one node in the end; of final ones the last of each node counts.
//   output  {partition, offset, nth, value}: the sink shows the nth output (0) of an input.
//
// A state may also be a list of pairs. Whatever has another shape makes the verdict unknown.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { keyOf, showValue, type ValueKey } from '../../history/value.js';
import { type Place, Rows, sortedInputs } from './rows.js';
import type { Cell, StreamRun } from './run.js';
import { collects, type Monoid, type Outputs, type Snapshot } from './run.js';

type Fields = Readonly<Record<string, unknown>>;

/** Throws where an operation is not of the shape above. O(operations + what they carry). */
export function runOf(history: History, monoid: Monoid): StreamRun {
  const reader: Reader = {
    ...{ monoid, partitions: new Numbers(), keys: new Numbers() },
    ...{ cells: [], cellsOfKey: [], rows: new Rows(), adrift: [] },
  };
  const commits: Op[] = [];
  const outputs: Op[] = [];
  const states = new Map<string, Op>();
  for (const op of history.ops) {
    if (op.process === 'nemesis') continue;
    if (op.type === 'invoke') {
      if (op.f === 'input') readInput(reader, op, history.completionOf(op));
      else if (op.f === 'output' && history.completionOf(op) === undefined) outputs.push(op);
    } else if (op.f === 'output' && op.type !== 'fail') outputs.push(op);
    else if (op.type !== 'ok') continue;
    else if (op.f === 'commit') commits.push(op);
    else if (op.f === 'state' && op.final === true) {
      states.set(op.node ?? `process ${op.process}`, op);
    }
  }
  const snapshots = commits.map((op) => readCommit(reader, op, history.invocationOf(op).index));
  const final = finalOf(reader, [...states.values()]);
  const read = readOutputs(reader, outputs, history);
  return {
    ...{ monoid, partitions: reader.partitions.names, cells: reader.cells },
    inputs: sortedInputs(reader.rows, reader.partitions.names.length),
    ...{ adrift: reader.adrift, snapshots, final, outputs: read },
  };
}

interface Reader {
  readonly monoid: Monoid;
  readonly partitions: Numbers;
  readonly keys: Numbers;
  readonly cells: Cell[];
  /** By key number: the cell of the key, or the cells of its values. */
  readonly cellsOfKey: (number | Map<ValueKey, number>)[];
  readonly rows: Rows;
  readonly adrift: number[];
}

/** Names as numbers, in the order in which they come. A field's name is text, so 1 is "1". */
class Numbers {
  readonly names: unknown[] = [];
  readonly #numbers = new Map<ValueKey, number>();

  of(name: unknown): number {
    const key = typeof name === 'number' ? String(name) : keyOf(name);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.names.length);
    return this.names.push(name) - 1;
  }
}

function cellOf(reader: Reader, key: unknown, value: unknown): number {
  const keyNumber = reader.keys.of(key);
  const known = reader.cellsOfKey[keyNumber];
  if (!collects(reader.monoid)) {
    if (typeof known === 'number') return known;
    reader.cellsOfKey[keyNumber] = reader.cells.length;
    return reader.cells.push({ key, keyNumber }) - 1;
  }
  const values = known instanceof Map ? known : new Map<ValueKey, number>();
  if (values !== known) reader.cellsOfKey[keyNumber] = values;
  const valueKey = keyOf(value);
  const cell = values.get(valueKey);
  if (cell !== undefined) return cell;
  values.set(valueKey, reader.cells.length);
  return reader.cells.push({ key, keyNumber, value }) - 1;
}

/** What one effect adds to its cell. */
function amountOf(reader: Reader, value: unknown): number {
  const { monoid } = reader;
  if (monoid === 'count' || collects(monoid)) return 1;
  const fits = monoid === 'sum' ? Number.isSafeInteger(value) : typeof value === 'number';
  if (fits && !Number.isNaN(value)) return value as number;
  throw new Error(`${showValue(value)} is nothing of which a ${monoid} can be taken`);
}

function readInput(reader: Reader, op: Op, completion: Op | undefined): void {
  if (completion?.type === 'fail') return;
  const fields = fieldsOf(op);
  const acked = completion?.type === 'ok' ? completion : undefined;
  const offset = (acked === undefined ? undefined : fieldsOf(acked).offset) ?? fields.offset;
  const columns = Array.isArray(fields.keys);
  const records = listOf(columns ? fields.keys : fields.records, op);
  const partition = reader.partitions.of(fields.partition);
  if (offset === undefined || offset === null) {
    if (acked !== undefined) throw misshapen(acked, 'it has no offset');
    reader.adrift.push(op.index);
    return;
  }
  const first = wholeOf(offset, op);
  const pending = acked === undefined ? 1 : 0;
  if (columns) {
    const place = { partition, offset: first, pending, op: op.index };
    readColumns(reader, records, listOf(fields.values, op), place);
    return;
  }
  for (let at = 0; at < records.length; at++) {
    const place = { partition, offset: first + at, pending, op: op.index };
    readEffects(reader, listOf(records[at], op), place);
  }
}

function readColumns(
  reader: Reader,
  keys: readonly unknown[],
  values: readonly unknown[],
  place: { -readonly [K in keyof Place]: Place[K] },
): void {
  if (keys.length !== values.length) {
    throw new Error(`operation ${place.op} has ${keys.length} keys and ${values.length} values`);
  }
  for (let at = 0; at < keys.length; at++, place.offset++) {
    const value = values[at];
    reader.rows.add(place, cellOf(reader, keys[at], value), amountOf(reader, value));
  }
}

function readEffects(reader: Reader, effects: readonly unknown[], place: Place): void {
  const { rows } = reader;
  if (effects.length === 0) rows.add(place, -1, 0);
  for (let i = 0; i < effects.length; i += 2) {
    const value = effects[i + 1];
    rows.add(place, cellOf(reader, effects[i], value), amountOf(reader, value));
  }
}

function readCommit(reader: Reader, op: Op, invoked: number): Snapshot {
  const { clock, state } = fieldsOf(op);
  const pairs = pairsOf(clock, op).map(
    ([partition, offset]) => [reader.partitions.of(partition), wholeOf(offset, op)] as const,
  );
  const offsets = new Float64Array(reader.partitions.names.length);
  for (const [partition, offset] of pairs) offsets[partition] = offset;
  return { op: op.index, invoked, clock: offsets, ...readStates(reader, [[op, state]]) };
}

function finalOf(reader: Reader, ops: readonly Op[]): Snapshot | undefined {
  const [first] = ops;
  if (first === undefined) return undefined;
  const clock = new Float64Array(reader.partitions.names.length).fill(Number.POSITIVE_INFINITY);
  const states = ops.map((op) => [op, fieldsOf(op).state] as const);
  return { op: first.index, invoked: first.index, clock, ...readStates(reader, states) };
}

/** The states of several nodes are parts of one: what they say of the same key is folded. */
function readStates(reader: Reader, states: readonly (readonly [Op, unknown])[]) {
  const { monoid } = reader;
  const cells = new Map<number, number>();
  const lists = monoid === 'list' ? new Map<number, Int32Array>() : undefined;
  const put = (cell: number, amount: number): void => {
    const known = cells.get(cell);
    if (known === undefined) cells.set(cell, amount);
    else if (monoid === 'max') cells.set(cell, Math.max(known, amount));
    else if (monoid === 'min') cells.set(cell, Math.min(known, amount));
    else cells.set(cell, known + amount);
  };
  for (const [op, state] of states) {
    for (const [key, value] of pairsOf(state, op)) {
      if (!collects(monoid)) {
        const fits = typeof value === 'number' && !Number.isNaN(value);
        if (!fits) throw misshapen(op, `the state of ${showValue(key)} is ${showValue(value)}`);
        put(cellOf(reader, key, undefined), value);
        continue;
      }
      const list = listOf(value, op).map((item) => cellOf(reader, key, item));
      for (const cell of list) put(cell, 1);
      if (list.length > 0) lists?.set(reader.keys.of(key), Int32Array.from(list));
    }
  }
  return { cells: Int32Array.from(cells.keys()), values: Float64Array.from(cells.values()), lists };
}

function readOutputs(reader: Reader, ops: readonly Op[], history: History): Outputs {
  const fields = ops.map((op) => {
    const invoked = op.type === 'invoke' ? op : history.invocationOf(op);
    return isFields(op.value) ? op.value : fieldsOf(invoked);
  });
  const whole = (name: string, at: number): number =>
    wholeOf(fields[at]?.[name] ?? (name === 'nth' ? 0 : undefined), ops[at] as Op);
  return {
    count: ops.length,
    partition: Int32Array.from(fields, ({ partition }) => reader.partitions.of(partition)),
    offset: Float64Array.from(ops, (_, at) => whole('offset', at)),
    nth: Int32Array.from(ops, (_, at) => whole('nth', at)),
    value: fields.map(({ value }) => value),
    pending: Uint8Array.from(ops, ({ type }) => (type === 'ok' ? 0 : 1)),
    op: Int32Array.from(ops, ({ index }) => index),
    invoked: Int32Array.from(ops, (op) =>
      op.type === 'invoke' ? op.index : history.invocationOf(op).index,
    ),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(op: Op): Fields {
  if (isFields(op.value)) return op.value;
  throw misshapen(op, `its value is ${showValue(op.value)}`);
}

function listOf(value: unknown, op: Op): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw misshapen(op, `where a list should be it has ${showValue(value)}`);
}

/** The pairs of a Map, of a list of pairs, or of a record's fields. */
function pairsOf(value: unknown, op: Op): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  if (isFields(value)) return Object.entries(value);
  return listOf(value, op).map((pair) => {
    const [key, item] = listOf(pair, op);
    return [key, item] as const;
  });
}

function wholeOf(value: unknown, op: Op): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw misshapen(op, `where a whole number should be it has ${showValue(value)}`);
}

function misshapen({ index, f }: Op, what: string): Error {
  return new Error(`operation ${index}, ${f}: ${what}`);
}
