// What the sink showed against what went in: each output must name an input, none may be shown
// twice, what is shown twice must be equal, and every input that should have one must have one.
// Where the history says what an input's outputs should be, they must be that, no more and no less.
// Source: the output level of delivery guarantees; Kafka Streams' test driver for end-to-end
// checks.
import { keyOf } from '../../history/value.js';
import { type Declared, type Inputs, type Outputs, rowAt, type StreamRun } from './run.js';

type OutputFault =
  | 'phantom-output'
  | 'duplicated-output'
  | 'divergent-output'
  | 'wrong-output'
  | 'lost-output'
  | 'reordered-output';

export interface OutputFinding {
  readonly fault: OutputFault;
  /** The input's row; −1 where there is none. */
  readonly row: number;
  /** Which of the outputs of its input. */
  readonly nth: number;
  /** Positions among the outputs, in order. */
  readonly outputs: readonly number[];
  /** What the sink should show instead. */
  readonly wanted?: unknown;
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
  if (outputs.count === 0 && rules.owed === 'none') return [];
  const rows = rowsOfOutputs(inputs, outputs);
  const shown: Shown = {
    how: new Uint8Array(inputs.offset.length),
    first: new Int32Array(inputs.offset.length).fill(-1),
    later: new Map(),
    unsure: new Set(),
    wanted: new Wanted(run),
  };
  for (let at = 0; at < outputs.count; at++) {
    const row = rows[at] ?? -1;
    const nth = outputs.nth[at] ?? 0;
    if (nth >= nthMax) throw new Error(`an output is the ${nth}th of its input`);
    if (outputs.pending[at] === 1) {
      if (row < 0) continue;
      shown.how[row] = (shown.how[row] ?? 0) | 2;
      shown.unsure.add(row * nthMax + nth);
    } else if (row < 0) {
      report({ fault: 'phantom-output', row, nth, outputs: [at] });
    } else {
      shown.how[row] = (shown.how[row] ?? 0) | 1;
      checkOutput(run, { at, row, nth }, shown, report);
    }
  }
  if (rules.order === 'partition') reportOrder(run, rows, report);
  return rules.owed === 'none' ? [] : reportLost(run, rules, { shown, report });
}

/** What the sink is known to have shown. */
interface Shown {
  /** By row: 1 for outputs that are sure to be seen, 2 for others, 3 for both. */
  readonly how: Uint8Array;
  /** By row the position of output 0 among the outputs, −1 where there is none. */
  readonly first: Int32Array;
  /** Of the other outputs, by row and number. */
  readonly later: Map<number, number>;
  /** Outputs that may be seen, by row and number. */
  readonly unsure: Set<number>;
  readonly wanted: Wanted;
}

interface Output {
  readonly at: number;
  readonly row: number;
  readonly nth: number;
}

function checkOutput(
  { outputs: { value } }: StreamRun,
  { at, row, nth }: Output,
  { first, later, wanted }: Shown,
  report: (finding: OutputFinding) => void,
): void {
  const count = wanted.countOf(row);
  const should = count === untold ? value[at] : wanted.valueOf(row, nth);
  if (nth >= count) {
    report({ fault: 'phantom-output', row, nth, outputs: [at] });
  } else if (!same(value[at], should)) {
    report({ fault: 'wrong-output', row, nth, outputs: [at], wanted: should });
  }
  const before = nth === 0 ? (first[row] ?? -1) : (later.get(row * nthMax + nth) ?? -1);
  if (before < 0) {
    if (nth === 0) first[row] = at;
    else later.set(row * nthMax + nth, at);
    return;
  }
  report({ fault: 'duplicated-output', row, nth, outputs: [before, at] });
  if (same(value[before], value[at])) return;
  report({ fault: 'divergent-output', row, nth, outputs: [before, at] });
}

/** How many outputs there should be where nobody says so. */
const untold = Number.POSITIVE_INFINITY;

/** What the sink should show for inputs, where anybody said so. */
class Wanted {
  readonly #run: StreamRun;
  /** What was asked for last, and of which operation: records that lie together come together. */
  #op = -1;
  #declared: Declared | undefined;

  constructor(run: StreamRun) {
    this.#run = run;
  }

  /** How many outputs the input of a row should have; `untold`: nobody said so. */
  countOf(row: number): number {
    const declared = this.#of(row);
    if (declared === undefined) return untold;
    return declared.one ? 1 : (this.#listOf(row, declared)?.length ?? untold);
  }

  /** The nth of them. */
  valueOf(row: number, nth: number): unknown {
    const declared = this.#of(row);
    if (declared?.one === true) return declared.outputs[this.#placeOf(row, declared)];
    return declared && this.#listOf(row, declared)?.[nth];
  }

  #of(row: number): Declared | undefined {
    const { inputs, declared } = this.#run;
    const op = inputs.op[row] ?? -1;
    if (op !== this.#op) {
      this.#op = op;
      this.#declared = declared.get(op);
    }
    return this.#declared;
  }

  #listOf(row: number, declared: Declared): readonly unknown[] | undefined {
    return declared.outputs[this.#placeOf(row, declared)] as readonly unknown[] | undefined;
  }

  #placeOf(row: number, { offset }: Declared): number {
    return (this.#run.inputs.offset[row] ?? 0) - offset;
  }
}

function same(a: unknown, b: unknown): boolean {
  return a === b || keyOf(a) === keyOf(b);
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
  run: StreamRun,
  { owed }: OutputRules,
  { shown, report }: { shown: Shown; report: (finding: OutputFinding) => void },
): readonly string[] {
  const { inputs, snapshots } = run;
  let unsure = 0;
  for (let p = 0; p + 1 < inputs.starts.length; p++) {
    const limit = snapshots.reduce((most, { clock }) => Math.max(most, clock[p] ?? 0), 0);
    const end = owed === 'all' ? (inputs.starts[p + 1] ?? 0) : rowAt(inputs, p, limit);
    for (let row = inputs.starts[p] ?? 0; row < end; row++) {
      const first = row === inputs.starts[p] || inputs.offset[row] !== inputs.offset[row - 1];
      if (!first || inputs.pending[row] === 1) continue;
      const count = shown.wanted.countOf(row);
      if (count === untold) {
        const how = shown.how[row] ?? 0;
        if (how === 2) unsure++;
        else if (how === 0) report({ fault: 'lost-output', row, nth: 0, outputs: [] });
        continue;
      }
      let isUnsure = false;
      for (let nth = 0; nth < count; nth++) {
        if (isShown(shown, row, nth)) continue;
        if (shown.unsure.has(row * nthMax + nth)) isUnsure = true;
        else report({ fault: 'lost-output', row, nth, outputs: [] });
      }
      if (isUnsure) unsure++;
    }
  }
  return unsure === 0 ? [] : [`of ${unsure} inputs it is not known whether their output is seen`];
}

function isShown({ first, later }: Shown, row: number, nth: number): boolean {
  return nth === 0 ? (first[row] ?? -1) >= 0 : later.has(row * nthMax + nth);
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
    report({
      fault: 'reordered-output',
      row,
      nth: outputs.nth[at] ?? 0,
      outputs: [before, at].sort((a, b) => a - b),
    });
  }
}
