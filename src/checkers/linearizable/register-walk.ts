// One configuration of a register at a time, and how it can go on. The walk lets nothing happen
// before somebody must return who needs it (Lowe 2017, §5), and it knows what cannot matter:
//   - what only observes takes effect as soon as it can;
//   - of equal operations the one that returns first goes first, an unknown one last;
//   - once any blind write has taken effect, every other pending one may have stood just before it,
//     unseen. It is hidden: it need not be placed, and can still be used until it returns;
//   - a value is made only if somebody pending asks for it, or, at the return of the last chance to
//     make it, if somebody may ask later;
//   - nothing goes on where a value is asked for that nobody can make in time.
import { grown } from '../set-full/interner.js';
import { Candidates } from './candidates.js';
import type { Classes } from './classes.js';
import { wantedLater } from './later-readers.js';
import { Makers } from './makers.js';
import { PendingMasks } from './pending-masks.js';
import { kindOf } from './register-action.js';
import { classesOf } from './register-classes.js';
import type { RegisterPart } from './register-part.js';
import { Used } from './used.js';
import { Wanted } from './wanted.js';

/** Parts of a row before its masks. */
const rankAt = 0;
export const [valueAt, usedAt, masksAt] = [1, 2, 3];
/** A move: a hidden write returns unseen. Others are operations, or −2 − class of unknown ones. */
const passing = -1;
/** Added to operations in an order that stood before the last write, unseen. */
const unseen = 2 ** 30;

/** A list of moves that grows at its end. */
export class Moves {
  rows: Int32Array<ArrayBuffer> = new Int32Array(16);
  end = 0;

  push(move: number): void {
    if (this.end === this.rows.length) this.rows = grown(this.rows, this.end + 1);
    this.rows[this.end++] = move;
  }
}

export class RegisterWalk {
  readonly classes: Classes;
  readonly pending: PendingMasks;
  readonly used: Used;
  /** The configuration: the rank is that of `pending`. */
  value = 0;
  usedNow = 0;
  /** The words of those that have taken effect, then the words of those that are hidden. */
  readonly masks: Int32Array;
  readonly words: number;
  /**
   * What has taken effect: operations, −1 − class of unknown ones, and `unseen` + operation for
   * hidden writes when they return.
   */
  order: Int32Array<ArrayBuffer> = new Int32Array(16);
  length = 0;
  readonly #events: Int32Array;
  readonly #plenty: number;
  readonly #later: Uint8Array;
  readonly #wanted: Wanted;
  readonly #makers: Makers;
  readonly #candidates: Candidates;

  constructor(registers: RegisterPart) {
    this.#events = registers.part.events;
    this.#plenty = registers.plenty;
    this.classes = classesOf(registers);
    this.used = new Used(this.classes);
    this.#later = wantedLater(registers, this.classes);
    this.pending = new PendingMasks(registers, this.classes);
    this.#wanted = new Wanted(this.classes, this.pending, registers);
    this.#makers = new Makers(this.classes, this.pending, registers);
    this.words = this.pending.words;
    this.masks = new Int32Array(2 * this.words);
    const { classes, pending } = this;
    this.#candidates = new Candidates(classes, pending, this.#wanted, this.#makers);
  }

  /** Integers in a row that holds a configuration. */
  get width(): number {
    return masksAt + this.masks.length;
  }

  /**
   * Whether unknown compare-and-sets are used only where their value is there and what they make
   * is asked for. Then some orders are not found.
   */
  set frugal(frugal: boolean) {
    this.#wanted.frugal = frugal && this.classes.unknownTo.size > 0;
  }

  get frugal(): boolean {
    return this.#wanted.frugal;
  }

  save(rows: Int32Array, start: number): void {
    rows[start + rankAt] = this.pending.rank;
    rows[start + valueAt] = this.value;
    rows[start + usedAt] = this.usedNow;
    for (let word = 0; word < this.masks.length; word++) {
      rows[start + masksAt + word] = this.masks[word] as number;
    }
  }

  /** Goes to a configuration whose rank is that of `pending` or less. */
  load(rows: Int32Array, start: number): void {
    this.pending.back(rows[start + rankAt] as number);
    this.value = rows[start + valueAt] as number;
    this.usedNow = rows[start + usedAt] as number;
    for (let word = 0; word < this.masks.length; word++) {
      this.masks[word] = rows[start + masksAt + word] as number;
    }
  }

  make(move: number): void {
    if (move === passing) this.#pass();
    else if (move >= 0) this.#take(move);
    else this.#takeUnknown(-2 - move);
  }

  /** A hidden write returns: it stood before the last write, and nobody saw it. */
  #pass(): void {
    const operation = this.#returning();
    this.#mark(this.pending.slots.slotOf[operation] as number);
    this.#append(unseen + operation);
  }

  #take(operation: number): void {
    this.#mark(this.pending.slots.slotOf[operation] as number);
    this.#append(operation);
    this.#change(this.classes.classOf[operation] as number);
  }

  #takeUnknown(own: number): void {
    if (this.classes.tos[own] !== this.#plenty) this.usedNow = this.used.with(this.usedNow, own);
    this.#append(-1 - own);
    this.#change(own);
  }

  #change(own: number): void {
    this.value = this.classes.tos[own] as number;
    if (this.classes.kinds[own] === kindOf.write) this.#hide();
  }

  /** A blind write has taken effect: all others that are pending are hidden from now on. */
  #hide(): void {
    const { writes } = this.pending;
    for (let word = 0; word < this.words; word++) {
      const hidden = this.words + word;
      const unseen = (writes[word] as number) & ~(this.masks[word] as number);
      this.masks[hidden] = (this.masks[hidden] as number) | unseen;
    }
  }

  /** Says of an operation, pending at the beginning, that it may have taken effect before. */
  free(operation: number): void {
    const slot = this.pending.slots.slotOf[operation] as number;
    const word = this.words + (slot >> 5);
    this.masks[word] = (this.masks[word] as number) | (1 << (slot & 31));
  }

  /** Goes on as far as nothing has to be chosen. True at the end of the history. */
  settle(): boolean {
    const pending = this.pending;
    const events = this.#events;
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

  /** An order with hidden writes in their places: each just before a blind write. */
  shownOrder(order: Int32Array): readonly number[] {
    const { kinds, classOf } = this.classes;
    const shown: number[] = [];
    const waiting: number[] = [];
    for (let at = order.length - 1; at >= 0; at--) {
      const entry = order[at] as number;
      if (entry >= unseen) {
        waiting.push(entry - unseen);
        continue;
      }
      shown.push(entry);
      const own = entry < 0 ? -1 - entry : (classOf[entry] as number);
      if (kinds[own] === kindOf.write) shown.push(...waiting.splice(0));
    }
    return shown.reverse();
  }

  /** The rank of the first return of somebody who asks for a value in vain, or −1. */
  doom(): number {
    return this.#makers.lack(this.masks, this.value, (own) => this.#left(own));
  }

  /** Frees the slot of an operation that can return without a choice. */
  #leave(operation: number): boolean {
    const slot = this.pending.slots.slotOf[operation] as number;
    if (!this.#has(slot, 0) && !(this.#has(slot, this.words) && !this.#useful(operation))) {
      return false;
    }
    if (!this.#has(slot, 0)) this.#append(unseen + operation);
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    this.masks[word] = (this.masks[word] as number) & ~bit;
    this.masks[this.words + word] = (this.masks[this.words + word] as number) & ~bit;
    return true;
  }

  /** Whether an operation that returns, hidden, may be wanted by somebody. */
  #useful(operation: number): boolean {
    const own = this.classes.classOf[operation] as number;
    if (this.#later[operation] === 1 || this.classes.kinds[own] === kindOf.cas) return true;
    this.#wanted.gather(this.masks, this.value, true);
    return this.#wanted.has(this.classes.tos[own] as number);
  }

  #observe(): void {
    const { idle, mismatches, readsOf, mismatchesOf, operationIn } = this.pending;
    const { masks, words } = this;
    for (let word = 0, at = this.value * words; word < words; word++, at++) {
      const refused = (mismatches[word] as number) & ~(mismatchesOf[at] as number);
      const right = (readsOf[at] as number) | refused | (idle[word] as number);
      const marked = right & ~(masks[word] as number);
      if (marked === 0) continue;
      masks[word] = (masks[word] as number) | marked;
      masks[words + word] = (masks[words + word] as number) & ~marked;
      for (let rest = marked; rest !== 0; rest &= rest - 1) {
        this.#append(operationIn[(word << 5) + 31 - Math.clz32(rest & -rest)] as number);
      }
    }
  }

  /** Lists the moves of the configuration, the most promising first. */
  list(moves: Moves): void {
    const returning = this.#returning();
    const slot = this.pending.slots.slotOf[returning] as number;
    const { classOf, kinds, froms } = this.classes;
    const own = classOf[returning] as number;
    const kind = kinds[own] as number;
    const from = froms[own] as number;
    const writes = kind === kindOf.write;
    this.#wanted.gather(this.masks, this.value, false);
    this.#candidates.find(this.masks, this.value, slot);
    for (let word = 0; word < this.words; word++) {
      this.#push(moves, this.#candidates.urgent[word] as number, word);
    }
    if (this.#has(slot, this.words)) moves.push(passing);
    if (writes || (kind === kindOf.cas && from === this.value)) moves.push(returning);
    const need = kind === kindOf.read || kind === kindOf.cas ? from : -1;
    this.#listKnown(moves, need);
    this.#listUnknown(moves, need);
  }

  /** Pending operations with a known outcome; those that make `need` first. */
  #listKnown(moves: Moves, need: number): void {
    const { words, writesOf, setsOf } = this.pending;
    for (let helps = need >= 0; ; helps = false) {
      for (let word = 0; word < words; word++) {
        let listed = this.#candidates.others[word] as number;
        if (need >= 0) {
          const at = need * words + word;
          const makes = (writesOf[at] as number) | (setsOf[at] as number);
          listed &= helps ? makes : ~makes;
        }
        this.#push(moves, listed, word);
      }
      if (!helps) break;
    }
  }

  #push(moves: Moves, mask: number, word: number): void {
    const { operationIn } = this.pending;
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      moves.push(operationIn[(word << 5) + 31 - Math.clz32(rest & -rest)] as number);
    }
  }

  /** Operations of unknown outcome that make what somebody wants. */
  #listUnknown(moves: Moves, need: number): void {
    const { tos, unknownFrom, unknownWrites } = this.classes;
    const wanted = this.#wanted;
    const { exposed } = this.#candidates;
    for (const own of unknownFrom.get(this.value) ?? []) {
      if (wanted.has(tos[own] as number) && this.#hasLeft(own)) moves.push(-2 - own);
    }
    for (let helps = need >= 0; ; helps = false) {
      for (let at = 0; at < wanted.count; at++) {
        const value = wanted.values[at] as number;
        const own = unknownWrites[value] as number;
        if (own < 0 || (value === this.value && !exposed) || (value === need) !== helps) continue;
        if (this.#hasLeft(own)) moves.push(-2 - own);
      }
      if (!helps) break;
    }
  }

  /** Whether one of unknown outcome is left, and none of known outcome that would do as well. */
  #hasLeft(own: number): boolean {
    return !this.#wanted.isPending(own) && this.#left(own);
  }

  /** Whether an operation of unknown outcome of a class is left. */
  #left(own: number): boolean {
    const called = this.pending.called[own] as number;
    if (called === 0 || this.classes.tos[own] === this.#plenty) return called > 0;
    return called > this.used.count(this.usedNow, own);
  }

  #returning(): number {
    return (this.#events[this.pending.rank] as number) >> 1;
  }

  /** `offset` is 0 for what has taken effect, `words` for what is hidden. */
  #has(slot: number, offset: number): boolean {
    return (((this.masks[offset + (slot >> 5)] as number) >>> (slot & 31)) & 1) === 1;
  }

  /** What takes effect is hidden no longer. */
  #mark(slot: number): void {
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    this.masks[word] = (this.masks[word] as number) | bit;
    const hidden = this.words + word;
    this.masks[hidden] = (this.masks[hidden] as number) & ~bit;
  }

  #append(entry: number): void {
    if (this.length === this.order.length) this.order = grown(this.order, this.length + 1);
    this.order[this.length++] = entry;
  }
}
