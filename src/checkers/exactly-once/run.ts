// A run of a stream as columns: what its inputs should do to the state, which snapshots were
// committed at which vector clocks, the state in the end, what the sink showed. It judges nothing.
// Objects: `Inputs` has a row for each effect, sorted by partition and offset. Sources: Chandy &
// Lamport 1985 for cuts; Flink's and Kafka Streams' end-to-end tests for what to record.

/** How effects fold into a state, by key. */
export type Monoid = 'sum' | 'count' | 'max' | 'min' | 'multiset' | 'set' | 'list';

export const monoids: readonly Monoid[] = ['sum', 'count', 'max', 'min', 'multiset', 'set', 'list'];

/** Those that collect values: each pair of key and value is a cell that counts. */
export function collects(monoid: Monoid): boolean {
  return monoid === 'multiset' || monoid === 'set' || monoid === 'list';
}

/**
 * Effects of inputs, sorted by partition, then offset. A cell is a key, or a key with one value
 * where the monoid collects values. An input without effects has one row with the cell −1.
 */
export interface Inputs {
  /** The first row of each partition, and the number of rows at the end. */
  readonly starts: Int32Array;
  readonly offset: Float64Array;
  readonly cell: Int32Array;
  readonly value: Float64Array;
  /** 1 where nobody knows whether the input was accepted; then it may be in the log or not. */
  readonly pending: Uint8Array;
  /** The index of the operation that wrote it. */
  readonly op: Int32Array;
}

/** A state, with the offsets below which it has taken in every input. */
export interface Snapshot {
  /** The index of the operation that committed it. */
  readonly op: number;
  /**
   * The index at which that began, and at which it was done; of several read at once a part of one.
   */
  readonly invoked: number;
  readonly done: number;
  /** By partition the offset of the first input that is not in it; Infinity: all are. */
  readonly clock: Float64Array;
  /** Cells that are not the monoid's identity, each once. */
  readonly cells: Int32Array;
  readonly values: Float64Array;
  /** Of a list: for each key its cells in order. */
  readonly lists: ReadonlyMap<number, Int32Array> | undefined;
}

/** What an output shows of the state at a clock: some cells, all of one key. */
export interface Glimpse extends Snapshot {
  readonly about: Int32Array;
}

/** What the sink should show for one operation's records, the first of which is at `offset`. */
export interface Declared {
  readonly offset: number;
  /** Record by record a list, or, if each has `one`, that. */
  readonly outputs: readonly unknown[];
  readonly one: boolean;
}

/** What a reader of the sink saw, in order; the columns are as long as there are outputs. */
export interface Outputs {
  readonly count: number;
  /** −1 where no input has such a partition. */
  readonly partition: Int32Array;
  readonly offset: Float64Array;
  /** Which of the outputs of its input. */
  readonly nth: Int32Array;
  readonly value: readonly unknown[] | Float64Array;
  /** 1 where nobody knows whether it can be seen. */
  readonly pending: Uint8Array;
  /** Indices of the operations, ascending, and of their invocations. */
  readonly op: Int32Array;
  readonly invoked: Int32Array;
}

export interface StreamRun {
  readonly monoid: Monoid;
  /** Names, by number. */
  readonly partitions: readonly unknown[];
  /** The key of each cell, and its value where the monoid collects values. */
  readonly cells: readonly Cell[];
  readonly inputs: Inputs;
  /** Inputs of which it is not known where in the log they are, if anywhere: operations. */
  readonly adrift: readonly number[];
  /** By operation; those that are not here declare nothing. */
  readonly declared: ReadonlyMap<number, Declared>;
  readonly snapshots: readonly Snapshot[];
  readonly glimpses: readonly Glimpse[];
  /** `undefined`: nobody was asked, or some node did not tell. */
  readonly final: Snapshot | undefined;
  /** Nodes that were asked for their state in the end and did not tell. */
  readonly untold: readonly string[];
  readonly outputs: Outputs;
}

export interface Cell {
  readonly key: unknown;
  readonly keyNumber: number;
  readonly value?: unknown;
}

/** The first row of `partition` at or after `offset`. O(log n). */
export function rowAt({ starts, offset }: Inputs, partition: number, from: number): number {
  let [low, high] = [starts[partition] ?? 0, starts[partition + 1] ?? 0];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offset[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The partition in which a row lies. O(log partitions). */
export function partitionOf({ starts }: Inputs, row: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= row) low = middle;
    else high = middle;
  }
  while ((starts[low + 1] ?? Number.POSITIVE_INFINITY) <= row) low++;
  return low;
}
