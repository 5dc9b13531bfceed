// Whether a list took in the inputs of each partition in their order. Between partitions any order
// is right. Where one value stands for several inputs it is not decided which of them a list has:
// to find an order that fits is the NP-hard shuffle problem, so that is a doubt.
import { type Glimpse, partitionOf, type Snapshot, type StreamRun } from './run.js';

/** Of a key's list, two inputs of one partition that stand the wrong way round. */
export interface Disorder {
  readonly snapshot: Snapshot | Glimpse;
  readonly key: unknown;
  /** Rows, as the list has them: the first lies behind the second in the log. */
  readonly rows: readonly [number, number];
}

/** O(inputs + all that the lists hold); each pair once. `reports` are bounded by the lists. */
export function disorders(run: StreamRun, report: (disorder: Disorder) => void): boolean {
  const rowOf = new Int32Array(run.cells.length).fill(-1);
  for (const [row, cell] of run.inputs.cell.entries()) {
    if (cell >= 0) rowOf[cell] = rowOf[cell] === -1 ? row : ambiguous;
  }
  const reported = new Set<number>();
  const final = run.final === undefined ? [] : [run.final];
  const states = [...run.snapshots, ...run.glimpses, ...final];
  let sure = true;
  for (const snapshot of states) {
    for (const cells of snapshot.lists?.values() ?? []) {
      const place: Place = { run, snapshot, rowOf, reported };
      if (!readList(place, cells, report)) sure = false;
    }
  }
  return sure;
}

const ambiguous = -2;

interface Place {
  readonly run: StreamRun;
  readonly snapshot: Snapshot | Glimpse;
  readonly rowOf: Int32Array;
  /** Cells of which somebody has heard already. */
  readonly reported: Set<number>;
}

function readList(
  { run, snapshot, rowOf, reported }: Place,
  cells: Int32Array,
  report: (disorder: Disorder) => void,
): boolean {
  const last = new Map<number, number>();
  const seen = new Set<number>();
  let sure = true;
  for (const cell of cells) {
    const row = rowOf[cell] ?? -1;
    if (row === ambiguous) sure = false;
    if (row < 0 || seen.has(cell)) continue;
    seen.add(cell);
    const partition = partitionOf(run.inputs, row);
    const before = last.get(partition);
    if (before === undefined || before < row) {
      last.set(partition, row);
    } else if (!reported.has(cell)) {
      reported.add(cell);
      report({ snapshot, key: run.cells[cell]?.key, rows: [before, row] });
    }
  }
  return sure;
}
