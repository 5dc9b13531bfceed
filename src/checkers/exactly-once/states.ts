// States as an operation has them, in columns: for each cell that is not the monoid's identity how
// much it holds.
import type { Op } from '../../history/op.js';
import { showValue } from '../../history/value.js';
import type { Cells } from './cells.js';
import { collects, type Monoid, type Snapshot } from './run.js';
import { forPairs, listOf, misshapen } from './shapes.js';

type State = Pick<Snapshot, 'cells' | 'values' | 'lists'>;

/** Reads one state after the other. */
export class States {
  readonly #cells: Cells;
  readonly #monoid: Monoid;
  /** By cell one more than its position in the state that is being read; 0: it is not there. */
  #places = new Int32Array(1_024);

  constructor(cells: Cells, monoid: Monoid) {
    this.#cells = cells;
    this.#monoid = monoid;
  }

  /** The states of several nodes are parts of one: what they say of the same key is folded. */
  read(states: readonly (readonly [Op, unknown])[]): State {
    const cells: number[] = [];
    const amounts: number[] = [];
    const lists = this.#monoid === 'list' ? new Map<number, Int32Array>() : undefined;
    const into = { cells, amounts };
    for (const [op, state] of states) {
      forPairs(state, op, (key, value) => {
        if (!collects(this.#monoid)) {
          const fits = typeof value === 'number' && !Number.isNaN(value);
          if (!fits) throw misshapen(op, `the state of ${showValue(key)} is ${showValue(value)}`);
          this.#put(this.#cells.of(key, undefined), value, into);
          return;
        }
        const list = listOf(value, op).map((item) => this.#cells.of(key, item));
        for (const cell of list) this.#put(cell, 1, into);
        if (list.length > 0) lists?.set(this.#cells.keyNumber(key), Int32Array.from(list));
      });
    }
    for (const cell of cells) this.#places[cell] = 0;
    return { cells: Int32Array.from(cells), values: Float64Array.from(amounts), lists };
  }

  #put(cell: number, amount: number, into: { cells: number[]; amounts: number[] }): void {
    if (cell >= this.#places.length) {
      const places = new Int32Array(2 * (cell + 1));
      places.set(this.#places);
      this.#places = places;
    }
    const at = (this.#places[cell] ?? 0) - 1;
    if (at < 0) {
      this.#places[cell] = into.cells.push(cell);
      into.amounts.push(amount);
      return;
    }
    const known = into.amounts[at] ?? 0;
    const monoid = this.#monoid;
    if (monoid === 'max') into.amounts[at] = Math.max(known, amount);
    else if (monoid === 'min') into.amounts[at] = Math.min(known, amount);
    else into.amounts[at] = known + amount;
  }
}
