// What sinks showed, in columns: outputs that were told one by one, and lists of them that were
// read at once. Such lists are long, and overlap when a sink is read again.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import type { Numbers } from './cells.js';
import { Positions } from './positions.js';
import type { Outputs } from './run.js';
import { type Fields, fieldsOf, isFields, listOf, misshapen, wholeOf } from './shapes.js';

/** Operations that say what a sink showed, and what they say. */
export interface Telling {
  readonly op: Op;
  readonly fields: Fields;
}

/** Partition, offset, number and value, where outputs lie one after the other in one list. */
const fieldsOfOutput = 4;

/** Leaves out those of which nobody knows what was asked for, or shown. */
export function tellingsOf(ops: readonly Op[], history: History): readonly Telling[] {
  return ops.flatMap((op) => {
    const invoked = op.type === 'invoke' ? op : history.invocationOf(op);
    if (op.type !== 'ok' && (invoked.value === undefined || invoked.value === null)) return [];
    // An output's result, or, where it has none, what was asked for.
    return [{ op, fields: isFields(op.value) ? op.value : fieldsOf(invoked) }];
  });
}

/** Every output, once for each position of its sink. Throws where one is misshapen. O(outputs). */
export function shownBy(
  tellings: readonly Telling[],
  history: History,
  partitions: Numbers,
): Outputs {
  const columns = new Columns(tellings, partitions);
  const positions = new Map<unknown, Positions>();
  for (const { op, fields } of tellings) {
    const invoked = op.type === 'invoke' ? op : history.invocationOf(op);
    columns.turnTo(op, invoked.index);
    if (fields.outputs === undefined) {
      columns.add(fields.partition, fields.offset, fields.nth ?? 0, fields.value);
      continue;
    }
    const seen = positions.get(fields.sink) ?? new Positions();
    positions.set(fields.sink, seen);
    const from = wholeOf(fields.from, op);
    const list = listOf(fields.outputs, op);
    for (const [begin, end] of seen.take(from, from + countOf(list, op))) {
      if (isFlat(list)) columns.addFlat(list, begin - from, end - from);
      else columns.addLists(list, begin - from, end - from);
    }
  }
  return columns.outputs;
}

/** Whether the outputs of a list lie one after the other, and are no lists themselves. */
function isFlat(list: readonly unknown[]): boolean {
  return list.length > 0 && !Array.isArray(list[0]);
}

function countOf(list: readonly unknown[], op: Op): number {
  if (!isFlat(list)) return list.length;
  if (list.length % fieldsOfOutput === 0) return list.length / fieldsOfOutput;
  throw misshapen(op, `its outputs have ${list.length} fields, which is not four for each`);
}

/** Columns with room for all, and the operation whose outputs are being added. */
class Columns {
  readonly #partitions: Numbers;
  #op: Op | undefined;
  #index = 0;
  #invoked = 0;
  #pending = 0;
  #count = 0;
  /** Those before are of operations that are done with. */
  #begun = 0;
  readonly #partition: Int32Array;
  readonly #offset: Float64Array;
  readonly #nth: Int32Array;
  readonly #value: unknown[];
  readonly #pendings: Uint8Array;
  readonly #ops: Int32Array;
  readonly #invocations: Int32Array;

  constructor(tellings: readonly Telling[], partitions: Numbers) {
    let room = 0;
    for (const { op, fields } of tellings) {
      room += fields.outputs === undefined ? 1 : countOf(listOf(fields.outputs, op), op);
    }
    this.#partitions = partitions;
    this.#partition = new Int32Array(room);
    this.#offset = new Float64Array(room);
    this.#nth = new Int32Array(room);
    // As long as it will be: to grow, a long list is copied again and again.
    this.#value = new Array(room);
    this.#pendings = new Uint8Array(room);
    this.#ops = new Int32Array(room);
    this.#invocations = new Int32Array(room);
  }

  turnTo(op: Op, invoked: number): void {
    this.#close();
    this.#op = op;
    this.#index = op.index;
    this.#invoked = invoked;
    this.#pending = op.type === 'ok' ? 0 : 1;
  }

  /** What all outputs of an operation have in common. */
  #close(): void {
    const [from, to] = [this.#begun, this.#count];
    if (this.#pending !== 0) this.#pendings.fill(this.#pending, from, to);
    this.#ops.fill(this.#index, from, to);
    this.#invocations.fill(this.#invoked, from, to);
    this.#begun = to;
  }

  add(partition: unknown, offset: unknown, nth: unknown, value: unknown): void {
    const at = this.#count++;
    const op = this.#op as Op;
    this.#partition[at] = this.#partitions.of(partition);
    this.#offset[at] = wholeOf(offset, op);
    this.#nth[at] = wholeOf(nth, op);
    this.#value[at] = value;
  }

  addFlat(list: readonly unknown[], begin: number, end: number): void {
    for (let at = fieldsOfOutput * begin; at < fieldsOfOutput * end; at += fieldsOfOutput) {
      this.add(list[at], list[at + 1], list[at + 2], list[at + 3]);
    }
  }

  addLists(lists: readonly unknown[], begin: number, end: number): void {
    for (let at = begin; at < end; at++) {
      const [partition, offset, nth = 0, value] = listOf(lists[at], this.#op as Op);
      this.add(partition, offset, nth, value);
    }
  }

  get outputs(): Outputs {
    this.#close();
    const count = this.#count;
    this.#value.length = count;
    return {
      count,
      partition: this.#partition.subarray(0, count),
      offset: this.#offset.subarray(0, count),
      nth: this.#nth.subarray(0, count),
      value: this.#value,
      pending: this.#pendings.subarray(0, count),
      op: this.#ops.subarray(0, count),
      invoked: this.#invocations.subarray(0, count),
    };
  }
}
