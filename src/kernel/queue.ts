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
import { FarHeap } from './far-heap.js';
import { type Micros, timeUsMax } from './time.js';

/** Words of a slot; see `add`. */
export const slotWords = 8;
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
  /** `slotWords` words a slot; the caller fills KIND … CAUSE after `add`. */
  words: Int32Array;
  /** What an event carries, by slot. */
  payloads: unknown[];
  #times: Float64Array;
  /** Head and tail of each bucket, side by side. */
  #ends = new Int32Array(2 * buckets);
  /** One bit a bucket, and for level 0 one bit a word of these. */
  #bits = new Int32Array(buckets >>> 5);
  #summary = new Int32Array(pageUs >>> 10);
  #page = 0;
  #far = new FarHeap();
  #free = noSlot;
  #fresh = 1;

  constructor(capacity = 256) {
    this.words = new Int32Array(capacity * slotWords);
    this.#times = new Float64Array(capacity);
    this.payloads = new Array(capacity).fill(undefined);
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
    const slot = this.#allocate();
    const { words } = this;
    const at = slot * slotWords;
    words[at + KIND] = kind;
    words[at + A] = a;
    words[at + B] = b;
    words[at + KEY_HI] = hi;
    words[at + KEY_LO] = lo;
    words[at + CAUSE] = cause;
    this.payloads[slot] = payload;
    this.#times[slot] = atUs;
    this.#place(slot, atUs);
    this.size++;
    return slot;
  }

  /** When the event in `slot` is due. */
  timeOf(slot: number): Micros {
    return this.#times[slot] as number;
  }

  /**
   * Takes the next event out and moves time to it; `noSlot` when none is left. The slot stays
   * readable until `release`.
   */
  take(): number {
    if (this.size === 0) return noSlot;
    let bucket = this.#nextIn(0, this.nowUs - this.#page * pageUs);
    if (bucket < 0) bucket = this.#turnPage();
    const slot = this.#ends[2 * bucket] as number;
    this.#unlink(slot, bucket);
    this.size--;
    this.nowUs = this.#page * pageUs + bucket;
    return slot;
  }

  /** When the next event is due, if that is soon: on the same page of 16 ms. Takes nothing out. */
  get soonUs(): Micros | undefined {
    const bucket = this.#nextIn(0, this.nowUs - this.#page * pageUs);
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
    this.payloads[slot] = undefined;
    this.words[slot * slotWords + NEXT] = this.#free;
    this.#free = slot;
  }

  /** Puts a taken event back in, at a later time, with all its words. */
  putBack(slot: number, atUs: Micros): void {
    assert(atUs >= this.nowUs, 'events never lie in the past', { atUs, nowUs: this.nowUs });
    this.#times[slot] = atUs;
    this.#place(slot, atUs);
    this.size++;
  }

  /** A queue that goes on from here independently; payloads are copied by `copy`. O(capacity). */
  clone(copy: (payload: unknown) => unknown): EventQueue {
    const twin = new EventQueue(0);
    twin.nowUs = this.nowUs;
    twin.size = this.size;
    twin.words = this.words.slice();
    twin.payloads = this.payloads.map((payload) =>
      payload === undefined ? undefined : copy(payload),
    );
    twin.#times = this.#times.slice();
    twin.#ends = this.#ends.slice();
    twin.#bits = this.#bits.slice();
    twin.#summary = this.#summary.slice();
    twin.#page = this.#page;
    twin.#far = this.#far.clone();
    twin.#free = this.#free;
    twin.#fresh = this.#fresh;
    return twin;
  }

  /** The waiting slots in the order in which they will be taken. For inspection: O(n log n). */
  waiting(): number[] {
    const order = new Map<number, number>();
    for (let bucket = 0; bucket < buckets; bucket++) {
      let slot = this.#ends[2 * bucket] as number;
      for (; slot !== noSlot; slot = this.words[slot * slotWords + NEXT] as number) {
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
    const tail = this.#ends[2 * bucket + 1] as number;
    words[slot * slotWords + NEXT] = noSlot;
    words[slot * slotWords + PREV] = tail;
    this.#ends[2 * bucket + 1] = slot;
    if (tail !== noSlot) {
      words[tail * slotWords + NEXT] = slot;
      return;
    }
    this.#ends[2 * bucket] = slot;
    const word = bucket >>> 5;
    this.#bits[word] = (this.#bits[word] as number) | (1 << (bucket & 31));
    if (bucket < pageUs) {
      this.#summary[word >>> 5] = (this.#summary[word >>> 5] as number) | (1 << (word & 31));
    }
  }

  #unlink(slot: number, bucket: number): void {
    const words = this.words;
    const next = words[slot * slotWords + NEXT] as number;
    const prev = words[slot * slotWords + PREV] as number;
    if (prev === noSlot) this.#ends[2 * bucket] = next;
    else words[prev * slotWords + NEXT] = next;
    if (next === noSlot) this.#ends[2 * bucket + 1] = prev;
    else words[next * slotWords + PREV] = prev;
    if (next === noSlot && prev === noSlot) this.#clearBit(bucket);
  }

  #clearBit(bucket: number): void {
    const word = bucket >>> 5;
    const bits = (this.#bits[word] as number) & ~(1 << (bucket & 31));
    this.#bits[word] = bits;
    if (bits === 0 && bucket < pageUs) {
      this.#summary[word >>> 5] = (this.#summary[word >>> 5] as number) & ~(1 << (word & 31));
    }
  }

  /** The first bucket in use of the level that begins at `base`, from `from` on; −1: none. */
  #nextIn(base: number, from: number): number {
    if (from >= (base === 0 ? pageUs : fan)) return -1;
    let word = (base + from) >>> 5;
    const bits = (this.#bits[word] as number) & (-1 << (from & 31));
    if (bits !== 0) return (word << 5) + lowestBit(bits);
    const end = base === 0 ? pageUs >>> 5 : (base + fan) >>> 5;
    if (base !== 0) {
      for (word++; word < end; word++) {
        const found = this.#bits[word] as number;
        if (found !== 0) return (word << 5) + lowestBit(found);
      }
      return -1;
    }
    return this.#nextBySummary(word + 1);
  }

  #nextBySummary(word: number): number {
    if (word >= pageUs >>> 5) return -1;
    let group = word >>> 5;
    let bits = (this.#summary[group] as number) & (-1 << (word & 31));
    while (bits === 0) {
      if (++group >= pageUs >>> 10) return -1;
      bits = this.#summary[group] as number;
    }
    const found = (group << 5) + lowestBit(bits);
    return (found << 5) + lowestBit(this.#bits[found] as number);
  }

  /** Moves to the next page that holds events and returns its first bucket in use. */
  #turnPage(): number {
    const first = this.#nextIn(level1, (this.#page & (fan - 1)) + 1);
    if (first >= 0) {
      this.#enter(this.#page - (this.#page & (fan - 1)) + (first - level1));
    } else {
      this.#turnChapter();
      // The new chapter's events lie in level 1, or, in its first page, in level 0 already.
      const here = this.#nextIn(0, 0);
      if (here >= 0) return here;
      return this.#turnPage();
    }
    return this.#nextIn(0, 0);
  }

  /** Makes `page` the current one and deals its bucket of level 1 out. */
  #enter(page: number): void {
    this.#page = page;
    this.#deal(level1 + (page & (fan - 1)));
  }

  #turnChapter(): void {
    const chapter = this.#page >>> fanBits;
    const first = this.#nextIn(level2, (chapter & (fan - 1)) + 1);
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
    let slot = this.#ends[2 * bucket] as number;
    this.#ends[2 * bucket] = noSlot;
    this.#ends[2 * bucket + 1] = noSlot;
    this.#clearBit(bucket);
    while (slot !== noSlot) {
      const next = this.words[slot * slotWords + NEXT] as number;
      this.#place(slot, this.#times[slot] as number);
      slot = next;
    }
  }

  #allocate(): number {
    const slot = this.#free;
    if (slot !== noSlot) {
      this.#free = this.words[slot * slotWords + NEXT] as number;
      return slot;
    }
    if (this.#fresh >= this.#times.length) this.#grow();
    return this.#fresh++;
  }

  #grow(): void {
    const capacity = Math.max(256, this.#times.length * 2);
    const words = new Int32Array(capacity * slotWords);
    words.set(this.words);
    this.words = words;
    const times = new Float64Array(capacity);
    times.set(this.#times);
    this.#times = times;
    while (this.payloads.length < capacity) this.payloads.push(undefined);
  }

  #refuse(atUs: Micros): never {
    assert(atUs >= this.nowUs, 'events never lie in the past', { atUs, nowUs: this.nowUs });
    assert(atUs <= timeUsMax, 'events lie within 2^46 µs', { atUs });
    throw new RangeError(`${atUs} is not an instant`);
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
