// Effects of inputs, collected in any order, then sorted by partition and offset. Most logs are
// written in order, and then sorting is only counting.
import type { Inputs } from './run.js';

/** Where in the log an input lies, and which operation put it there. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
  readonly pending: number;
  readonly op: number;
}

/** Columns that grow. */
export class Rows {
  length = 0;
  partition = new Int32Array(1_024);
  offset = new Float64Array(1_024);
  cell = new Int32Array(1_024);
  value = new Float64Array(1_024);
  pending = new Uint8Array(1_024);
  op = new Int32Array(1_024);

  add(place: Place, cell: number, value: number): void {
    if (this.length === this.op.length) this.#grow();
    const at = this.length++;
    this.partition[at] = place.partition;
    this.offset[at] = place.offset;
    this.cell[at] = cell;
    this.value[at] = value;
    this.pending[at] = place.pending;
    this.op[at] = place.op;
  }

  #grow(): void {
    const room = this.length * 2;
    this.partition = grownTo(new Int32Array(room), this.partition);
    this.offset = grownTo(new Float64Array(room), this.offset);
    this.cell = grownTo(new Int32Array(room), this.cell);
    this.value = grownTo(new Float64Array(room), this.value);
    this.pending = grownTo(new Uint8Array(room), this.pending);
    this.op = grownTo(new Int32Array(room), this.op);
  }
}

function grownTo<A extends Column>(room: A, full: A): A {
  room.set(full);
  return room;
}

/** Throws if two operations wrote the same place of the log. O(n), O(n log n) if out of order. */
export function sortedInputs(rows: Rows, partitions: number): Inputs {
  const { length } = rows;
  const starts = new Int32Array(partitions + 1);
  for (let at = 0; at < length; at++) bump(starts, (rows.partition[at] ?? 0) + 1);
  for (let p = 0; p < partitions; p++) starts[p + 1] = (starts[p + 1] ?? 0) + (starts[p] ?? 0);
  const next = starts.slice();
  const order = new Int32Array(length);
  for (let at = 0; at < length; at++) order[bump(next, rows.partition[at] ?? 0)] = at;
  for (let p = 0; p < partitions; p++) {
    sortRange(order.subarray(starts[p], starts[p + 1]), rows.offset);
  }
  const inputs = {
    starts,
    offset: permuted(rows.offset, order, new Float64Array(length)),
    cell: permuted(rows.cell, order, new Int32Array(length)),
    value: permuted(rows.value, order, new Float64Array(length)),
    pending: permuted(rows.pending, order, new Uint8Array(length)),
    op: permuted(rows.op, order, new Int32Array(length)),
  };
  refuseTwice(inputs);
  return inputs;
}

type Column = Int32Array | Float64Array | Uint8Array;

function permuted<A extends Column>(column: A, order: Int32Array, result: A): A {
  for (let at = 0; at < order.length; at++) result[at] = column[order[at] ?? 0] ?? 0;
  return result;
}

/** Adds one; the value before. */
function bump(counts: Int32Array, at: number): number {
  const before = counts[at] ?? 0;
  counts[at] = before + 1;
  return before;
}

function sortRange(order: Int32Array, offset: Float64Array): void {
  const ascending = order.every(
    (at, i) => i === 0 || (offset[order[i - 1] ?? 0] ?? 0) <= (offset[at] ?? 0),
  );
  if (!ascending) order.sort((a, b) => (offset[a] ?? 0) - (offset[b] ?? 0) || a - b);
}

function refuseTwice({ starts, offset, op }: Inputs): void {
  for (let p = 0; p + 1 < starts.length; p++) {
    for (let at = (starts[p] ?? 0) + 1; at < (starts[p + 1] ?? 0); at++) {
      if (offset[at] !== offset[at - 1] || op[at] === op[at - 1]) continue;
      throw new Error(`operations ${op[at - 1]} and ${op[at]} wrote the same place of the log`);
    }
  }
}
