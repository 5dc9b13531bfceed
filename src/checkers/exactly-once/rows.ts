// Effects of inputs, collected in any order, then sorted by partition and offset. An operation's
// records lie side by side in the log, so whole operations are sorted, not rows, and a log that was
// written in order is not moved at all.
import type { Inputs } from './run.js';

/** Where in the log an operation's records begin, and which operation put them there. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
  readonly pending: number;
  readonly op: number;
}

/** An operation's rows. */
interface Batch extends Place {
  readonly from: number;
  readonly to: number;
}

/** Columns with room for a number of rows that is known beforehand. */
export class Rows {
  length = 0;
  readonly offset: Float64Array;
  readonly cell: Int32Array;
  readonly value: Float64Array;
  readonly #batches: Batch[] = [];

  constructor(room: number) {
    this.offset = new Float64Array(room);
    this.cell = new Int32Array(room);
    this.value = new Float64Array(room);
  }

  add(offset: number, cell: number, value: number): void {
    const at = this.length++;
    this.offset[at] = offset;
    this.cell[at] = cell;
    this.value[at] = value;
  }

  /** So many rows, to be filled in. */
  extend(count: number): Columns {
    const from = this.length;
    this.length += count;
    return {
      offset: this.offset.subarray(from, this.length),
      cell: this.cell.subarray(from, this.length),
      value: this.value.subarray(from, this.length),
    };
  }

  /** What was added since the row `from` is of one operation, its offsets ascending. */
  close(place: Place, from: number): void {
    if (from < this.length) this.#batches.push({ ...place, from, to: this.length });
  }

  /**
   * All rows, which are not to be had a second time. Throws if two operations wrote the same place
   * of the log. O(rows + operations × log).
   */
  sorted(partitions: number): Inputs {
    const batches = this.#batches;
    const starts = new Int32Array(partitions + 1);
    for (const { partition, from, to } of batches)
      starts[partition + 1] = (starts[partition + 1] ?? 0) + to - from;
    for (let p = 0; p < partitions; p++) starts[p + 1] = (starts[p + 1] ?? 0) + (starts[p] ?? 0);
    const inOrder = batches.every(
      (batch, at) => at === 0 || compare(batches[at - 1] ?? batch, batch) < 0,
    );
    if (!inOrder) batches.sort(compare);
    const { length } = this;
    const columns = {
      offset: this.offset.subarray(0, length),
      cell: this.cell.subarray(0, length),
      value: this.value.subarray(0, length),
    };
    const { offset, cell, value } = inOrder ? columns : moved(columns, batches);
    const pending = new Uint8Array(length);
    const op = new Int32Array(length);
    let row = 0;
    for (const batch of batches) {
      const end = row + batch.to - batch.from;
      if (batch.pending !== 0) pending.fill(batch.pending, row, end);
      op.fill(batch.op, row, end);
      row = end;
    }
    const inputs = { starts, offset, cell, value, pending, op };
    refuseTwice(offset, batches);
    return inputs;
  }
}

type Columns = Pick<Inputs, 'offset' | 'cell' | 'value'>;

function compare(a: Batch, b: Batch): number {
  return a.partition - b.partition || a.offset - b.offset || a.op - b.op;
}

/**
 * The columns in the order of the batches. Uses them up: where one has lain there is room for the
 * next, and to be given room for a million rows is dearer than to fill it.
 */
function moved(columns: Columns, batches: readonly Batch[]): Columns {
  const { length } = columns.cell;
  const offset = placed(columns.offset, new Float64Array(length), batches);
  const value = placed(columns.value, columns.offset, batches);
  const room = new Int32Array(columns.value.buffer, columns.value.byteOffset, length);
  return { offset, cell: placed(columns.cell, room, batches), value };
}

function placed<T extends Float64Array | Int32Array>(
  column: T,
  room: T,
  batches: readonly Batch[],
): T {
  let row = 0;
  for (const { from, to } of batches) {
    room.set(column.subarray(from, to), row);
    row += to - from;
  }
  return room;
}

/** Throws where a batch begins before the one before it has ended. */
function refuseTwice(offset: Float64Array, batches: readonly Batch[]): void {
  let row = 0;
  let before: Batch | undefined;
  for (const batch of batches) {
    const last = offset[row - 1] ?? -1;
    if (before?.partition === batch.partition && last >= batch.offset) {
      throw new Error(`operations ${before.op} and ${batch.op} wrote the same place of the log`);
    }
    row += batch.to - batch.from;
    before = batch;
  }
}
