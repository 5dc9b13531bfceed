// What the state should be at each committed clock, by one replay of the log that moves from clock
// to clock, and where the recorded state differs. Sums and counts move both ways, since they have
// inverses; a maximum that must move back is folded anew. O(inputs moved over + snapshots ×
// cells). The definition: a snapshot (C, S) is right if S is the fold of all inputs below C.

import type { Progress } from '../checker.js';
import type { StreamRun } from './run.js';
import { type Glimpse, type Inputs, partitionOf, rowAt, type Snapshot } from './run.js';

/** A cell of a snapshot that is not what it should be. */
export interface Difference {
  readonly snapshot: Snapshot | Glimpse;
  readonly cell: number;
  readonly expected: number;
  readonly found: number;
}

/** How far a replay may go. */
interface FoldLimits {
  /** Inputs passed, forwards or backwards, in all. */
  readonly movesMax: number;
  /** Whether a cell that goes on differing as before is told of in every snapshot. */
  readonly tell: 'changes' | 'all';
  /** Hears after each state what share of them was compared. */
  readonly progress?: Progress | undefined;
}

/** What is wrong, and why something could not be decided. */
interface FoldReport {
  /** In the order of the clocks. */
  readonly differences: readonly Difference[];
  readonly doubts: readonly string[];
}

/** Compares every committed snapshot, what outputs show of the state, and the final state. */
export function foldReport(run: StreamRun, limits: FoldLimits): FoldReport {
  const replay = new Replay(run, limits);
  const ordered = run.snapshots
    .concat(run.glimpses)
    .map((snapshot) => ({ snapshot, rank: rowsBelow(run.inputs, snapshot.clock) }))
    .sort((a, b) => a.rank - b.rank || a.snapshot.op - b.snapshot.op)
    .map(({ snapshot }) => snapshot);
  const all = run.final === undefined ? ordered : [...ordered, run.final];
  for (const [at, snapshot] of all.entries()) {
    if (replay.moveTo(snapshot.clock)) {
      replay.compare(snapshot);
      limits.progress?.(at / all.length);
      continue;
    }
    const left = `${all.length - at} of ${all.length} states`;
    replay.doubts.add(`${left} were not compared: movesMax = ${limits.movesMax} is reached`);
    break;
  }
  return { differences: replay.differences, doubts: [...replay.doubts] };
}

function rowsBelow(inputs: Inputs, clock: Float64Array): number {
  let rows = 0;
  for (let p = 0; p + 1 < inputs.starts.length; p++) {
    rows += rowAt(inputs, p, clock[p] ?? 0) - (inputs.starts[p] ?? 0);
  }
  return rows;
}

/** What is known of an input: it is in the log, may be, or (a snapshot has shown it) is not. */
const [present, open, absent] = [0, 1, 2];

class Replay {
  readonly differences: Difference[] = [];
  readonly doubts = new Set<string>();
  readonly #run: StreamRun;
  readonly #identity: number;
  /** Of each partition, the first row that is not in. */
  readonly #at: Int32Array;
  readonly #state: Float64Array;
  /** The state of a snapshot, spread out; identity elsewhere. */
  readonly #found: Float64Array;
  readonly #fate: Uint8Array;
  /** Of each cell: open inputs in it, the sum of their rows, and the sums of their values. */
  readonly #open: OpenInputs | undefined;
  /** How each cell differed when last looked at. */
  readonly #differs = new Map<number, number>();
  readonly #tell: FoldLimits['tell'];
  #movesLeft: number;

  constructor(run: StreamRun, { movesMax, tell }: FoldLimits) {
    this.#run = run;
    this.#tell = tell;
    this.#identity =
      run.monoid === 'max'
        ? Number.NEGATIVE_INFINITY
        : run.monoid === 'min'
          ? Number.POSITIVE_INFINITY
          : 0;
    this.#at = run.inputs.starts.slice(0, -1);
    this.#state = new Float64Array(run.cells.length).fill(this.#identity);
    this.#found = new Float64Array(run.cells.length).fill(this.#identity);
    this.#fate = run.inputs.pending.slice();
    this.#open = run.inputs.pending.includes(open) ? new OpenInputs(run.cells.length) : undefined;
    this.#movesLeft = movesMax;
  }

  /** False if that is too far. */
  moveTo(clock: Float64Array): boolean {
    const { inputs } = this.#run;
    const targets = this.#at.map((_, p) => rowAt(inputs, p, clock[p] ?? 0));
    const back = this.#identity !== 0 && targets.some((row, p) => row < (this.#at[p] ?? 0));
    if (back) this.#restart();
    let moves = 0;
    for (const [p, row] of targets.entries()) moves += Math.abs(row - (this.#at[p] ?? 0));
    this.#movesLeft -= moves;
    if (this.#movesLeft < 0) return false;
    for (const [p, target] of targets.entries()) {
      const from = this.#at[p] ?? 0;
      if (this.#identity !== 0) this.#extremes(from, target);
      else if (this.#open !== undefined) this.#careful(from, target, this.#open);
      else if (from <= target) this.#add(from, target);
      else this.#subtract(target, from);
      this.#at[p] = target;
    }
    return true;
  }

  compare(snapshot: Snapshot | Glimpse): void {
    const found = this.#found;
    const { cells, values } = snapshot;
    for (let i = 0; i < cells.length; i++) found[cells[i] ?? 0] = values[i] ?? 0;
    const state = this.#state;
    const presence = this.#run.monoid === 'set';
    const about = 'about' in snapshot ? snapshot.about : undefined;
    const count = about === undefined ? state.length : about.length;
    for (let at = 0; at < count; at++) {
      const cell = about === undefined ? at : (about[at] as number);
      const all = state[cell] ?? 0;
      const expected = presence && all > 1 ? 1 : all;
      if (found[cell] === expected && this.#open === undefined) continue;
      this.#compareCell(snapshot, cell, expected);
    }
    for (let i = 0; i < cells.length; i++) found[cells[i] ?? 0] = this.#identity;
  }

  #compareCell(snapshot: Snapshot | Glimpse, cell: number, expected: number): void {
    const found = this.#found[cell] ?? 0;
    if (this.#open !== undefined && this.#open.count(cell) > 0) {
      if (this.#mayBe(this.#open, cell, found)) return;
    }
    if (found === expected) {
      if (this.#differs.size > 0) this.#differs.delete(cell);
      return;
    }
    const how = this.#identity === 0 ? found - expected : found;
    if (this.#tell === 'changes' && this.#differs.get(cell) === how) return;
    this.#differs.set(cell, how);
    this.differences.push({ snapshot, cell, expected, found });
  }

  /** Whether inputs of which nobody knows if they are in the log can explain what was found. */
  #mayBe(inputs: OpenInputs, cell: number, found: number): boolean {
    const { monoid } = this.#run;
    const state = this.#state[cell] ?? 0;
    const row = inputs.only(cell);
    if (this.#identity !== 0 || monoid === 'set' || row === undefined) {
      if (!inputs.within(cell, found, state, monoid)) return false;
      this.doubts.add('inputs without an answer leave more than one state possible');
      return true;
    }
    const value = this.#run.inputs.value[row] ?? 0;
    if (found !== state && found !== state + value) return false;
    if (value === 0) return true;
    this.#settle(row, found === state ? absent : present, inputs);
    return true;
  }

  /** An input is in the log with all its effects, which lie side by side, or with none. */
  #settle(row: number, fate: number, inputs: OpenInputs): void {
    const { starts, offset, cell, value } = this.#run.inputs;
    const partition = partitionOf(this.#run.inputs, row);
    let at = row;
    while (at > (starts[partition] ?? 0) && offset[at - 1] === offset[row]) at--;
    for (; at < (starts[partition + 1] ?? 0) && offset[at] === offset[row]; at++) {
      const [effect, amount] = [cell[at] ?? -1, value[at] ?? 0];
      this.#fate[at] = fate;
      inputs.change(effect, at, amount, -1);
      if (fate === present) this.#state[effect] = (this.#state[effect] ?? 0) + amount;
    }
  }

  #add(from: number, to: number): void {
    const { cell, value } = this.#run.inputs;
    const state = this.#state;
    for (let row = from; row < to; row++) {
      const at = cell[row] as number;
      if (at >= 0) state[at] = (state[at] as number) + (value[row] as number);
    }
  }

  #subtract(from: number, to: number): void {
    const { cell, value } = this.#run.inputs;
    const state = this.#state;
    for (let row = from; row < to; row++) {
      const at = cell[row] as number;
      if (at >= 0) state[at] = (state[at] as number) - (value[row] as number);
    }
  }

  /** Adds or subtracts, with an eye on inputs that may not be in the log. */
  #careful(from: number, to: number, inputs: OpenInputs): void {
    const { cell, value } = this.#run.inputs;
    const sign = from <= to ? 1 : -1;
    for (let row = Math.min(from, to); row < Math.max(from, to); row++) {
      const at = cell[row] ?? -1;
      if (at < 0 || this.#fate[row] === absent) continue;
      const amount = value[row] ?? 0;
      if (this.#fate[row] === open) inputs.change(at, row, amount, sign);
      else this.#state[at] = (this.#state[at] ?? 0) + sign * amount;
    }
  }

  #extremes(from: number, to: number): void {
    const { cell, value, pending } = this.#run.inputs;
    const max = this.#run.monoid === 'max';
    for (let row = from; row < to; row++) {
      const at = cell[row] ?? -1;
      if (at < 0) continue;
      const amount = value[row] ?? 0;
      const state = this.#state[at] ?? 0;
      if (pending[row] === open) this.#open?.extreme(at, row, amount);
      else if (max ? amount > state : amount < state) this.#state[at] = amount;
    }
  }

  #restart(): void {
    this.#at.set(this.#run.inputs.starts.subarray(0, -1));
    this.#state.fill(this.#identity);
    this.#open?.clear();
  }
}

/** Inputs that may be in the log or not, by cell. */
class OpenInputs {
  readonly #count: Int32Array;
  readonly #rows: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(cells: number) {
    this.#count = new Int32Array(cells);
    this.#rows = new Float64Array(cells);
    this.#low = new Float64Array(cells);
    this.#high = new Float64Array(cells);
    this.clear();
  }

  clear(): void {
    for (const column of [this.#count, this.#rows, this.#low, this.#high]) column.fill(0);
  }

  count(cell: number): number {
    return this.#count[cell] ?? 0;
  }

  /** The row of the only one, if it is the only one. */
  only(cell: number): number | undefined {
    return this.#count[cell] === 1 ? this.#rows[cell] : undefined;
  }

  change(cell: number, row: number, value: number, sign: number): void {
    this.#count[cell] = (this.#count[cell] ?? 0) + sign;
    this.#rows[cell] = (this.#rows[cell] ?? 0) + sign * row;
    const bound = value < 0 ? this.#low : this.#high;
    bound[cell] = (bound[cell] ?? 0) + sign * value;
  }

  /** Of a maximum or minimum only the range counts. */
  extreme(cell: number, row: number, value: number): void {
    const first = this.#count[cell] === 0;
    this.#count[cell] = (this.#count[cell] ?? 0) + 1;
    this.#rows[cell] = row;
    this.#low[cell] = first ? value : Math.min(value, this.#low[cell] ?? 0);
    this.#high[cell] = first ? value : Math.max(value, this.#high[cell] ?? 0);
  }

  /** Whether `found` lies where `state` and some of them may bring it. */
  within(cell: number, found: number, state: number, monoid: string): boolean {
    const [low, high] = [this.#low[cell] ?? 0, this.#high[cell] ?? 0];
    if (monoid === 'max') return found === state || (found > state && found <= high);
    if (monoid === 'min') return found === state || (found < state && found >= low);
    if (monoid === 'set') return found === Math.min(state, 1) || (found === 1 && high > 0);
    return found >= state + low && found <= state + high;
  }
}
