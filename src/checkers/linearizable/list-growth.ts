// Lists that only grow, in which values repeat: near-linear. The longest list that was read says
// what was appended and in which order; only who appended which of equal values is open. Whoever
// must return first does, and nothing is appended before somebody could not return without it.
import { keyOf } from '../../history/value.js';
import { Interner } from '../set-full/interner.js';
import type { Outcome } from './bounds.js';
import type { Model } from './model.js';
import { actionOf } from './register-part.js';
import { open, type Part } from './timeline.js';

/** What is done to a list, by operation: −1 where nothing is. */
interface ListPart {
  readonly part: Part;
  /** The number of the value that is appended. */
  readonly values: Int32Array;
  /** The length of the list that is read. */
  readonly lengths: Int32Array;
  /** Numbers of the values of the longest list. */
  readonly longest: Int32Array;
  /** The length at the beginning. */
  readonly initial: number;
  readonly numbers: number;
}

/** Decides a part; undefined where its model is no list, or it can shrink. O(n + values read). */
export function decideList(part: Part, model: Model): Outcome | undefined {
  const given = listPartOf(part, model);
  if (given === undefined || 'verdict' in given) return given;
  return new Growth(given).run();
}

function listPartOf(part: Part, { register, init }: Model): ListPart | Outcome | undefined {
  if (register === undefined || !Array.isArray(init)) return undefined;
  const count = part.operations.length;
  const [values, lengths] = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)];
  const numbers = new Interner(count);
  const reads: [at: number, list: readonly unknown[]][] = [[-1, init]];
  let stuck = open;
  for (const [at, operation] of part.operations.entries()) {
    const action = actionOf(operation, register);
    if (action.kind === 'append') values[at] = numbers.numberOf(action.value);
    else if (action.kind === 'read' && Array.isArray(action.value)) reads.push([at, action.value]);
    else if (action.kind === 'read') stuck = Math.min(stuck, part.returns[at] as number);
    else if (action.kind !== 'nothing') return undefined;
  }
  let [longest, latest]: [readonly unknown[], number] = [init, -1];
  for (const [at, list] of reads) if (list.length > longest.length) [longest, latest] = [list, at];
  for (const [at, list] of reads) {
    const begins =
      list.length >= init.length && list.every((value, nth) => same(value, longest[nth]));
    if (at >= 0) lengths[at] = list.length;
    if (begins) continue;
    // One of the two is wrong: who, what had returned before the later one does not tell.
    const returns = [at, latest].map((each) => (each < 0 ? -1 : (part.returns[each] as number)));
    stuck = Math.min(stuck, Math.max(...returns));
  }
  if (stuck !== open) return { verdict: 'invalid', stuck };
  return {
    ...{ part, values, lengths, initial: init.length },
    longest: Int32Array.from(longest, (value) => numbers.numberOf(value)),
    numbers: numbers.values.length,
  };
}

/** As a Map has it: 0 is −0, and NaN is NaN. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [left, right] = [keyOf(a), keyOf(b)];
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}

class Growth {
  readonly #given: ListPart;
  /** The length of the list now. */
  #length: number;
  /** Whether something has been appended that nobody read. */
  #beyond = false;
  readonly #done: Uint8Array;
  /** By value: appends that have been called and not taken effect; how many of unknown outcome. */
  readonly #pending: readonly number[][];
  readonly #unknown: Int32Array;
  /** By length: reads of it that wait. */
  readonly #waiting = new Map<number, number[]>();

  constructor(given: ListPart) {
    this.#given = given;
    this.#length = given.initial;
    this.#done = new Uint8Array(given.values.length);
    this.#pending = Array.from({ length: given.numbers }, () => []);
    this.#unknown = new Int32Array(given.numbers);
  }

  run(): Outcome {
    const { events, returns } = this.#given.part;
    for (let rank = 0; rank < events.length; rank++) {
      const event = events[rank] as number;
      if ((event & 1) === 0) this.#call(event >> 1, returns[event >> 1] === open);
      else if (!this.#return(event >> 1)) return { verdict: 'invalid', stuck: rank };
    }
    return { verdict: 'valid' };
  }

  #call(at: number, unknown: boolean): void {
    const value = this.#given.values[at] as number;
    const length = this.#given.lengths[at] as number;
    if (value >= 0) {
      if (unknown) this.#unknown[value] = (this.#unknown[value] as number) + 1;
      else (this.#pending[value] as number[]).push(at);
    } else if (length < 0 || (length === this.#length && !this.#beyond)) {
      this.#done[at] = 1;
    } else {
      const waiting = this.#waiting.get(length);
      if (waiting === undefined) this.#waiting.set(length, [at]);
      else waiting.push(at);
    }
  }

  /** Whether it can have taken effect by now; makes it so. */
  #return(at: number): boolean {
    const { lengths, values, longest } = this.#given;
    const length = lengths[at] as number;
    while (this.#done[at] === 0) {
      if (length >= 0 && length < this.#length) return false;
      if (this.#length === longest.length) return this.#goBeyond(at, values[at] as number);
      if (!this.#append(longest[this.#length] as number)) return false;
    }
    return true;
  }

  /** What nobody read can be appended in any order. */
  #goBeyond(at: number, value: number): boolean {
    if (value < 0) return false;
    const pending = this.#pending[value] as number[];
    pending.splice(pending.indexOf(at), 1);
    this.#beyond = true;
    return true;
  }

  /** Appends the value that comes next: of those who can, whoever returns first does. */
  #append(value: number): boolean {
    const { returns } = this.#given.part;
    const pending = this.#pending[value] as number[];
    if (pending.length > 0) {
      let first = 0;
      for (let nth = 1; nth < pending.length; nth++) {
        const [own, least] = [pending[nth] as number, pending[first] as number];
        if ((returns[own] as number) < (returns[least] as number)) first = nth;
      }
      this.#done[pending.splice(first, 1)[0] as number] = 1;
    } else if ((this.#unknown[value] as number) > 0) {
      this.#unknown[value] = (this.#unknown[value] as number) - 1;
    } else {
      return false;
    }
    this.#length++;
    for (const at of this.#waiting.get(this.#length) ?? []) this.#done[at] = 1;
    this.#waiting.delete(this.#length);
    return true;
  }
}
