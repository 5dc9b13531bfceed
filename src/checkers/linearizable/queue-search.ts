// FIFO queues in which values repeat: a search that pairs. What is put in first is taken out first,
// so two orders are built at once, of those that put in and of those that take out, pair by pair.
// A configuration is who has had a turn; when they did is then known, if everybody is as early as
// can be. The order of those that put in is not guessed before somebody takes it out.

import { Interner } from '../set-full/interner.js';
import type { Bounds, Searched } from './bounds.js';
import { Frames } from './frames.js';
import type { Model } from './model.js';
import { Multisets } from './multisets.js';
import { never } from './operation.js';
import { slotsOf } from './pending.js';
import { type QueueEntry, QueueSide } from './queue-side.js';
import type { Part } from './timeline.js';
import { TupleTable } from './tuple-table.js';

/** What a part is to a queue. */
interface QueuePart {
  readonly events: number;
  readonly words: number;
  readonly ins: QueueSide;
  /** Those that found the queue empty, too. */
  readonly outs: QueueSide;
  /** By value: calls of those of unknown outcome that put it in. */
  readonly unknownIns: readonly (readonly number[])[];
  /** Calls of those of unknown outcome that take out. */
  readonly unknownOuts: readonly number[];
}

/** Decides a part; undefined where its model is no queue that begins empty. */
export function searchQueue(part: Part, model: Model, bounds: Bounds): Searched | undefined {
  const given = queuePartOf(part, model);
  return given && new QueueSearch(given).run(bounds);
}

function queuePartOf(part: Part, { queue, init }: Model): QueuePart | undefined {
  if (queue === undefined || !Array.isArray(init) || init.length > 0) return undefined;
  const { slotOf, words } = slotsOf(part);
  const numbers = new Interner();
  const [ins, outs]: [QueueEntry[], QueueEntry[]] = [[], []];
  const unknownIns: number[][] = [];
  const unknownOuts: number[] = [];
  for (const [at, { f, input, output, client, return: end }] of part.operations.entries()) {
    const known = end !== never;
    const action = queue({ f, input, output: known ? output : undefined, known, client });
    const [call, done] = [part.calls[at] as number, part.returns[at] as number];
    if (action.kind === 'some') {
      if (known) return undefined;
      unknownOuts.push(call);
      continue;
    }
    const more = { operation: at, call, done, slot: slotOf[at] as number };
    if (action.kind === 'empty') {
      outs.push({ ...more, value: -1 });
      continue;
    }
    if (action.value === null || action.value === undefined) return undefined;
    const value = numbers.numberOf(action.value);
    unknownIns[value] ??= [];
    if (action.kind === 'dequeue') outs.push({ ...more, value });
    else if (known) ins.push({ ...more, value });
    else unknownIns[value].push(call);
  }
  const sides = { ins: new QueueSide(ins), outs: new QueueSide(outs) };
  return { events: part.events.length, words, ...sides, unknownIns, unknownOuts };
}

/** Parts of a row: fronts, the instants of those who came last, unknown ones, masks. */
const [inAt, outAt, putAt, takenAt, usedAt, lostAt, maskAt] = [0, 1, 2, 3, 4, 5, 6];

/** What a configuration that is remembered takes besides. */
const wayBytes = 64;

class QueueSearch {
  configurations = 0;
  readonly #part: QueuePart;
  /** Configurations to go on from, the most promising last. */
  readonly #frames: Frames;
  readonly #seen: TupleTable;
  /** By row of those: instants of the last turns and unknown ones used, in threes. */
  readonly #ways: number[][] = [];
  readonly #used = new Multisets();
  /** The configuration that is looked at. */
  readonly #now: Int32Array;
  /** The rank at which the next of those that put in returns; and of those that take out. */
  #inEnd = 0;
  #outEnd = 0;
  #deepest = 0;

  constructor(part: QueuePart) {
    this.#part = part;
    const width = maskAt + 2 * part.words;
    this.#frames = new Frames(width);
    this.#seen = new TupleTable(2 + 2 * part.words);
    this.#now = new Int32Array(width);
  }

  run({ configurationsMax, bytesMax, progress }: Bounds): Searched {
    const { outs, ins, events } = this.#part;
    const frames = this.#frames;
    const now = this.#now;
    now[putAt] = -1;
    now[takenAt] = -1;
    this.#push();
    const searched = (outcome: Searched['outcome']) => ({
      outcome,
      configurations: this.configurations,
    });
    while (frames.depth > 0) {
      const { top, rows } = frames;
      for (let at = 0; at < now.length; at++) now[at] = rows[top + at] as number;
      frames.depth--;
      if (!this.#isNew()) continue;
      if (now[outAt] === outs.count) return searched({ verdict: 'valid' });
      this.#inEnd = ins.returns[now[inAt] as number] as number;
      this.#outEnd = outs.returns[now[outAt] as number] as number;
      this.#deepest = Math.max(this.#deepest, Math.min(this.#inEnd, this.#outEnd));
      this.#expand();
      const reached = this.#deepest;
      if (this.configurations > configurationsMax) {
        return searched({ verdict: 'unknown', reached, bound: 'configurationsMax' });
      }
      if ((this.configurations & 1023) !== 0) continue;
      progress?.(reached / events);
      const bytes = this.#seen.bytes + this.#used.bytes + 4 * frames.rows.length;
      if (bytes + wayBytes * this.configurations > bytesMax) {
        return searched({ verdict: 'unknown', reached, bound: 'bytesMax' });
      }
    }
    return searched({ verdict: 'invalid', stuck: this.#deepest });
  }

  /**
   * Whether there was no configuration that is as good: of the same that have had their turns, none
   * later, with no unknown ones but those that are used here.
   */
  #isNew(): boolean {
    const now = this.#now;
    const { scratch } = this.#seen;
    scratch[0] = now[inAt] as number;
    scratch[1] = now[outAt] as number;
    for (let at = maskAt; at < now.length; at++) scratch[2 + at - maskAt] = now[at] as number;
    const row = this.#seen.add();
    const alike = row < 0 ? [] : (this.#ways[row] as number[]);
    if (row < 0) this.#ways.push(alike);
    const [put, taken, used] = [
      now[putAt] as number,
      now[takenAt] as number,
      now[usedAt] as number,
    ];
    for (let at = 0; at < alike.length; at += 3) {
      if ((alike[at] as number) > put || (alike[at + 1] as number) > taken) continue;
      if (this.#used.includes(used, alike[at + 2] as number)) return false;
    }
    alike.push(put, taken, used);
    this.configurations++;
    return true;
  }

  #push(): number {
    const start = this.#frames.push();
    for (let at = 0; at < this.#now.length; at++) {
      this.#frames.rows[start + at] = this.#now[at] as number;
    }
    return start;
  }

  /** Puts all configurations that may come next on the stack. */
  #expand(): void {
    if (this.#takeFree()) return;
    const { outs } = this.#part;
    this.#findEmpty();
    this.#lose();
    const front = this.#now[outAt] as number;
    const first = outs.starts[front] as number;
    for (let at = (outs.starts[front + 1] as number) - 1; at >= first; at--) {
      const out = outs.pending[at] as number;
      if ((outs.values[out] as number) < 0 || !this.#isNext(outs, front, out)) continue;
      this.#take(out);
    }
  }

  /**
   * Takes out what has been put in, where neither delays anybody and no equal operation is in more
   * of a hurry: whatever order there is, these two can change places with others, and come first.
   */
  #takeFree(): boolean {
    const { ins, outs } = this.#part;
    const [inFront, outFront] = [this.#now[inAt] as number, this.#now[outAt] as number];
    const [put, taken] = [this.#now[putAt] as number, this.#now[takenAt] as number];
    if (inFront === ins.count) return false;
    for (
      let at = outs.starts[outFront] as number;
      at < (outs.starts[outFront + 1] as number);
      at++
    ) {
      const out = outs.pending[at] as number;
      const value = outs.values[out] as number;
      if (value < 0 || !this.#isUrgent(outs, outFront, out, taken)) continue;
      for (
        let own = ins.starts[inFront] as number;
        own < (ins.starts[inFront + 1] as number);
        own++
      ) {
        const place = ins.pending[own] as number;
        if (ins.values[place] !== value || !this.#isUrgent(ins, inFront, place, put)) continue;
        this.#pair(place, put, out, taken);
        return true;
      }
    }
    return false;
  }

  /** Whether it can have its turn at an instant, and all equal ones that have not return later. */
  #isUrgent(side: QueueSide, front: number, own: number, instant: number): boolean {
    if ((side.calls[own] as number) > instant || this.#isDone(side, own)) return false;
    const end = side.returns[front] as number;
    let other = side.before[own] as number;
    for (; other >= front; other = side.before[other] as number) {
      if ((side.calls[other] as number) > end || !this.#isDone(side, other)) return false;
    }
    return true;
  }

  /** Those that find the queue empty do so now; what comes in later comes in after them. */
  #findEmpty(): void {
    const { outs } = this.#part;
    const front = this.#now[outAt] as number;
    const instant = this.#now[takenAt] as number;
    const waiting: number[] = [];
    let free = false;
    for (let at = outs.starts[front] as number; at < (outs.starts[front + 1] as number); at++) {
      const out = outs.pending[at] as number;
      if ((outs.values[out] as number) >= 0 || this.#isDone(outs, out)) continue;
      waiting.push(out);
      if ((outs.calls[out] as number) <= instant) free = true;
    }
    if (free) return this.#allEmpty(waiting, instant);
    for (const out of waiting) this.#allEmpty(waiting, outs.calls[out] as number);
  }

  /** All that wait and have been called find the queue empty at an instant. */
  #allEmpty(waiting: readonly number[], instant: number): void {
    if (instant >= this.#inEnd || instant >= this.#outEnd) return;
    const { outs } = this.#part;
    const start = this.#push();
    this.#frames.rows[start + putAt] = instant;
    this.#frames.rows[start + takenAt] = instant;
    for (const out of waiting) {
      if ((outs.calls[out] as number) <= instant) this.#mark(start, outs, out);
    }
  }

  /**
   * Somebody of unknown outcome takes out what was put in by whoever returns next: others can wait
   * until they are in the way of something, which then comes before the next of those that take
   * out returns.
   */
  #lose(): void {
    const { ins, outs, unknownOuts } = this.#part;
    const own = this.#now[inAt] as number;
    const call = unknownOuts[this.#now[lostAt] as number];
    if (call === undefined || this.#inEnd > this.#outEnd) return;
    const put = Math.max(this.#now[putAt] as number, ins.calls[own] as number);
    const instant = Math.max(this.#now[takenAt] as number, call, put);
    if (this.#awaits(outs, ins.values[own] as number, instant)) return;
    this.#pair(own, put, -1, call);
  }

  /** Whatever `out` can take out: what unknown operations put in only as a last resort. */
  #take(out: number): void {
    const { ins, outs, unknownIns } = this.#part;
    const value = outs.values[out] as number;
    const call = outs.calls[out] as number;
    const used = this.#used.count(this.#now[usedAt] as number, value);
    const unknown = unknownIns[value]?.[used];
    if (unknown !== undefined) {
      const put = Math.max(this.#now[putAt] as number, unknown);
      if (!this.#awaits(ins, value, put)) this.#pair(-1, put, out, call);
    }
    const front = this.#now[inAt] as number;
    if (front === ins.count) return;
    const first = ins.starts[front] as number;
    for (let at = (ins.starts[front + 1] as number) - 1; at >= first; at--) {
      const own = ins.pending[at] as number;
      if (ins.values[own] !== value || !this.#isNext(ins, front, own)) continue;
      this.#pair(own, Math.max(this.#now[putAt] as number, ins.calls[own] as number), out, call);
    }
  }

  /** The next value is put in and taken out; −1 stands for those of unknown outcome. */
  #pair(own: number, put: number, out: number, call: number): void {
    const taken = Math.max(this.#now[takenAt] as number, call, put);
    if (put >= this.#inEnd || taken >= this.#outEnd) return;
    const { ins, outs } = this.#part;
    const start = this.#push();
    const { rows } = this.#frames;
    rows[start + putAt] = put;
    rows[start + takenAt] = taken;
    if (own >= 0) this.#mark(start, ins, own);
    else
      rows[start + usedAt] = this.#used.with(
        rows[start + usedAt] as number,
        outs.values[out] as number,
      );
    if (out >= 0) this.#mark(start, outs, out);
    else rows[start + lostAt] = (rows[start + lostAt] as number) + 1;
  }

  /**
   * Of equal operations at one end the one that returns first comes first, unless it is called
   * only later.
   */
  #isNext(side: QueueSide, front: number, own: number): boolean {
    if (this.#isDone(side, own)) return false;
    const instant = this.#now[side === this.#part.ins ? putAt : takenAt] as number;
    const call = Math.max(instant, side.calls[own] as number);
    for (let at = side.starts[front] as number; ; at++) {
      const other = side.pending[at] as number;
      if (other === own) return true;
      if (side.values[other] !== side.values[own] || this.#isDone(side, other)) continue;
      if ((side.calls[other] as number) <= call) return false;
    }
  }

  /** Whether somebody of known outcome who has been called has not had a turn with this value. */
  #awaits(side: QueueSide, value: number, instant: number): boolean {
    const front = this.#now[side === this.#part.ins ? inAt : outAt] as number;
    if (front === side.count) return false;
    for (let at = side.starts[front] as number; at < (side.starts[front + 1] as number); at++) {
      const place = side.pending[at] as number;
      if (side.values[place] !== value || this.#isDone(side, place)) continue;
      if ((side.calls[place] as number) <= instant) return true;
    }
    return false;
  }

  /** Where the mask of a side begins. */
  #maskOf(side: QueueSide): number {
    return side === this.#part.ins ? maskAt : maskAt + this.#part.words;
  }

  #isDone(side: QueueSide, place: number): boolean {
    const slot = side.slots[place] as number;
    const word = this.#now[this.#maskOf(side) + (slot >> 5)] as number;
    return ((word >>> (slot & 31)) & 1) === 1;
  }

  /** Somebody has had a turn; the front moves to the next who has not. */
  #mark(start: number, side: QueueSide, place: number): void {
    const { rows } = this.#frames;
    const mask = start + this.#maskOf(side);
    const flip = (slot: number) => {
      rows[mask + (slot >> 5)] = (rows[mask + (slot >> 5)] as number) ^ (1 << (slot & 31));
    };
    flip(side.slots[place] as number);
    const frontAt = start + (side === this.#part.ins ? inAt : outAt);
    for (let front = rows[frontAt] as number; front < side.count; front++) {
      const slot = side.slots[front] as number;
      if ((((rows[mask + (slot >> 5)] as number) >>> (slot & 31)) & 1) === 0) break;
      flip(slot);
      rows[frontAt] = front + 1;
    }
  }
}
