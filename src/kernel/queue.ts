// The event queue: an exact hierarchical timing wheel. Events leave it ordered by (time, order of
// adding). Source: Varghese & Lauck 1987, scheme 7, with the last wheel's remainder in a heap.
//
//   level 0   16,384 buckets of 1 µs        the page that time is in (16.4 ms)
//   level 1    1,024 buckets of a page      the chapter (16.8 s)
//   level 2    1,024 buckets of a chapter   the volume (4.8 h)
//   far        a binary heap                all later volumes
//
// When time enters a page, its bucket of level 1 is dealt out to level 0, and so on upwards. A
// bucket is a doubly linked FIFO, and nothing can be added below a bucket before it is dealt out,
// so equal times keep their order without comparing anything. Adding, taking and removing are O(1)
// but for the scan of bitmaps; an event is a slot in one Int32Array, never an object.
import { assert } from './assert.js';
import { BitSet } from './bit-set.js';
import { FarHeap } from './far-heap.js';
import { Shape } from './shape.js';
import { type Micros, timeUsMax } from './time.js';

/** A slot is 16 words, or 8 doubles: one line of the cache. */
const slotBits = 4;
const doublesBits = 3;
const NEXT = 0;
const PREV = 1;
/** What kind of event. */
export const KIND = 2;
export const A = 3;
export const B = 4;
export const KEY_HI = 5;
export const KEY_LO = 6;
/** The event that caused this one. */
export const CAUSE = 7;
/** The time, as a double, in two words: the fifth double of the slot. */
const timeAt = 4;
const slotDoubles = 2 ** doublesBits;
/** The numbers of a payload that is packed. */
const NUMBERS = 10;

const pageBits = 14;
const fanBits = 10;
const pageUs = 2 ** pageBits;
const perPage = 2 ** -pageBits;
const fan = 2 ** fanBits;
/** Buckets: level 0, then level 1, then level 2. */
const level1 = pageUs;
const level2 = pageUs + fan;
const buckets = pageUs + 2 * fan;

/** Slot 0 is no slot: it ends lists. */
export const noSlot = 0;

export class EventQueue {
  /** The time of the event taken last. */
  nowUs: Micros = 0;
  /** Events waiting. */
  size = 0;
  /** 16 words a slot, from `slotAt` on. */
  words: Int32Array;
  /** What an event carries, by slot: a value, or the shape of one whose numbers are in the slot. */
  #payloads: unknown[];
  /** The same memory as `words`. */
  #doubles: Float64Array;
  /** Head and tail of each bucket, side by side. */
  #ends = new Int32Array(2 * buckets);
  /** Which buckets are in use. */
  #used = new BitSet(buckets);
  #page = 0;
  /** Where in the page time is: the bucket of level 0. */
  #offset = 0;
  #far = new FarHeap();
  #free = noSlot;
  #fresh = 1;

  constructor(capacity = 256) {
    this.#doubles = new Float64Array(capacity * slotDoubles);
    this.words = new Int32Array(this.#doubles.buffer);
    this.#payloads = new Array(capacity).fill(undefined);
  }

  /**
   * Adds an event at `atUs`, not before `nowUs`, and returns its slot. `kind`, `a` and `b` are the
   * caller's; (hi, lo) is the event's key, `cause` the index of the event that led to it. O(1).
   */
  add(
    atUs: Micros,
    kind: number,
    a: number,
    b: number,
    hi: number,
    lo: number,
    cause: number,
    payload: unknown,
  ): number {
    if (!(atUs >= this.nowUs && atUs < timeUsMax)) this.#refuse(atUs);
    const slot = this.#fill(kind, a, b, hi, lo, cause, payload);
    this.#doubles[(slot << doublesBits) + timeAt] = atUs;
    this.#place(slot, atUs);
    return slot;
  }

  /** The same for an event that is due in `delayUs`; a little faster if that is soon. */
  addIn(
    delayUs: Micros,
    kind: number,
    a: number,
    b: number,
    hi: number,
    lo: number,
    cause: number,
    payload: unknown,
  ): number {
    const bucket = this.#offset + delayUs;
    if (!(delayUs >= 0 && bucket < pageUs)) {
      return this.add(this.nowUs + delayUs, kind, a, b, hi, lo, cause, payload);
    }
    const slot = this.#fill(kind, a, b, hi, lo, cause, payload);
    this.#doubles[(slot << doublesBits) + timeAt] = this.nowUs + delayUs;
    this.#append(slot, bucket);
    return slot;
  }

  #fill(
    kind: number,
    a: number,
    b: number,
    hi: number,
    lo: number,
    cause: number,
    payload: unknown,
  ): number {
    const slot = this.#allocate();
    const { words } = this;
    const at = slot << slotBits;
    words[at + KIND] = kind;
    words[at + A] = a;
    words[at + B] = b;
    words[at + KEY_HI] = hi;
    words[at + KEY_LO] = lo;
    words[at + CAUSE] = cause;
    this.#payloads[slot] = payload;
    this.size++;
    return slot;
  }

  /** Fills in the numbers of the event in `slot`, whose payload is a shape with `count` of them. */
  fill(slot: number, numbers: Int32Array, count: number): void {
    const { words } = this;
    const at = slotAt(slot) + NUMBERS;
    for (let i = 0; i < count; i++) words[at + i] = numbers[i] as number;
  }

  /** What the event in `slot` carries. A packed record is made anew by every call. */
  payload(slot: number): unknown {
    const payload = this.#payloads[slot];
    if (!(payload instanceof Shape)) return payload;
    return payload.make(this.words, slotAt(slot) + NUMBERS);
  }

  /** When the event in `slot` is due. */
  timeOf(slot: number): Micros {
    return this.#doubles[(slot << doublesBits) + timeAt] as number;
  }

  /**
   * Takes the next event out and moves time to it; `noSlot` when none is left. The slot stays
   * readable until `release`.
   */
  take(): number {
    if (this.size === 0) return noSlot;
    let bucket = this.#used.first(this.#offset, pageUs);
    if (bucket < 0) bucket = this.#turnPage();
    const slot = this.#ends[bucket << 1] as number;
    this.#unlink(slot, bucket);
    this.size--;
    this.#offset = bucket;
    this.nowUs = this.#page * pageUs + bucket;
    return slot;
  }

  /** When the next event is due, if that is soon: on the same page of 16 ms. Takes nothing out. */
  get soonUs(): Micros | undefined {
    const bucket = this.#used.first(this.#offset, pageUs);
    return bucket < 0 ? undefined : this.#page * pageUs + bucket;
  }

  /** Removes a waiting event. O(1), but for events hours away: O(their number). */
  remove(slot: number): void {
    this.#detach(slot);
    this.release(slot);
  }

  /** Makes a waiting event due at `atUs`, behind what is due then already. Costs as `remove`. */
  move(slot: number, atUs: Micros): void {
    this.#detach(slot);
    this.putBack(slot, atUs);
  }

  /** Gives a taken event's slot back. */
  release(slot: number): void {
    this.#payloads[slot] = undefined;
    this.words[slotAt(slot) + NEXT] = this.#free;
    this.#free = slot;
  }

  /** Puts a taken event back in, at a later time, with all its words. */
  putBack(slot: number, atUs: Micros): void {
    assert(atUs >= this.nowUs, 'events never lie in the past', { atUs, nowUs: this.nowUs });
    this.#doubles[(slot << doublesBits) + timeAt] = atUs;
    this.#place(slot, atUs);
    this.size++;
  }

  /** A queue that goes on from here independently; payloads are copied by `copy`. O(capacity). */
  clone(copy: (payload: unknown) => unknown): EventQueue {
    const twin = new EventQueue(0);
    twin.nowUs = this.nowUs;
    twin.size = this.size;
    twin.words = this.words.slice();
    twin.#doubles = new Float64Array(twin.words.buffer);
    twin.#payloads = this.#payloads.map((payload) =>
      payload === undefined || payload instanceof Shape ? payload : copy(payload),
    );
    twin.#ends = this.#ends.slice();
    twin.#used = this.#used.clone();
    twin.#page = this.#page;
    twin.#offset = this.#offset;
    twin.#far = this.#far.clone();
    twin.#free = this.#free;
    twin.#fresh = this.#fresh;
    return twin;
  }

  /** The waiting slots in the order in which they will be taken. For inspection: O(n log n). */
  waiting(): number[] {
    const order = new Map<number, number>();
    for (let bucket = 0; bucket < buckets; bucket++) {
      let slot = this.#ends[bucket << 1] as number;
      for (; slot !== noSlot; slot = this.words[slotAt(slot) + NEXT] as number) {
        order.set(slot, order.size);
      }
    }
    for (const slot of this.#far.inOrder()) order.set(slot, order.size);
    const rank = (slot: number): number => order.get(slot) ?? 0;
    return [...order.keys()].sort((a, b) => this.timeOf(a) - this.timeOf(b) || rank(a) - rank(b));
  }

  #detach(slot: number): void {
    const bucket = this.#bucketOf(this.timeOf(slot));
    if (bucket < 0) this.#far.remove(slot);
    else this.#unlink(slot, bucket);
    this.size--;
  }

  #place(slot: number, atUs: Micros): void {
    const bucket = this.#bucketOf(atUs);
    if (bucket < 0) this.#far.add(slot, atUs);
    else this.#append(slot, bucket);
  }

  /** The bucket for a time as seen from the current page; −1: farther than all of them. */
  #bucketOf(atUs: Micros): number {
    const page = Math.floor(atUs * perPage);
    if (page === this.#page) return atUs - page * pageUs;
    const crossed = page ^ this.#page;
    if (crossed >>> fanBits === 0) return level1 + (page & (fan - 1));
    if (crossed >>> (2 * fanBits) === 0) return level2 + ((page >>> fanBits) & (fan - 1));
    return -1;
  }

  #append(slot: number, bucket: number): void {
    const words = this.words;
    const tail = this.#ends[(bucket << 1) + 1] as number;
    words[slotAt(slot) + NEXT] = noSlot;
    words[slotAt(slot) + PREV] = tail;
    this.#ends[(bucket << 1) + 1] = slot;
    if (tail !== noSlot) {
      words[slotAt(tail) + NEXT] = slot;
      return;
    }
    this.#ends[bucket << 1] = slot;
    this.#used.add(bucket);
  }

  #unlink(slot: number, bucket: number): void {
    const words = this.words;
    const next = words[slotAt(slot) + NEXT] as number;
    const prev = words[slotAt(slot) + PREV] as number;
    if (prev === noSlot) this.#ends[bucket << 1] = next;
    else words[slotAt(prev) + NEXT] = next;
    if (next === noSlot) this.#ends[(bucket << 1) + 1] = prev;
    else words[slotAt(next) + PREV] = prev;
    if (next === noSlot && prev === noSlot) this.#used.remove(bucket);
  }

  /** Moves to the next page that holds events and returns its first bucket in use. */
  #turnPage(): number {
    const first = this.#used.first(level1 + (this.#page & (fan - 1)) + 1, level2);
    if (first >= 0) {
      this.#enter(this.#page - (this.#page & (fan - 1)) + (first - level1));
    } else {
      this.#turnChapter();
      // The new chapter's events lie in level 1, or, in its first page, in level 0 already.
      const here = this.#used.first(0, pageUs);
      if (here >= 0) return here;
      return this.#turnPage();
    }
    return this.#used.first(0, pageUs);
  }

  /** Makes `page` the current one and deals its bucket of level 1 out. */
  #enter(page: number): void {
    this.#page = page;
    this.#deal(level1 + (page & (fan - 1)));
  }

  #turnChapter(): void {
    const chapter = this.#page >>> fanBits;
    const first = this.#used.first(level2 + (chapter & (fan - 1)) + 1, buckets);
    if (first >= 0) {
      const target = chapter - (chapter & (fan - 1)) + (first - level2);
      this.#page = target * fan;
      this.#deal(first);
      return;
    }
    this.#turnVolume();
  }

  #turnVolume(): void {
    const volumeUs = pageUs * fan * fan;
    const volume = Math.floor(this.#far.nextUs() / volumeUs);
    this.#page = volume * fan * fan;
    while (this.#far.size > 0 && this.#far.nextUs() < (volume + 1) * volumeUs) {
      const slot = this.#far.take();
      this.#place(slot, this.timeOf(slot));
    }
  }

  /** Empties a bucket and places its events anew, in order. */
  #deal(bucket: number): void {
    let slot = this.#ends[bucket << 1] as number;
    this.#ends[bucket << 1] = noSlot;
    this.#ends[(bucket << 1) + 1] = noSlot;
    this.#used.remove(bucket);
    while (slot !== noSlot) {
      const next = this.words[slotAt(slot) + NEXT] as number;
      this.#place(slot, this.timeOf(slot));
      slot = next;
    }
  }

  #allocate(): number {
    const slot = this.#free;
    if (slot !== noSlot) {
      this.#free = this.words[slotAt(slot) + NEXT] as number;
      return slot;
    }
    if (this.#fresh >= this.#payloads.length) this.#grow();
    return this.#fresh++;
  }

  #grow(): void {
    const capacity = Math.max(256, this.#payloads.length * 2);
    const doubles = new Float64Array(capacity * slotDoubles);
    const words = new Int32Array(doubles.buffer);
    words.set(this.words); // As doubles, words that look like a NaN might change.
    this.#doubles = doubles;
    this.words = words;
    while (this.#payloads.length < capacity) this.#payloads.push(undefined);
  }

  #refuse(atUs: Micros): never {
    assert(atUs >= this.nowUs, 'events never lie in the past', { atUs, nowUs: this.nowUs });
    assert(atUs <= timeUsMax, 'events lie within 2^46 µs', { atUs });
    throw new RangeError(`${atUs} is not an instant`);
  }
}

/** Where the words of a slot begin. */
export function slotAt(slot: number): number {
  return slot << slotBits;
}
