// A model over the operations of one part, as an automaton of integers. States and actions are
// numbered when they are first met; a step that was taken once is looked up from then on, as
// Knossos' memo does.
import type { Action, Model } from './model.js';
import { never, type Operation } from './operation.js';
import { PlainNumbers } from './plain-numbers.js';
import { TupleTable } from './tuple-table.js';

/** On so many states it is tried whether an action only observes. */
const probesMax = 3;

/** So many actions are few: all that they lead to from a state has room in a row. */
const denseMax = 128;

/** Not a state: the action is refused. */
export const refused = -1;

/** Equal actions have the same number, and lead from equal states to equal states. */
export class Automaton {
  /** The action of each operation. */
  readonly actionOf: Int32Array;
  readonly actions: readonly Action[];
  /**
   * By action: 1 where it leaves every state as it is. Where the model does not say, it is guessed
   * from a few states; `isRight` tells whether that was right for all states met.
   */
  readonly observes: Uint8Array;
  readonly #guessed: boolean;
  #wrong = false;
  readonly model: Model;
  readonly #states: unknown[] = [];
  readonly #values = new PlainNumbers();
  /** By number of the value that stands for a state: the state. */
  readonly #stateNumbers = new Map<number, number>();
  /** By state, where actions are few: what each action leads to, plus 2; 0 where nobody knows. */
  readonly #rows: Int32Array[] = [];
  readonly #isDense: boolean;
  /** The same where actions are many: pairs of states and actions, and what they lead to. */
  readonly #taken = new TupleTable(2);
  readonly #results: number[] = [];

  constructor(model: Model, operations: readonly Operation[]) {
    this.model = model;
    const { actionOf, actions } = actionsOf(model, operations);
    this.actionOf = actionOf;
    this.actions = actions;
    this.#isDense = actions.length <= denseMax;
    this.#guessed = model.observes === undefined;
    this.observes = Uint8Array.from(actions, (action) => (model.observes?.(action) ? 1 : 0));
    this.#stateOf(model.init);
    if (this.#guessed) this.#guess();
  }

  /**
   * Whether what was guessed holds of every state met. If it does, a search that met them all and
   * found no order is right: an order would have to leave a state that was met by an action that
   * was taken for one that only observes.
   */
  isRight(): boolean {
    if (!this.#guessed) return true;
    for (let action = 0; action < this.actions.length && !this.#wrong; action++) {
      for (let state = 0; state < this.#states.length && this.observes[action] === 1; state++) {
        this.#verify(state, action);
      }
    }
    return !this.#wrong;
  }

  /** Most steps that observe give back what they were given: there is nothing to look up. */
  #verify(state: number, action: number): void {
    const before = this.#states[state];
    const after = this.model.step(before, this.actions[action] as Action);
    if (after !== undefined && after !== before) this.next(state, action);
  }

  /** Takes no action for one that only observes. */
  forget(): void {
    this.observes.fill(0);
    this.#wrong = false;
  }

  #guess(): void {
    for (let action = 0; action < this.actions.length; action++) {
      if (this.#states.length > probesMax) break;
      this.next(0, action);
    }
    const probes = Math.min(this.#states.length, probesMax);
    for (let action = 0; action < this.actions.length; action++) {
      if (this.actions[action]?.known !== true) continue;
      let idle = true;
      for (let state = 0; state < probes && idle; state++) {
        const after = this.next(state, action);
        idle = after === refused || after === state;
      }
      this.observes[action] = idle ? 1 : 0;
    }
  }

  /** The number of the initial state. */
  get init(): number {
    return 0;
  }

  get bytes(): number {
    const rows = 4 * this.#rows.length * this.actions.length;
    return rows + this.#taken.bytes + this.#values.bytes + 50 * this.#states.length;
  }

  state(number: number): unknown {
    return this.#states[number];
  }

  /** The state after an action, or `refused`. */
  next(state: number, action: number): number {
    if (!this.#isDense) return this.#nextOfMany(state, action);
    const row = this.#rows[state] as Int32Array;
    const known = row[action] as number;
    if (known > 0) return known - 2;
    const result = this.#step(state, action);
    row[action] = result + 2;
    return result;
  }

  #nextOfMany(state: number, action: number): number {
    const { scratch } = this.#taken;
    scratch[0] = state;
    scratch[1] = action;
    const row = this.#taken.add();
    if (row >= 0) return this.#results[row] as number;
    const result = this.#step(state, action);
    this.#results.push(result);
    return result;
  }

  #step(state: number, action: number): number {
    const after = this.model.step(this.#states[state], this.actions[action] as Action);
    const result = after === undefined ? refused : this.#stateOf(after);
    if (this.#guessed && this.observes[action] === 1 && result !== refused && result !== state) {
      this.observes[action] = 0;
      this.#wrong = true;
    }
    return result;
  }

  #stateOf(state: unknown): number {
    const { stateKey } = this.model;
    const value = this.#values.numberOf(stateKey === undefined ? state : stateKey(state));
    const known = this.#stateNumbers.get(value);
    if (known !== undefined) return known;
    this.#stateNumbers.set(value, this.#states.length);
    if (this.#isDense) this.#rows.push(new Int32Array(this.actions.length));
    return this.#states.push(state) - 1;
  }
}

/** Numbers the actions of the operations. */
function actionsOf(model: Model, operations: readonly Operation[]) {
  const numbers = new PlainNumbers();
  const table = new TupleTable(5);
  const actions: Action[] = [];
  const actionOf = Int32Array.from(operations, (operation) => {
    const { f, input, output, client } = operation;
    const known = operation.return !== never;
    const { scratch } = table;
    scratch[0] = numbers.numberOf(f);
    scratch[1] = numbers.numberOf(input);
    scratch[2] = numbers.numberOf(known ? output : undefined);
    scratch[3] = known ? 1 : 0;
    scratch[4] = model.clients === true ? client : 0;
    const row = table.add();
    if (row >= 0) return row;
    const action = { f, input, output: known ? output : undefined, known, client };
    return actions.push(action) - 1;
  });
  return { actionOf, actions };
}
