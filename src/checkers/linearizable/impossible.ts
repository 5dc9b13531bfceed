// A cheap question before a search: whether somebody was told of a value that cannot have been
// there. An operation that returned before the call left another value; then the value must have
// been made after that, by an operation that had not returned when that one was called.

import type { Clue } from './bounds.js';
import type { Classes } from './classes.js';
import { kindOf } from './register-action.js';
import { classesOf } from './register-classes.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

/** The first impossible answer, with what rules it out. Finds plain cases only. O(n). */
export function impossibleAnswer(registers: RegisterPart): Clue | undefined {
  const classes = classesOf(registers);
  const { events, calls, returns } = registers.part;
  const sweep = new Sweep(registers.values);
  const since = new Int32Array(calls.length);
  for (let rank = 0; rank < events.length; rank++) {
    const operation = (events[rank] as number) >> 1;
    const own = classes.classOf[operation] as number;
    const kind = classes.kinds[own] as number;
    const value = classes.froms[own] as number;
    const asks = kind === kindOf.read || kind === kindOf.cas;
    if (((events[rank] as number) & 1) === 0) {
      if (asks) since[operation] = sweep.replacedAt(value);
      sweep.call(classes, own, returns[operation] as number);
      continue;
    }
    const latest = sweep.madeUntil[value] as number;
    const replaced = since[operation] as number;
    if (asks && latest < replaced) {
      // Those that made it had all returned before it was replaced.
      const conflict = [operation, (events[replaced] as number) >> 1];
      return { stuck: rank, conflict, certain: isCertain(registers, rank) };
    }
    sweep.done(classes, own, calls[operation] as number);
  }
  return undefined;
}

/** Whether nobody who had not returned may have changed the value, but for those who did. */
function isCertain({ part, kinds }: RegisterPart, rank: number): boolean {
  const { calls, returns } = part;
  for (let at = 0; at < calls.length && (calls[at] as number) < rank; at++) {
    const done = returns[at] as number;
    if (done <= rank || done === open) continue;
    if (kinds[at] !== kindOf.write && kinds[at] !== kindOf.cas) return false;
  }
  return true;
}

/** What is known of the values up to some instant. */
class Sweep {
  /** By value: the latest return of those that make it and have been called. */
  readonly madeUntil: Int32Array;
  /** By value: the latest call of those that have returned and found another one. */
  readonly #refused: Int32Array;
  /** The latest call of those that have returned and left a value; and of those with another. */
  #first = -1;
  #firstLeaves = -1;
  #second = -1;

  constructor(values: number) {
    this.madeUntil = new Int32Array(values).fill(-2);
    this.madeUntil[0] = -1;
    this.#refused = new Int32Array(values).fill(-1);
  }

  /** An instant at or after which another value was there than this one; −1 for none. */
  replacedAt(value: number): number {
    const left = this.#firstLeaves === value ? this.#second : this.#first;
    return Math.max(left, this.#refused[value] as number);
  }

  call({ kinds, tos }: Classes, own: number, returned: number): void {
    const kind = kinds[own];
    const value = tos[own] as number;
    if (kind !== kindOf.write && kind !== kindOf.cas) return;
    if (returned > (this.madeUntil[value] as number)) this.madeUntil[value] = returned;
  }

  done({ kinds, froms, tos }: Classes, own: number, called: number): void {
    const kind = kinds[own];
    if (kind === kindOf.mismatch) {
      const value = froms[own] as number;
      this.#refused[value] = Math.max(this.#refused[value] as number, called);
    } else if (kind !== kindOf.nothing) {
      this.#leave(tos[own] as number, called);
    }
  }

  #leave(value: number, called: number): void {
    if (value === this.#firstLeaves) {
      this.#first = Math.max(this.#first, called);
    } else if (called > this.#first) {
      this.#second = this.#first;
      this.#first = called;
      this.#firstLeaves = value;
    } else {
      this.#second = Math.max(this.#second, called);
    }
  }
}
