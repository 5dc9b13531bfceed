// A node's double: the copy of its state on which strict mode rehearses. Every handler runs on
// both, so the double stays a copy of the state without being made anew, which would cost as much
// at every event as the state is large.
import { cloner, copyRelation } from '../kernel/plain.js';
import { type Effects, SYNC, TIMER } from './effects.js';

/** A copy of a node's state. */
export interface Double {
  readonly state: unknown;
  /** Copies as the state was copied: what an original shares with the state, its copy shares. */
  readonly copyOf: <T>(value: T) => T;
  /** Its memory, from originals to copies. */
  readonly made: WeakMap<object, object>;
}

/** The doubles of a world's states. One that is not known to be a copy any more is forgotten. */
export class Doubles {
  readonly #immutables: WeakSet<object>;
  readonly #doubles = new WeakMap<object, Double>();

  /** Objects that cannot change are in a state and in its double. */
  constructor(immutables: WeakSet<object>) {
    this.#immutables = immutables;
  }

  /** O(1) if there is one, else O(state). Throws `NotPlainError`. */
  of(state: unknown): Double {
    const known = this.#doubles.get(state as object);
    if (known !== undefined) return known;
    const made = new WeakMap<object, object>();
    // One memory for both: a timer's payload may be part of the node's state. A message that is
    // frozen for the run that counts is the same one here, and so are its parts that a state keeps.
    const copyOf = cloner(this.#immutables, made);
    return { ...copyOf({ state }), copyOf, made };
  }

  /** Whether the double still is a copy of the state; if so, the next event has it. O(state). */
  keep(state: unknown, double: Double): boolean {
    const relation = copyRelation(state, double.state, this.#immutables);
    if (relation === 'apart' && typeof state === 'object' && state !== null) {
      this.#doubles.set(state, double);
    } else this.#forget(state);
    return relation !== 'different';
  }

  /**
   * Timers that both have set: what the state's timer is given when it is due, and what it shares
   * with the state then, has its copy among what the double's shares with the double.
   */
  match(state: unknown, double: Double, effects: Effects, given: readonly unknown[]): void {
    for (let row = 0; row < effects.count; row++) {
      const what = effects.what[row];
      if (what !== TIMER && what !== SYNC) continue;
      const [original, copy] = [effects.payload[row], given[row]];
      if (original === copy) continue;
      const relation = copyRelation(original, copy, this.#immutables);
      if (relation === 'apart') double.made.set(original as object, copy as object);
      else this.#forget(state);
    }
  }

  #forget(state: unknown): void {
    this.#doubles.delete(state as object);
  }
}
