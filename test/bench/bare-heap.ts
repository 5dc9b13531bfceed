// The yardstick: a bare binary heap over typed arrays, ordered by (time, sequence), and the ping
// storm on it with no messages, no nodes, no recording. Every figure of the bench is a multiple of
// what this reaches in the same run.

/** A binary min-heap of slots by (time, sequence), as plain as it can be while fast. */
export class BareHeap {
  readonly times: Float64Array;
  readonly seqs: Float64Array;
  readonly slots: Int32Array;
  size = 0;
  #seq = 0;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.seqs = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
  }

  push(time: number, slot: number): void {
    const { times, seqs, slots } = this;
    const seq = this.#seq++;
    let i = this.size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (times[parent]! < time || (times[parent]! === time && seqs[parent]! < seq)) break;
      times[i] = times[parent]!;
      seqs[i] = seqs[parent]!;
      slots[i] = slots[parent]!;
      i = parent;
    }
    times[i] = time;
    seqs[i] = seq;
    slots[i] = slot;
  }

  /** Removes the first and returns its slot; read `times[0]` before. */
  pop(): number {
    const { times, seqs, slots } = this;
    const first = slots[0]!;
    const n = --this.size;
    const time = times[n]!;
    const seq = seqs[n]!;
    const slot = slots[n]!;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      const right = child + 1;
      if (
        right < n &&
        (times[right]! < times[child]! ||
          (times[right]! === times[child]! && seqs[right]! < seqs[child]!))
      ) {
        child = right;
      }
      if (time < times[child]! || (time === times[child]! && seq < seqs[child]!)) break;
      times[i] = times[child]!;
      seqs[i] = seqs[child]!;
      slots[i] = slots[child]!;
      i = child;
    }
    times[i] = time;
    seqs[i] = seq;
    slots[i] = slot;
    return first;
  }
}

/** Cheap chance for the yardstick: xorshift32, the same for heap and wheel. */
export class Xorshift {
  #x = 0x2545f491;
  below(bound: number): number {
    let x = this.#x;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#x = x;
    return (x >>> 0) % bound;
  }
}

/**
 * The ping storm on the bare heap; returns a checksum of the order of events. Whoever measures
 * again and again hands in one heap and one source of chance: V8 throws compiled code away whose
 * objects have all died, and the yardstick would be slow to no merit of ours.
 */
export function bareStorm(
  nodes: number,
  deliveries: number,
  heap = new BareHeap(4 * nodes + 1),
  random = new Xorshift(),
): number {
  const inFlight = 4 * nodes;
  heap.size = 0;
  const dest = new Int32Array(inFlight);
  for (let slot = 0; slot < inFlight; slot++) heap.push(1_000 + random.below(9_001), slot);
  let sum = 0;
  for (let i = 0; i < deliveries; i++) {
    const now = heap.times[0]!;
    const slot = heap.pop();
    sum = (Math.imul(sum, 31) + dest[slot]! + now) | 0;
    dest[slot] = random.below(nodes);
    heap.push(now + 1_000 + random.below(9_001), slot);
  }
  return sum;
}
