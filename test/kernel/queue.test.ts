// The event queue against an indexed heap, and what else it promises.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  A,
  B,
  CAUSE,
  EventQueue,
  KEY_HI,
  KEY_LO,
  KIND,
  noSlot,
  slotAt,
} from '../../src/kernel/queue.js';
import { stream } from '../../src/kernel/random.js';
import { timeUsMax } from '../../src/kernel/time.js';
import { HeapQueue } from '../support/heap-queue.js';

const pageUs = 2 ** 13;
const chapterUs = pageUs * 2 ** 10;
const volumeUs = chapterUs * 2 ** 10;

/** A queue and its oracle, which get the same events under the same ids. */
class Pair {
  queue = new EventQueue();
  oracle = new HeapQueue();
  readonly #ids = new Map<number, number>();
  readonly #slots = new Map<number, number>();
  #idNext = 1;

  add(atUs: number): void {
    const id = this.#idNext++;
    const slot = this.queue.add(atUs, 1, id, 0, 0, 0, -1, id);
    this.#know(id, slot);
    this.oracle.add(id, atUs);
  }

  /** Events added so far. */
  get count(): number {
    return this.#idNext - 1;
  }

  /** Removes the waiting event that is `nth` in order, modulo their number. */
  remove(nth: number): void {
    if (this.oracle.size === 0) return;
    this.removeId(this.oracle.inOrder()[nth % this.oracle.size] as number);
  }

  /** Removes the event that was added as the `id`-th, if it still waits. */
  removeId(id: number): void {
    if (!this.oracle.has(id)) return;
    this.oracle.remove(id);
    this.queue.remove(this.#slots.get(id) as number);
  }

  /** Takes one event from each; fails when they differ. */
  take(): void {
    const slot = this.#takeBoth();
    if (slot !== noSlot) this.queue.release(slot);
  }

  /** Takes one event and puts it back in, later. */
  putBack(afterUs: number): void {
    const slot = this.#takeBoth();
    if (slot === noSlot) return;
    const atUs = Math.min(this.queue.nowUs + afterUs, timeUsMax - 1);
    this.queue.putBack(slot, atUs);
    this.oracle.add(this.#ids.get(slot) as number, atUs);
  }

  drain(): void {
    while (this.oracle.size > 0) this.take();
    expect(this.queue.take()).toBe(noSlot);
  }

  clone(): Pair {
    const twin = new Pair();
    twin.queue = this.queue.clone((payload) => payload);
    twin.oracle = this.oracle.clone();
    for (const [id, slot] of this.#slots) twin.#know(id, slot);
    twin.#idNext = this.#idNext;
    return twin;
  }

  expectSame(): void {
    expect(this.queue.size).toBe(this.oracle.size);
    expect(this.queue.waiting().map((slot) => this.#ids.get(slot))).toEqual(this.oracle.inOrder());
  }

  #takeBoth(): number {
    const id = this.oracle.take();
    const slot = this.queue.take();
    if (id === undefined) {
      expect(slot).toBe(noSlot);
      return slot;
    }
    expect([this.queue.payload(slot), this.queue.nowUs]).toEqual([id, this.oracle.nowUs]);
    return slot;
  }

  #know(id: number, slot: number): void {
    this.#ids.set(slot, id);
    this.#slots.set(id, slot);
  }
}

type Move =
  | { readonly do: 'add' | 'putBack'; readonly us: number }
  | { readonly do: 'remove'; readonly nth: number }
  | { readonly do: 'take' };

/** Delays of every scale, and those that meet the edges of pages, chapters and volumes. */
const delayUs = fc.oneof(
  fc.constantFrom(0, 0, 1, pageUs - 1, pageUs, chapterUs - 1, chapterUs, volumeUs - 1, volumeUs),
  fc.nat(40),
  fc.nat(2 * pageUs),
  fc.nat(2 * chapterUs),
  fc.nat(3 * volumeUs),
  fc.nat(30 * 24 * 3_600_000_000),
);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), us: delayUs }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('putBack' as const), us: delayUs }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), nth: fc.nat(1_000) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'take' as const }) },
);

const moves = fc.array(move, { maxLength: 150 });

function make(pair: Pair, plan: readonly Move[]): void {
  for (const what of plan) {
    if (what.do === 'take') pair.take();
    else if (what.do === 'remove') pair.remove(what.nth);
    else if (what.do === 'putBack') pair.putBack(what.us);
    else pair.add(pair.queue.nowUs + what.us);
  }
}

describe('EventQueue', () => {
  test.prop([moves], { seed: 1, numRuns: 400 })('agrees with an indexed heap', (plan) => {
    const pair = new Pair();
    make(pair, plan);
    pair.expectSame();
    pair.drain();
  });

  test.prop([moves, moves, moves], { seed: 2, numRuns: 100 })(
    'has clones that go their own way',
    (before, here, there) => {
      const pair = new Pair();
      make(pair, before);
      const twin = pair.clone();
      make(pair, here);
      make(twin, there);
      pair.drain();
      twin.drain();
    },
  );

  it('agrees with the heap over a long storm of every scale', () => {
    const pair = new Pair();
    const random = stream('queue', 'storm');
    const scales = [1, 100, pageUs, chapterUs, volumeUs, 40 * volumeUs];
    const delay = (): number => Math.floor((random.below(2 ** 32) * random.pick(scales)) / 2 ** 32);
    for (let i = 0; i < 60_000; i++) {
      if (random.below(5) < 3) pair.add(pair.queue.nowUs + delay());
      else if (random.chance(100_000)) pair.putBack(delay());
      else if (random.chance(200_000)) pair.removeId(pair.count - random.below(100));
      else pair.take();
    }
    pair.drain();
  });

  it.each([0, 1, pageUs, chapterUs, volumeUs, 3 * volumeUs + 5, 2 ** 45, 2 ** 46 - 1])(
    'keeps the order of adding among events at %i µs, wherever time is when each is added',
    (atUs) => {
      const queue = new EventQueue();
      const order: number[] = [];
      const all = [0, pageUs, chapterUs, volumeUs, 3 * volumeUs, 2 ** 45 - 1, 2 ** 45];
      const stops = all.filter((stop) => stop < atUs);
      for (const [i, stop] of stops.entries()) {
        queue.add(stop, 2, 0, 0, 0, 0, -1, undefined);
        queue.add(atUs, 1, i, 0, 0, 0, -1, undefined);
        queue.release(queue.take());
      }
      queue.add(atUs, 1, stops.length, 0, 0, 0, -1, undefined);
      for (let slot = queue.take(); slot !== noSlot; slot = queue.take()) {
        order.push(queue.words[slotAt(slot) + A] as number);
      }
      expect(order).toEqual([...stops.keys(), stops.length]);
    },
  );

  it('gives back what was added, in the words of the slot', () => {
    const queue = new EventQueue();
    const payload = { type: 'any' };
    const slot = queue.add(7, 3, 4, 5, -6, 0x7fff_ffff, 8, payload);
    const words = [KIND, A, B, KEY_HI, KEY_LO, CAUSE].map(
      (word) => queue.words[slotAt(slot) + word],
    );
    expect(words).toEqual([3, 4, 5, -6, 0x7fff_ffff, 8]);
    expect(queue.payload(slot)).toBe(payload);
    expect(queue.timeOf(slot)).toBe(7);
  });

  it('lets go of payloads when a slot is released', () => {
    const queue = new EventQueue();
    const removed = queue.add(1, 1, 0, 0, 0, 0, -1, { big: true });
    queue.remove(removed);
    const taken = queue.add(1, 1, 0, 0, 0, 0, -1, { big: true });
    queue.release(queue.take());
    expect([queue.payload(removed), queue.payload(taken)]).toEqual([undefined, undefined]);
  });

  it('copies the payloads of a clone, waiting or taken but not released', () => {
    const queue = new EventQueue();
    const waiting = queue.add(1, 1, 0, 0, 0, 0, -1, ['waiting']);
    queue.add(0, 1, 0, 0, 0, 0, -1, ['taken']);
    const taken = queue.take();
    const twin = queue.clone((payload) => [...(payload as string[])]);
    for (const slot of [waiting, taken]) {
      expect(twin.payload(slot)).toEqual(queue.payload(slot));
      expect(twin.payload(slot)).not.toBe(queue.payload(slot));
    }
  });

  it.each([
    ['in the past', 4],
    ['beyond the last instant', timeUsMax],
    ['at no instant', Number.NaN],
  ])('refuses an event %s', (_, atUs) => {
    const queue = new EventQueue();
    queue.add(5, 1, 0, 0, 0, 0, -1, undefined);
    queue.release(queue.take());
    expect(() => queue.add(atUs, 1, 0, 0, 0, 0, -1, undefined)).toThrow();
    expect(queue.size).toBe(0);
  });

  it('reaches the last instant', () => {
    const queue = new EventQueue();
    queue.add(timeUsMax - 1, 1, 0, 0, 0, 0, -1, 'last');
    queue.add(timeUsMax - 2, 1, 0, 0, 0, 0, -1, 'second to last');
    const taken = [queue.take(), queue.take()].map((slot) => queue.payload(slot));
    expect(taken).toEqual(['second to last', 'last']);
    expect(queue.nowUs).toBe(timeUsMax - 1);
  });

  it('uses slots again rather than grow', () => {
    const queue = new EventQueue();
    const slots = new Set<number>();
    for (let i = 0; i < 10_000; i++) {
      slots.add(queue.add(i, 1, 0, 0, 0, 0, -1, undefined));
      queue.release(queue.take());
    }
    expect(slots.size).toBe(1);
  });
});
