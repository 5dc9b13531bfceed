// What the sink showed against what went in: each output must name an input, none may be shown
// twice, what is shown twice must be equal, and every input that should have one must have one.
// Source: the output level of delivery guarantees; Kafka Streams' test driver for end-to-end
// checks.
import { keyOf } from '../../history/value.js';
import { type Inputs, type Outputs, rowAt, type StreamRun } from './run.js';

type OutputFault =
  | 'phantom-output'
  | 'duplicated-output'
  | 'divergent-output'
  | 'lost-output'
  | 'reordered-output';

export interface OutputFinding {
  readonly fault: OutputFault;
  /** The input's row; −1 where there is none. */
  readonly row: number;
  /** Positions among the outputs, in order. */
  readonly outputs: readonly number[];
}

/** What the sink owes. */
export interface OutputRules {
  /** Which inputs must have an output: none, those below the last committed clock, or all. */
  readonly owed: 'none' | 'committed' | 'all';
  /** Whether the outputs of a partition's inputs must come in the order of these. */
  readonly order: 'any' | 'partition';
}

/** Outputs of an input beyond this many are one too many. */
const nthMax = 2 ** 20;

/** O(outputs + inputs). `report` is called for each fault. */
export function checkOutputs(
  run: StreamRun,
  rules: OutputRules,
  report: (finding: OutputFinding) => void,
): readonly string[] {
  const { inputs, outputs } = run;
  const rows = rowsOfOutputs(inputs, outputs);
  const shown = new Uint8Array(inputs.offset.length);
  const first = new Int32Array(inputs.offset.length).fill(-1);
  const later = new Map<number, number>();
  for (let at = 0; at < outputs.count; at++) {
    const row = rows[at] ?? -1;
    const nth = outputs.nth[at] ?? 0;
    if (nth >= nthMax) throw new Error(`an output is the ${nth}th of its input`);
    const sure = outputs.pending[at] === 0;
    if (row < 0) {
      if (sure) report({ fault: 'phantom-output', row, outputs: [at] });
      continue;
    }
    shown[row] = (shown[row] ?? 0) | (sure ? 1 : 2);
    if (!sure) continue;
    const before = nth === 0 ? (first[row] ?? -1) : (later.get(row * nthMax + nth) ?? -1);
    if (before < 0) {
      if (nth === 0) first[row] = at;
      else later.set(row * nthMax + nth, at);
      continue;
    }
    report({ fault: 'duplicated-output', row, outputs: [before, at] });
    if (!sameValue(outputs, before, at)) {
      report({ fault: 'divergent-output', row, outputs: [before, at] });
    }
  }
  if (rules.order === 'partition') reportOrder(run, rows, report);
  return rules.owed === 'none' ? [] : reportLost(run, rules, { shown, report });
}

function sameValue({ value }: Outputs, a: number, b: number): boolean {
  return value[a] === value[b] || keyOf(value[a]) === keyOf(value[b]);
}

/** The first row of each output's input, −1 where there is no such input. */
function rowsOfOutputs(inputs: Inputs, outputs: Outputs): Int32Array {
  const rows = new Int32Array(outputs.count);
  const dense = inputs.starts.length > 1 ? denseStarts(inputs) : [];
  for (let at = 0; at < outputs.count; at++) {
    const partition = outputs.partition[at] ?? -1;
    const offset = outputs.offset[at] ?? 0;
    const start = inputs.starts[partition] ?? 0;
    const end = inputs.starts[partition + 1] ?? 0;
    const base = dense[partition];
    const row = base === undefined ? rowAt(inputs, partition, offset) : start + offset - base;
    const fits = row >= start && row < end && inputs.offset[row] === offset;
    rows[at] = fits ? row : -1;
  }
  return rows;
}

/** The first offset of each partition whose rows are one for each offset, without gaps. */
function denseStarts({ starts, offset }: Inputs): readonly (number | undefined)[] {
  return [...starts.subarray(0, -1)].map((start, partition) => {
    const end = starts[partition + 1] ?? 0;
    const base = offset[start] ?? 0;
    for (let row = start; row < end; row++) {
      if (offset[row] !== base + row - start) return undefined;
    }
    return start === end ? undefined : base;
  });
}

function reportLost(
  { inputs, snapshots }: StreamRun,
  { owed }: OutputRules,
  { shown, report }: { shown: Uint8Array; report: (finding: OutputFinding) => void },
): readonly string[] {
  let unsure = 0;
  for (let p = 0; p + 1 < inputs.starts.length; p++) {
    const limit = snapshots.reduce((most, { clock }) => Math.max(most, clock[p] ?? 0), 0);
    const end = owed === 'all' ? (inputs.starts[p + 1] ?? 0) : rowAt(inputs, p, limit);
    for (let row = inputs.starts[p] ?? 0; row < end; row++) {
      const first = row === inputs.starts[p] || inputs.offset[row] !== inputs.offset[row - 1];
      if (!first || shown[row] === 1 || shown[row] === 3 || inputs.pending[row] === 1) continue;
      if (shown[row] === 2) unsure++;
      else report({ fault: 'lost-output', row, outputs: [] });
    }
  }
  return unsure === 0 ? [] : [`of ${unsure} inputs it is not known whether their output is seen`];
}

/** An output is out of order if one of a later input was seen before it was even written. */
function reportOrder(
  { inputs, outputs }: StreamRun,
  rows: Int32Array,
  report: (finding: OutputFinding) => void,
): void {
  const seen = new Uint8Array(inputs.offset.length);
  const [latest, doneBefore] = [new Map<number, number>(), [...rows.keys()]];
  const begun = [...doneBefore].sort(
    (a, b) => (outputs.invoked[a] ?? 0) - (outputs.invoked[b] ?? 0) || a - b,
  );
  let done = 0;
  for (const at of begun) {
    for (; (outputs.op[done] ?? Number.POSITIVE_INFINITY) < (outputs.invoked[at] ?? 0); done++) {
      const [partition, row] = [outputs.partition[done] ?? -1, rows[done] ?? -1];
      const known = rows[latest.get(partition) ?? -1] ?? -1;
      if (outputs.pending[done] === 0 && row > known) latest.set(partition, done);
    }
    const row = rows[at] ?? -1;
    if (row < 0 || outputs.pending[at] === 1 || seen[row] === 1) continue;
    seen[row] = 1;
    const before = latest.get(outputs.partition[at] ?? -1);
    if (before === undefined || (rows[before] ?? -1) <= row) continue;
    report({ fault: 'reordered-output', row, outputs: [before, at].sort((a, b) => a - b) });
  }
}
