// The search for registers whose values may repeat. Like the general one it remembers
// configurations exactly, but it lets nothing happen before somebody must return who needs it
// (Lowe 2017, §5), and it knows what cannot matter:
//   - what only observes takes effect as soon as it can;
//   - of equal operations the one that returns first goes first, an unknown one last;
//   - once any blind write has taken effect, every other pending one may have stood just before it,
//     unseen. It is hidden: it need not be placed, and can still be used until it returns;
//   - a value is made only if somebody pending asks for it, or, at the return of the last chance to
//     make it, if somebody may ask later.
import { grown } from '../set-full/interner.js';
import type { Bounds, Outcome, Searched } from './bounds.js';
import { Frames } from './frames.js';
import { wantedLater } from './later-readers.js';
import { Multisets } from './multisets.js';
import type { Partials } from './partials.js';
import { Pending } from './pending.js';
import { kindOf } from './register-action.js';
import { type Classes, classesOf } from './register-classes.js';
import type { RegisterPart } from './register-part.js';
import { TupleTable } from './tuple-table.js';
import { Wanted } from './wanted.js';

/** Parts of a frame before its masks. */
const [rankAt, valueAt, takenAt, cursorAt, movesAt, lengthAt, masksAt] = [0, 1, 2, 3, 4, 5, 6];
/** A move: a hidden write returns unseen. Others are operations, or −2 − class of unknown ones. */
const passing = -1;

/** Searches a part to the end or to a bound; `partials` is told of longest partial orders. */
export function searchRegister(
  registers: RegisterPart,
  bounds: Bounds,
  partials?: Partials,
): Searched {
  const search = new RegisterSearch(registers, partials);
  return { outcome: search.run(bounds), configurations: search.configurations };
}

class RegisterSearch {
  configurations = 0;
  readonly #registers: RegisterPart;
  readonly #partials: Partials | undefined;
  readonly #classes: Classes;
  readonly #later: Uint8Array;
  readonly #pending: Pending;
  readonly #wanted: Wanted;
  readonly #frames: Frames;
  readonly #seen: TupleTable;
  readonly #taken = new Multisets();
  /** The moves of all frames, one after the other. */
  #moves: Int32Array<ArrayBuffer> = new Int32Array(256);
  #movesEnd = 0;
  #order: Int32Array<ArrayBuffer> = new Int32Array(64);
  #length = 0;
  /** The configuration: the rank is that of `#pending`. */
  #value = 0;
  #takenNow = 0;
  /** The words of those that have taken effect, then the words of those that are hidden. */
  readonly #masks: Int32Array;
  readonly #words: number;
  #deepest = 0;

  constructor(registers: RegisterPart, partials: Partials | undefined) {
    this.#registers = registers;
    this.#partials = partials;
    this.#classes = classesOf(registers);
    this.#later = wantedLater(registers, this.#classes);
    this.#pending = new Pending(registers.part, this.#classes.classOf, this.#classes.count);
    this.#wanted = new Wanted(this.#classes, this.#pending, registers);
    this.#words = this.#pending.slots.words;
    this.#masks = new Int32Array(2 * this.#words);
    this.#frames = new Frames(masksAt + 2 * this.#words);
    this.#seen = new TupleTable(3 + 2 * this.#words);
  }

  run(bounds: Bounds): Outcome {
    if (this.#settle()) return { verdict: 'valid' };
    this.#visit();
    const frames = this.#frames;
    while (frames.depth > 0) {
      if (!this.#advance()) {
        this.#partials?.note(this.#pending.rank, this.#order, this.#length);
        frames.depth--;
        if (frames.depth > 0) this.#restore();
        continue;
      }
      if (this.#settle()) return { verdict: 'valid' };
      if (!this.#visit()) this.#restore();
      const bound = this.#boundMet(bounds);
      if (bound !== undefined) return { verdict: 'unknown', reached: this.#deepest, bound };
    }
    return { verdict: 'invalid', stuck: this.#deepest };
  }

  #boundMet({ configurationsMax, bytesMax }: Bounds): keyof Bounds | undefined {
    if (this.configurations > configurationsMax) return 'configurationsMax';
    return this.#seen.bytes + this.#taken.bytes > bytesMax ? 'bytesMax' : undefined;
  }

  /** Remembers the configuration and makes it the topmost frame; false if it was seen before. */
  #visit(): boolean {
    const { rank } = this.#pending;
    const { scratch } = this.#seen;
    scratch[0] = rank;
    scratch[1] = this.#value;
    scratch[2] = this.#takenNow;
    for (let word = 0; word < this.#masks.length; word++) {
      scratch[3 + word] = this.#masks[word] as number;
    }
    if (this.#seen.add() >= 0) return false;
    this.configurations++;
    if (rank > this.#deepest) this.#deepest = rank;
    const start = this.#frames.push();
    const { rows } = this.#frames;
    rows[start + rankAt] = rank;
    rows[start + valueAt] = this.#value;
    rows[start + takenAt] = this.#takenNow;
    rows[start + cursorAt] = this.#movesEnd;
    rows[start + lengthAt] = this.#length;
    for (let word = 0; word < this.#masks.length; word++) {
      rows[start + masksAt + word] = this.#masks[word] as number;
    }
    this.#list();
    rows[start + movesAt] = this.#movesEnd;
    return true;
  }

  #restore(): void {
    const { rows, top } = this.#frames;
    this.#pending.back(rows[top + rankAt] as number);
    this.#value = rows[top + valueAt] as number;
    this.#takenNow = rows[top + takenAt] as number;
    this.#movesEnd = rows[top + movesAt] as number;
    this.#length = rows[top + lengthAt] as number;
    for (let word = 0; word < this.#masks.length; word++) {
      this.#masks[word] = rows[top + masksAt + word] as number;
    }
  }

  /** Makes the next move of the topmost frame; false when there is none left. */
  #advance(): boolean {
    const { rows, top } = this.#frames;
    const cursor = rows[top + cursorAt] as number;
    if (cursor === rows[top + movesAt]) return false;
    rows[top + cursorAt] = cursor + 1;
    const move = this.#moves[cursor] as number;
    if (move === passing) this.#pass();
    else if (move >= 0) this.#take(move);
    else this.#takeUnknown(-2 - move);
    return true;
  }

  /** A hidden write returns: it stood before the last write, and nobody saw it. */
  #pass(): void {
    const slot = this.#pending.slots.slotOf[this.#returning()] as number;
    this.#mark(slot, 0);
  }

  #take(operation: number): void {
    this.#mark(this.#pending.slots.slotOf[operation] as number, 0);
    this.#append(operation);
    this.#change(this.#classes.classOf[operation] as number);
  }

  #takeUnknown(own: number): void {
    this.#takenNow = this.#taken.with(this.#takenNow, own);
    this.#append(-1 - own);
    this.#change(own);
  }

  #change(own: number): void {
    this.#value = this.#classes.tos[own] as number;
    if (this.#classes.kinds[own] === kindOf.write) this.#hide();
  }

  /** A blind write has taken effect: all others that are pending are hidden from now on. */
  #hide(): void {
    const { operationIn } = this.#pending;
    const { classOf, kinds } = this.#classes;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = operationIn[slot] as number;
      if (operation < 0 || this.#has(slot, 0)) continue;
      if (kinds[classOf[operation] as number] === kindOf.write) this.#mark(slot, this.#words);
    }
  }

  /** Goes on as far as nothing has to be chosen. True at the end of the history. */
  #settle(): boolean {
    const { events } = this.#registers.part;
    const pending = this.#pending;
    for (let news = true; news; ) {
      this.#observe();
      news = false;
      while (pending.rank < events.length) {
        const event = events[pending.rank] as number;
        if ((event & 1) === 0) news = true;
        else if (!this.#leave(event >> 1)) break;
        pending.forth();
      }
      if (pending.rank === events.length) return true;
    }
    return false;
  }

  /** Frees the slot of an operation that can return without a choice. */
  #leave(operation: number): boolean {
    const slot = this.#pending.slots.slotOf[operation] as number;
    if (!this.#has(slot, 0) && !(this.#has(slot, this.#words) && !this.#useful(operation))) {
      return false;
    }
    const [word, bit] = [slot >> 5, 1 << (slot & 31)];
    this.#masks[word] = (this.#masks[word] as number) & ~bit;
    this.#masks[this.#words + word] = (this.#masks[this.#words + word] as number) & ~bit;
    return true;
  }

  /** Whether a write that returns, hidden, may be wanted by somebody. */
  #useful(operation: number): boolean {
    if (this.#later[operation] === 1) return true;
    this.#wanted.gather(this.#masks, this.#value, true);
    return this.#wanted.has(
      this.#classes.tos[this.#classes.classOf[operation] as number] as number,
    );
  }

  #observe(): void {
    const { operationIn } = this.#pending;
    const { kinds, froms, classOf } = this.#classes;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = operationIn[slot] as number;
      if (operation < 0 || this.#has(slot, 0)) continue;
      const own = classOf[operation] as number;
      const kind = kinds[own] as number;
      if (kind === kindOf.write || kind === kindOf.cas) continue;
      const equal = froms[own] === this.#value;
      if (kind === kindOf.nothing || equal === (kind === kindOf.read)) {
        this.#mark(slot, 0);
        this.#append(operation);
      }
    }
  }

  /** Lists the moves of the configuration, the most promising first. */
  #list(): void {
    const returning = this.#returning();
    const slot = this.#pending.slots.slotOf[returning] as number;
    const { classOf, kinds, froms } = this.#classes;
    const own = classOf[returning] as number;
    const [kind, from] = [kinds[own] as number, froms[own] as number];
    const writes = kind === kindOf.write;
    if (this.#has(slot, this.#words)) this.#move(passing);
    if (writes || (kind === kindOf.cas && from === this.#value)) this.#move(returning);
    this.#wanted.gather(this.#masks, this.#value, false);
    const need = kind === kindOf.read || kind === kindOf.cas ? from : -1;
    this.#listKnown(returning, need);
    this.#listUnknown(need);
  }

  /** Pending operations with a known outcome; those that make `need` first. */
  #listKnown(returning: number, need: number): void {
    const { operationIn } = this.#pending;
    const { classOf, kinds, froms, tos } = this.#classes;
    const wanted = this.#wanted;
    const exposed = this.#isExposed();
    for (let helps = need >= 0; ; helps = false) {
      for (let slot = 0; slot < operationIn.length; slot++) {
        const operation = operationIn[slot] as number;
        if (operation < 0 || operation === returning || this.#has(slot, 0)) continue;
        const own = classOf[operation] as number;
        const to = tos[own] as number;
        if ((need >= 0 && to === need) !== helps || !wanted.isFirst(operation, own)) continue;
        const kind = kinds[own];
        const can =
          kind === kindOf.cas
            ? froms[own] === this.#value
            : kind === kindOf.write && wanted.has(to) && (to !== this.#value || exposed);
        if (can) this.#move(operation);
      }
      if (!helps) break;
    }
  }

  /** Operations of unknown outcome that make what somebody wants. */
  #listUnknown(need: number): void {
    const { tos, unknownFrom, unknownWrites } = this.#classes;
    const wanted = this.#wanted;
    const exposed = this.#isExposed();
    for (const own of unknownFrom.get(this.#value) ?? []) {
      if (wanted.has(tos[own] as number) && this.#hasLeft(own)) this.#move(-2 - own);
    }
    for (let helps = need >= 0; ; helps = false) {
      for (let at = 0; at < wanted.count; at++) {
        const value = wanted.values[at] as number;
        const own = unknownWrites[value] as number;
        if (own < 0 || (value === this.#value && !exposed) || (value === need) !== helps) continue;
        if (this.#hasLeft(own)) this.#move(-2 - own);
      }
      if (!helps) break;
    }
  }

  /** Whether a pending write must still be placed: then even one of the same value is of use. */
  #isExposed(): boolean {
    const { operationIn } = this.#pending;
    const { classOf, kinds } = this.#classes;
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = operationIn[slot] as number;
      if (operation < 0 || kinds[classOf[operation] as number] !== kindOf.write) continue;
      if (!this.#has(slot, 0) && !this.#has(slot, this.#words)) return true;
    }
    return false;
  }

  /** Whether one of unknown outcome is left, and none of known outcome that would do as well. */
  #hasLeft(own: number): boolean {
    if (this.#wanted.isPending(own)) return false;
    return (this.#pending.called[own] as number) > this.#taken.count(this.#takenNow, own);
  }

  #move(move: number): void {
    if (this.#movesEnd === this.#moves.length) this.#moves = grown(this.#moves, this.#movesEnd + 1);
    this.#moves[this.#movesEnd++] = move;
  }

  #returning(): number {
    return (this.#registers.part.events[this.#pending.rank] as number) >> 1;
  }

  /** `offset` is 0 for what has taken effect, `#words` for what is hidden. */
  #has(slot: number, offset: number): boolean {
    return (((this.#masks[offset + (slot >> 5)] as number) >>> (slot & 31)) & 1) === 1;
  }

  /** What takes effect is hidden no longer. */
  #mark(slot: number, offset: number): void {
    const [word, bit] = [slot >> 5, 1 << (slot & 31)];
    this.#masks[offset + word] = (this.#masks[offset + word] as number) | bit;
    if (offset > 0) return;
    const hidden = this.#words + word;
    this.#masks[hidden] = (this.#masks[hidden] as number) & ~bit;
  }

  #append(entry: number): void {
    if (this.#length === this.#order.length) this.#order = grown(this.#order, this.#length + 1);
    this.#order[this.#length++] = entry;
  }
}
