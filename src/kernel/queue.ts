// The event queue: an exact hierarchical timing wheel. Events leave it ordered by (time, order of
// adding). Source: Varghese & Lauck 1987, scheme 7, with the last wheel's remainder in a heap.
//
//   level 0   2 × 8,192 buckets of 1 µs     two pages: the one that time is in, and the next
//   level 1       1,024 buckets of a page   the rest of the chapter (8.4 s)
//   level 2       1,024 buckets of a chapter  the rest of the volume (2.4 h)
//   far           a binary heap             all later volumes
//
// When time enters a page, the bucket of the page after it, the front, is dealt out to level 0, and
// so on upwards: what is due within 8 ms never has to be dealt. A bucket is a doubly linked FIFO,
// and nothing can be added below one before it is dealt out, so equal times keep their order
// without comparing anything. Adding, taking and removing are O(1) but for the scan of bitmaps; an
// event is a slot in one Int32Array, never an object.
import { assert } from './assert.js';
import { BitSet } from './bit-set.js';
import { FarHeap } from './far-heap.js';
import { Shape } from './shape.js';
import { type Micros, timeUsMax } from './time.js';

/** A slot is 16 words, or 8 doubles: one line of the cache. */
const slotBits = 4;
const doublesBits = 3;
// Words. What is exported or imported V8 looks up at every use; a module's own constants it knows.
const NEXT = 0;
const PREV = 1;
const word = { kind: 2, a: 3, b: 4, keyHi: 5, keyLo: 6, cause: 7 } as const;
/** `KIND`: what kind of event; `CAUSE`: the event that caused this one. */
export const { kind: KIND, a: A, b: B, keyHi: KEY_HI, keyLo: KEY_LO, cause: CAUSE } = word;
/** The time, as a double, in two words: the fifth double of the slot. */
const timeAt = 4;
const slotDoubles = 2 ** doublesBits;
/** The numbers of a payload that is packed. */
const NUMBERS = 10;

const pageBits = 13;
const fanBits = 10;
const pageUs = 2 ** pageBits;
const perPage = 2 ** -pageBits;
const offsetMask = pageUs - 1;
const fan = 2 ** fanBits;
/** Pages of a volume. */
const volume = fan * fan;
/** Buckets: level 0, then level 1, then level 2. */
const level1 = 2 * pageUs;
const level2 = level1 + fan;
const buckets = level2 + fan;
const ringMask = level1 - 1;

/** Slot 0 is no slot: it ends lists. */
const none = 0;
export const noSlot = none;

/** What is imported, as constants: see `word`. */
const [Packed, endUs] = [Shape, timeUsMax] as const;

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
  readonly #ends = new Int32Array(2 * buckets);
  /** Which buckets are in use. */
  readonly #used = new BitSet(buckets);
  /** The bucket of level 0 that time is in. */
  #at = 0;
  /** When the page begins that time is in. */
  #startUs: Micros = 0;
  /** The last page that lies in level 0: the one after that which time is in. */
  #front = 1;
  #far = new FarHeap();
  #free = none;
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
    if (!(atUs >= this.nowUs && atUs < endUs)) this.#refuse(atUs);
    const slot = this.#fill(kind, a, b, hi, lo, cause, payload);
    this.#doubles[(slot << doublesBits) | timeAt] = atUs;
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
    const at = this.#at;
    if (!(delayUs >= 0 && (at & offsetMask) + delayUs < level1)) {
      return this.add(this.nowUs + delayUs, kind, a, b, hi, lo, cause, payload);
    }
    const slot = this.#fill(kind, a, b, hi, lo, cause, payload);
    this.#doubles[(slot << doublesBits) | timeAt] = this.nowUs + delayUs;
    this.#append(slot, (at + delayUs) & ringMask);
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
    words[at | word.kind] = kind;
    words[at | word.a] = a;
    words[at | word.b] = b;
    words[at | word.keyHi] = hi;
    words[at | word.keyLo] = lo;
    words[at | word.cause] = cause;
    this.#payloads[slot] = payload;
    this.size++;
    return slot;
  }

  /** Where in `words` the numbers of the event lie that is added next, if they are packed. */
  nextNumbers(): number {
    if (this.#free === none && this.#fresh >= this.#payloads.length) this.#grow();
    return ((this.#free === none ? this.#fresh : this.#free) << slotBits) | NUMBERS;
  }

  /** What the event in `slot` carries. A packed record is made anew by every call. */
  payload(slot: number): unknown {
    const payload = this.#payloads[slot];
    if (!(payload instanceof Packed)) return payload;
    return payload.make(this.words, (slot << slotBits) | NUMBERS);
  }

  /** When the event in `slot` is due. */
  timeOf(slot: number): Micros {
    return this.#doubles[(slot << doublesBits) | timeAt] as number;
  }

  /**
   * Takes the next event out and moves time to it; `noSlot` when none is left. The slot stays
   * readable until `release`.
   */
  take(): number {
    if (this.size === 0) return none;
    let bucket = this.#used.first(this.#at, (this.#at | offsetMask) + 1);
    if (bucket < 0) bucket = this.#turnPage();
    const slot = this.#ends[bucket << 1] as number;
    this.#unlink(slot, bucket);
    this.size--;
    this.#at = bucket;
    this.nowUs = this.#startUs + (bucket & offsetMask);
    return slot;
  }

  /** When the next event is due, if that is soon: within 8 ms. Takes nothing out. */
  get soonUs(): Micros | undefined {
    const at = this.#at;
    const bucket = this.#used.first(at, (at | offsetMask) + 1);
    if (bucket >= 0) return this.#startUs + (bucket & offsetMask);
    const other = (at & pageUs) ^ pageUs;
    const next = this.#used.first(other, other + pageUs);
    return next < 0 ? undefined : this.#startUs + pageUs + (next & offsetMask);
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
    this.words[(slot << slotBits) | NEXT] = this.#free;
    this.#free = slot;
  }

  /** Puts a taken event back in, at a later time, with all its words. */
  putBack(slot: number, atUs: Micros): void {
    assert(atUs >= this.nowUs, 'events never lie in the past', { atUs, nowUs: this.nowUs });
    this.#doubles[(slot << doublesBits) | timeAt] = atUs;
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
    twin.#ends.set(this.#ends);
    twin.#used.copyFrom(this.#used);
    twin.#at = this.#at;
    twin.#startUs = this.#startUs;
    twin.#front = this.#front;
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
      for (; slot !== none; slot = this.words[(slot << slotBits) | NEXT] as number) {
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

  /** The bucket for a time as seen from the front; −1: farther than all of them. */
  #bucketOf(atUs: Micros): number {
    const page = Math.floor(atUs * perPage);
    const ahead = page - this.#front;
    if (ahead <= 0) return ((page & 1) << pageBits) + (atUs - page * pageUs);
    if (ahead >= volume) return -1;
    const crossed = page ^ this.#front;
    if (crossed >>> fanBits === 0) return level1 + (page & (fan - 1));
    if (crossed >>> (2 * fanBits) === 0) return level2 + ((page >>> fanBits) & (fan - 1));
    return -1;
  }

  #append(slot: number, bucket: number): void {
    const words = this.words;
    const tail = this.#ends[(bucket << 1) | 1] as number;
    words[(slot << slotBits) | NEXT] = none;
    words[(slot << slotBits) | PREV] = tail;
    this.#ends[(bucket << 1) | 1] = slot;
    if (tail !== none) words[(tail << slotBits) | NEXT] = slot;
    else {
      this.#ends[bucket << 1] = slot;
      this.#used.add(bucket);
    }
  }

  #unlink(slot: number, bucket: number): void {
    const words = this.words;
    const next = words[(slot << slotBits) | NEXT] as number;
    const prev = words[(slot << slotBits) | PREV] as number;
    if (prev === none) this.#ends[bucket << 1] = next;
    else words[(prev << slotBits) | NEXT] = next;
    if (next === none) this.#ends[(bucket << 1) | 1] = prev;
    else words[(next << slotBits) | PREV] = prev;
    if (next === none && prev === none) this.#used.remove(bucket);
  }

  /** Moves time to the next page that holds events and returns its first bucket in use. */
  #turnPage(): number {
    if (this.#used.first(0, level1) < 0) this.#leap();
    const start = (this.#front & 1) << pageBits;
    this.#startUs = this.#front * pageUs;
    this.#advance();
    return this.#used.first(start, start + pageUs);
  }

  /** The front moves on by a page, which is dealt out to level 0. */
  #advance(): void {
    this.#front++;
    if (this.#front % volume === 0) this.#dealFar();
    if (this.#front % fan === 0) this.#deal(level2 + (Math.floor(this.#front / fan) & (fan - 1)));
    this.#deal(level1 + (this.#front & (fan - 1)));
  }

  /** Level 0 is empty: the front moves to the next page that holds events. */
  #leap(): void {
    const page = this.#front & (fan - 1);
    const first = this.#used.first(level1 + page + 1, level2);
    if (first >= 0) {
      this.#front += first - level1 - page;
      return this.#deal(first);
    }
    this.#leapChapter();
    // The chapter's events lie in level 1, or, of its first page, in level 0 already.
    if (this.#used.first(0, level1) < 0) this.#leap();
  }

  #leapChapter(): void {
    const chapter = Math.floor(this.#front / fan);
    const first = this.#used.first(level2 + (chapter & (fan - 1)) + 1, buckets);
    if (first >= 0) {
      this.#front = (chapter - (chapter & (fan - 1)) + first - level2) * fan;
      return this.#deal(first);
    }
    this.#front = Math.floor(this.#far.nextUs() / (volume * pageUs)) * volume;
    this.#dealFar();
  }

  /** Places what lies in the volume that the front has entered. */
  #dealFar(): void {
    const endUs = (this.#front + volume) * pageUs;
    while (this.#far.size > 0 && this.#far.nextUs() < endUs) {
      const slot = this.#far.take();
      this.#place(slot, this.timeOf(slot));
    }
  }

  /** Empties a bucket and places its events anew, in order. */
  #deal(bucket: number): void {
    let slot = this.#ends[bucket << 1] as number;
    if (slot === none) return;
    this.#ends[bucket << 1] = none;
    this.#ends[(bucket << 1) | 1] = none;
    this.#used.remove(bucket);
    while (slot !== none) {
      const next = this.words[(slot << slotBits) | NEXT] as number;
      this.#place(slot, this.timeOf(slot));
      slot = next;
    }
  }

  #allocate(): number {
    const slot = this.#free;
    if (slot !== none) {
      this.#free = this.words[(slot << slotBits) | NEXT] as number;
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
export const slotAt = (slot: number): number => slot << slotBits;
