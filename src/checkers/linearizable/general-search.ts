// The search that serves every model: depth first over configurations, each remembered exactly, so
// that none is visited twice. A configuration is the first return whose operation has not taken
// effect, which of the operations pending there have, how many of unknown outcome, and the state.
// Sources: Wing & Gong 1993; Lowe 2017, §3 (memory) and §5 (just in time); Horn & Kroening 2015.
import { grown } from '../set-full/interner.js';
import { type Automaton, refused } from './automaton.js';
import type { BoundName, Bounds, Outcome, Searched } from './bounds.js';
import { Frames } from './frames.js';
import { Multisets } from './multisets.js';
import type { Partials } from './partials.js';
import { Pending } from './pending.js';
import type { Part } from './timeline.js';
import { TupleTable } from './tuple-table.js';

/** Parts of a frame before its mask. */
const [rankAt, stateAt, takenAt, cursorAt, lengthAt, maskAt] = [0, 1, 2, 3, 4, 5];

/** Searches a part to the end or to a bound; `partials` is told of longest partial orders. */
export function searchGenerally(
  part: Part,
  automaton: Automaton,
  bounds: Bounds,
  partials?: Partials,
): Searched {
  const search = new GeneralSearch(part, automaton, partials);
  const outcome = search.run(bounds);
  const { configurations } = search;
  if (outcome.verdict !== 'invalid' || automaton.isRight()) return { outcome, configurations };
  automaton.forget();
  const again = new GeneralSearch(part, automaton, partials);
  const certain = again.run(bounds);
  return { outcome: certain, configurations: configurations + again.configurations };
}

class GeneralSearch {
  configurations = 0;
  readonly #part: Part;
  readonly #automaton: Automaton;
  readonly #partials: Partials | undefined;
  readonly #pending: Pending;
  /** The actions of operations of unknown outcome. */
  readonly #kinds: Int32Array;
  /** By action: 1 where two of its operations are ever pending at once. */
  readonly #twinned: Uint8Array;
  readonly #frames: Frames;
  readonly #seen: TupleTable;
  readonly #taken = new Multisets();
  /** The operations that have taken effect, in this order. */
  #order: Int32Array<ArrayBuffer> = new Int32Array(64);
  #length = 0;
  /** The configuration: the rank is that of `#pending`. */
  #state: number;
  #takenNow = 0;
  readonly #mask: Int32Array;
  #deepest = 0;

  constructor(part: Part, automaton: Automaton, partials: Partials | undefined) {
    this.#part = part;
    this.#automaton = automaton;
    this.#partials = partials;
    this.#pending = new Pending(part, automaton.actionOf, automaton.actions.length);
    const { words, slotOf } = this.#pending.slots;
    const unknown = automaton.actionOf.filter((_, operation) => slotOf[operation] === -1);
    this.#kinds = Int32Array.from(new Set(unknown));
    this.#twinned = twinsOf(part, automaton);
    this.#frames = new Frames(maskAt + words);
    this.#seen = new TupleTable(3 + words);
    this.#state = automaton.init;
    this.#mask = new Int32Array(words);
  }

  run(bounds: Bounds): Outcome {
    if (this.#settle()) return this.#done();
    this.#visit();
    const frames = this.#frames;
    while (frames.depth > 0) {
      if (!this.#advance()) {
        this.#note();
        frames.depth--;
        if (frames.depth > 0) this.#restore();
        continue;
      }
      if (this.#settle()) return this.#done();
      if (!this.#visit()) this.#restore();
      const bound = this.#boundMet(bounds);
      if (bound !== undefined) return { verdict: 'unknown', reached: this.#deepest, bound };
    }
    return { verdict: 'invalid', stuck: this.#deepest };
  }

  #done(): Outcome {
    this.#note();
    return { verdict: 'valid' };
  }

  #note(): void {
    if (this.#pending.rank !== this.#partials?.stuck) return;
    this.#partials.note(this.#order.subarray(0, this.#length));
  }

  #boundMet({ configurationsMax, bytesMax, progress }: Bounds): BoundName | undefined {
    if (this.configurations > configurationsMax) return 'configurationsMax';
    if ((this.configurations & 1023) !== 0) return undefined;
    progress?.(this.#deepest / this.#part.events.length);
    const bytes = this.#seen.bytes + this.#taken.bytes + this.#automaton.bytes;
    return bytes > bytesMax ? 'bytesMax' : undefined;
  }

  /** Remembers the configuration and makes it the topmost frame; false if it was seen before. */
  #visit(): boolean {
    const { rank } = this.#pending;
    const { scratch } = this.#seen;
    scratch[0] = rank;
    scratch[1] = this.#state;
    scratch[2] = this.#takenNow;
    const mask = this.#mask; // Word by word: there are few.
    for (let word = 0; word < mask.length; word++) scratch[3 + word] = mask[word] as number;
    if (this.#seen.add() >= 0) return false;
    this.configurations++;
    if (rank > this.#deepest) this.#deepest = rank;
    const start = this.#frames.push();
    const { rows } = this.#frames;
    rows[start + rankAt] = rank;
    rows[start + stateAt] = this.#state;
    rows[start + takenAt] = this.#takenNow;
    rows[start + cursorAt] = 0;
    rows[start + lengthAt] = this.#length;
    for (let word = 0; word < mask.length; word++) {
      rows[start + maskAt + word] = mask[word] as number;
    }
    return true;
  }

  /** Goes back to the configuration of the topmost frame. */
  #restore(): void {
    const { rows, top } = this.#frames;
    this.#pending.back(rows[top + rankAt] as number);
    this.#state = rows[top + stateAt] as number;
    this.#takenNow = rows[top + takenAt] as number;
    this.#length = rows[top + lengthAt] as number;
    for (let word = 0; word < this.#mask.length; word++) {
      this.#mask[word] = rows[top + maskAt + word] as number;
    }
  }

  /**
   * Lets the next candidate of the topmost frame take effect; false when there is none left. First
   * whoever must return next, then those that make this possible, then the others, and last those
   * of unknown outcome.
   */
  #advance(): boolean {
    const { rows, top } = this.#frames;
    const { count } = this.#pending.slots;
    const last = 2 * count + this.#kinds.length;
    for (let cursor = rows[top + cursorAt] as number; cursor <= last; cursor++) {
      const done =
        cursor > 2 * count
          ? this.#takeUnknown(this.#kinds[cursor - 2 * count - 1] as number)
          : cursor === 0
            ? this.#takeReturning()
            : this.#takePending((cursor - 1) % count, cursor <= count);
      if (!done) continue;
      rows[top + cursorAt] = cursor + 1;
      return true;
    }
    return false;
  }

  #takeReturning(): boolean {
    const operation = this.#returning();
    return this.#take(operation, this.#pending.slots.slotOf[operation] as number);
  }

  /** Those that help whoever must return next have the first turn, the others the second. */
  #takePending(slot: number, first: boolean): boolean {
    const operation = this.#pending.operationIn[slot] as number;
    const returning = this.#returning();
    if (operation < 0 || operation === returning || this.#has(slot)) return false;
    const { actionOf } = this.#automaton;
    const action = actionOf[operation] as number;
    const after = this.#automaton.next(this.#state, action);
    if (after === refused) return false;
    const helps = this.#automaton.next(after, actionOf[returning] as number) !== refused;
    if (helps !== first || this.#laterTwin(operation, action)) return false;
    return this.#take(operation, slot);
  }

  /** Of equal pending operations only the one that returns first need be tried. */
  #laterTwin(operation: number, action: number): boolean {
    if (this.#twinned[action] === 0) return false;
    const { operationIn } = this.#pending;
    const { returns } = this.#part;
    const own = returns[operation] as number;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const other = operationIn[slot] as number;
      if (other < 0 || this.#automaton.actionOf[other] !== action) continue;
      if ((returns[other] as number) < own && !this.#has(slot)) return true;
    }
    return false;
  }

  #take(operation: number, slot: number): boolean {
    const after = this.#automaton.next(this.#state, this.#automaton.actionOf[operation] as number);
    if (after === refused) return false;
    this.#state = after;
    this.#mark(operation, slot);
    return true;
  }

  /** What changes nothing need not happen, when nobody knows whether it did. */
  #takeUnknown(action: number): boolean {
    const left =
      (this.#pending.called[action] as number) - this.#taken.count(this.#takenNow, action);
    if (left <= 0) return false;
    const after = this.#automaton.next(this.#state, action);
    if (after === refused || after === this.#state) return false;
    this.#state = after;
    this.#append(-1 - action);
    this.#takenNow = this.#taken.with(this.#takenNow, action);
    return true;
  }

  /**
   * Goes on as far as nothing has to be chosen: what only observes takes effect as soon as it can,
   * and returns of what has taken effect are passed. True at the end of the history.
   */
  #settle(): boolean {
    const { events } = this.#part;
    const pending = this.#pending;
    for (let news = true; news; ) {
      this.#observe();
      news = false;
      while (pending.rank < events.length) {
        const event = events[pending.rank] as number;
        if ((event & 1) === 0) {
          news = true;
        } else {
          const slot = pending.slots.slotOf[event >> 1] as number;
          if (!this.#has(slot)) break;
          this.#mask[slot >> 5] = (this.#mask[slot >> 5] as number) & ~(1 << (slot & 31));
        }
        pending.forth();
      }
      if (pending.rank === events.length) return true;
    }
    return false;
  }

  #observe(): void {
    const { operationIn } = this.#pending;
    const { observes, actionOf } = this.#automaton;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = operationIn[slot] as number;
      if (operation < 0 || this.#has(slot)) continue;
      const action = actionOf[operation] as number;
      if (observes[action] === 0) continue;
      if (this.#automaton.next(this.#state, action) === this.#state) this.#mark(operation, slot);
    }
  }

  /** The operation whose return comes next. */
  #returning(): number {
    return (this.#part.events[this.#pending.rank] as number) >> 1;
  }

  #has(slot: number): boolean {
    return (((this.#mask[slot >> 5] as number) >>> (slot & 31)) & 1) === 1;
  }

  #mark(operation: number, slot: number): void {
    this.#mask[slot >> 5] = (this.#mask[slot >> 5] as number) | (1 << (slot & 31));
    this.#append(operation);
  }

  /** Operations of unknown outcome stand in the order as −1 − action. */
  #append(entry: number): void {
    if (this.#length === this.#order.length) this.#order = grown(this.#order, this.#length + 1);
    this.#order[this.#length++] = entry;
  }
}

function twinsOf({ events }: Part, { actionOf, actions }: Automaton): Uint8Array {
  const twinned = new Uint8Array(actions.length);
  const counts = new Int32Array(actions.length);
  for (const event of events) {
    const action = actionOf[event >> 1] as number;
    const now = (counts[action] as number) + ((event & 1) === 0 ? 1 : -1);
    counts[action] = now;
    if (now > 1) twinned[action] = 1;
  }
  return twinned;
}
