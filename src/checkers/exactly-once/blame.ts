// What a difference between the state that is and the state that should be can mean: which inputs
// were lost, counted twice, or taken in before their time. A sum does not name its summands, so
// several explanations may fit; the one with the fewest inputs is told, and all that are possible
// are known, so that no weaker guarantee is called broken while one of them would keep it.
import type { Difference } from './fold.js';
import { collects, partitionOf, type StreamRun } from './run.js';

/** How an effect can be wrong. `early`: it is in a snapshot whose clock is not past its input. */
export type Fault = 'lost' | 'duplicated' | 'early' | 'phantom' | 'wrong-state';

export interface Blame {
  readonly fault: Fault;
  /** Rows of inputs, any one of which explains the difference; none where several must do so. */
  readonly rows: readonly number[];
  /** Whether `fault` alone, with inputs of the log, gives exactly what was found. */
  readonly exact: boolean;
  /** Every fault that may have had a part in it. */
  readonly possible: ReadonlySet<Fault>;
}

/** Rows by cell, built when first needed. */
export class Blamer {
  readonly #run: StreamRun;
  #starts: Int32Array | undefined;
  #rows = new Int32Array(0);

  constructor(run: StreamRun) {
    this.#run = run;
  }

  blame(difference: Difference): Blame {
    const { clock } = difference.snapshot;
    const { inputs, monoid } = this.#run;
    const below: number[] = [];
    const beyond: number[] = [];
    for (const row of this.#rowsOf(difference.cell)) {
      const limit = clock[partitionOf(inputs, row)] ?? 0;
      ((inputs.offset[row] ?? 0) < limit ? below : beyond).push(row);
    }
    if (below.length + beyond.length === 0) return certain('phantom', []);
    if (monoid === 'max' || monoid === 'min') return this.#ofExtreme(difference, below, beyond);
    if (monoid === 'sum') return this.#ofSum(difference, below, beyond);
    return ofCount(difference, below, beyond, collects(monoid) ? monoid : 'count');
  }

  #ofExtreme({ expected, found }: Difference, below: number[], beyond: number[]): Blame {
    const { value } = this.#run.inputs;
    const worse = this.#run.monoid === 'max' ? found < expected : found > expected;
    const having = (rows: number[], amount: number) => rows.filter((row) => value[row] === amount);
    if (!worse) {
      const early = having(beyond, found);
      return early.length > 0 ? certain('early', early) : certain('phantom', []);
    }
    const known = !Number.isFinite(found) || having(below, found).length > 0;
    const lost = having(below, expected);
    return { fault: 'lost', rows: lost, exact: known, possible: new Set(['lost', 'phantom']) };
  }

  #ofSum({ expected, found }: Difference, below: number[], beyond: number[]): Blame {
    const { value } = this.#run.inputs;
    const delta = found - expected;
    const having = (rows: number[], amount: number) => rows.filter((row) => value[row] === amount);
    const [twice, lost] = [having(below, delta), having(below, -delta)];
    const early = having(beyond, delta);
    const faults: readonly (readonly [Fault, readonly number[]])[] = [
      ['duplicated', twice],
      ['lost', lost],
      ['early', early],
    ];
    const mixed = [...below, ...beyond].some((row) => (value[row] ?? 0) < 0);
    if (mixed) {
      const possible = new Set<Fault>(['lost', 'duplicated', 'early', 'wrong-state']);
      const fitting = faults.filter(([, rows]) => rows.length > 0);
      const [fault, rows] = (fitting.length === 1 && fitting[0]) || (['wrong-state', []] as const);
      return { fault, rows, exact: rows.length > 0, possible };
    }
    if (delta < 0) {
      return { fault: 'lost', rows: lost, exact: lost.length > 0, possible: new Set(['lost']) };
    }
    const possible = new Set<Fault>();
    if (below.length > 0) possible.add('duplicated');
    if (beyond.length > 0) possible.add('early');
    const [fault, rows] = faults.find(([, fitting]) => fitting.length > 0) ?? ['duplicated', []];
    const told = rows.length === 0 && below.length === 0 ? 'early' : fault;
    return { fault: told, rows, exact: rows.length > 0, possible };
  }

  #rowsOf(cell: number): Int32Array {
    const { inputs, cells } = this.#run;
    if (this.#starts === undefined) {
      const starts = new Int32Array(cells.length + 1);
      for (const of of inputs.cell) if (of >= 0) starts[of + 1] = (starts[of + 1] ?? 0) + 1;
      for (let c = 0; c < cells.length; c++)
        starts[c + 1] = (starts[c + 1] ?? 0) + (starts[c] ?? 0);
      const next = starts.slice();
      this.#rows = new Int32Array(starts[cells.length] ?? 0);
      for (const [row, of] of inputs.cell.entries()) {
        if (of < 0) continue;
        this.#rows[next[of] ?? 0] = row;
        next[of] = (next[of] ?? 0) + 1;
      }
      this.#starts = starts;
    }
    return this.#rows.subarray(this.#starts[cell], this.#starts[cell + 1]);
  }

  /** Whether an input without an answer may have a part in a cell. */
  unsure(cell: number): boolean {
    return this.#rowsOf(cell).some((row) => this.#run.inputs.pending[row] === 1);
  }
}

function ofCount(
  { expected, found }: Difference,
  below: readonly number[],
  beyond: readonly number[],
  monoid: string,
): Blame {
  if (found < 0 || !Number.isInteger(found)) return certain('wrong-state', []);
  if (found < expected) return certain('lost', below);
  if (monoid === 'set' && found > 1) return certain('duplicated', below);
  const early = found - expected <= beyond.length;
  if (below.length === 0) {
    return early ? certain('early', beyond) : certain('duplicated', beyond);
  }
  if (beyond.length === 0) return certain('duplicated', below);
  const possible = new Set<Fault>(early ? ['duplicated', 'early'] : ['duplicated']);
  return { fault: 'duplicated', rows: below, exact: true, possible };
}

function certain(fault: Fault, rows: readonly number[]): Blame {
  return { fault, rows, exact: true, possible: new Set([fault]) };
}
