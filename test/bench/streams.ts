// How fast the exactly-once checker is: inputs a second, beside the bare heap loop of the same
// run. `npm run bench -- streams`
import {
  exactlyOnce,
  judgeRun,
  judgeStream,
  type StreamRules,
} from '../../src/checkers/exactly-once/exactly-once.js';
import type { Snapshot, StreamRun } from '../../src/checkers/exactly-once/run.js';
import { type History, historyOf } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { Xorshift } from './bare-heap.js';
import { measure } from './measure.js';

type Print = (line: string) => void;

interface Shape {
  readonly inputs: number;
  readonly partitions: number;
  readonly keys: number;
  readonly snapshots: number;
  readonly outputs: boolean;
}

const rules: StreamRules = {
  ...{ guarantee: 'exactly-once', monoid: 'sum', owed: 'all', order: 'any' },
  ...{ commitsMin: 1, uncommittedMax: 0, movesMax: 2 ** 40 },
};

const million = { inputs: 1_000_000, partitions: 8, keys: 1_000, snapshots: 100, outputs: false };
const shapes: readonly (readonly [string, Shape, StreamRules['owed']])[] = [
  ['1 M, 100 snapshots × 1,000 keys', million, 'none'],
  ['1 M, 1,000 snapshots × 1,000 keys', { ...million, snapshots: 1_000 }, 'none'],
  ['1 M, 100 snapshots × 1,000 keys, outputs', { ...million, outputs: true }, 'all'],
  [
    '10 M, 100 snapshots × 10,000 keys',
    { ...million, inputs: 10_000_000, partitions: 16, keys: 10_000 },
    'none',
  ],
];

/** Correct runs, as columns and as a history. */
export function streams(print: Print): void {
  for (const [name, shape, owed] of shapes) show(print, name, judged(runOf(shape), owed));
  const history = historyFrom(runOf(million), 1_000);
  const options = { ...exactlyOnce.options, commitsMin: 1 };
  show(print, '1 M, 100 snapshots, from a history of batches of 1,000', () => {
    const { valid } = judgeStream(history, options);
    if (valid !== true) throw new Error('a correct run is valid');
    return million.inputs;
  });
}

/** A correct run in columns; snapshots at even distances. */
function runOf({ inputs, partitions, keys, snapshots, outputs }: Shape): StreamRun {
  const random = new Xorshift();
  const each = inputs / partitions;
  const cell = Int32Array.from({ length: inputs }, () => random.below(keys));
  const value = Float64Array.from({ length: inputs }, () => 1 + random.below(9));
  const offset = Float64Array.from({ length: inputs }, (_, row) => row % each);
  const starts = Int32Array.from({ length: partitions + 1 }, (_, p) => p * each);
  const op = Int32Array.from({ length: inputs }, (_, row) => row);
  const cells = Array.from({ length: keys }, (_, key) => ({ key, keyNumber: key }));
  const state = new Float64Array(keys);
  const committed: Snapshot[] = [];
  let upTo = 0;
  for (let s = 1; s <= snapshots; s++) {
    const next = Math.floor((each * s) / snapshots);
    for (let p = 0; p < partitions; p++) {
      for (let row = p * each + upTo; row < p * each + next; row++) {
        const at = cell[row] as number;
        state[at] = (state[at] as number) + (value[row] as number);
      }
    }
    upTo = next;
    committed.push({
      ...{ op: inputs + s, invoked: inputs + s, done: inputs + s, lists: undefined },
      clock: new Float64Array(partitions).fill(next),
      cells: Int32Array.from(cells, ({ keyNumber }) => keyNumber),
      values: state.slice(),
    });
  }
  const shown = outputs ? inputs : 0;
  const columns = { offset, cell, value, op, pending: new Uint8Array(inputs) };
  return {
    ...{
      monoid: 'sum',
      partitions: [...starts.subarray(1)].map((_, p) => p),
      cells,
      adrift: [],
      untold: [],
    },
    inputs: { starts, ...columns },
    ...{ snapshots: committed, glimpses: [], declared: new Map(), final: undefined },
    outputs: {
      count: shown,
      partition: Int32Array.from({ length: shown }, (_, row) => Math.floor(row / each)),
      ...{ offset, nth: new Int32Array(shown), value, pending: columns.pending },
      ...{ op, invoked: op },
    },
  };
}

/** The same as a history, `batch` records an operation. */
function historyFrom(run: StreamRun, batch: number): History {
  const ops: Op[] = [];
  const add = (f: string, value: unknown): void => {
    const index = ops.length;
    ops.push({ index, timeUs: index, process: 0, type: 'invoke', f, value });
    ops.push({ index: index + 1, timeUs: index + 1, process: 0, type: 'ok', f, value });
  };
  const { starts, cell, value } = run.inputs;
  for (const partition of run.partitions.keys()) {
    const [from, to] = [starts[partition] ?? 0, starts[partition + 1] ?? 0];
    for (let row = from; row < to; row += batch) {
      const rows = Array.from({ length: Math.min(batch, to - row) }, (_, i) => row + i);
      const keys = rows.map((at) => `key-${cell[at]}`);
      add('input', { partition, offset: row - from, keys, values: rows.map((at) => value[at]) });
    }
  }
  for (const { clock, values } of run.snapshots) {
    const state = [...values].map((sum, key) => [`key-${key}`, sum]);
    add('commit', { clock: [...clock].map((to, partition) => [partition, to]), state });
  }
  return historyOf(ops.map((op) => JSON.parse(JSON.stringify(op)) as Op));
}

function show(print: Print, name: string, work: () => number): void {
  const { ns, multiple } = measure(5, work);
  const millions = (1_000 / ns).toFixed(1);
  const columns = [`${millions} M inputs/s`.padStart(18), `${multiple.toFixed(2)}× the bare heap`];
  print(`${name.padEnd(58)}${columns.join('  ')}`);
}

function judged(run: StreamRun, owed: StreamRules['owed']): () => number {
  return () => {
    const { valid } = judgeRun(run, { ...rules, owed });
    if (valid !== true) throw new Error('a correct run is valid');
    return run.inputs.offset.length;
  };
}
