// Which reads last had, and last lacked, each element. The obvious way asks every read about every
// element; this one touches only what was read. It judges nothing.
//
// Reads are ranked by invocation and visited from the last to the first. Each element remembers the
// read that it expects next. As long as the reads that have it come as expected, none lacked it;
// the first one expected that does not come is the last that lacked it:
//
//   rank      0  1  2  3  4  5
//   has e     ×  ·  ×  ·  ×  ×     expected: 5, 4, 3 and there it stays: the last absence is 3
import type { Element, Read } from './timeline.js';

/** By element number, the ranks of reads; −1 where there is none. */
export interface Sightings {
  /** Of the reads that have the element, the one that was answered first. */
  readonly firstPresent: Int32Array;
  /** Of the reads that have it, the one that was invoked last. */
  readonly lastPresent: Int32Array;
  /** Of the reads that lack it, the one that was invoked last. */
  readonly lastAbsent: Int32Array;
}

/**
 * A read counts for an element if it was answered after the operation of index `since(element)`:
 * earlier ones could not have it. Ranks are positions in `reads`.
 * O(elements + elements read + reads), times the number of reads open at once in the worst case.
 */
export function sightingsIn(
  reads: readonly Read[],
  elements: readonly Element[],
  since: (element: Element) => number,
): Sightings {
  const done = Int32Array.from(reads, (read) => read.done.index);
  const later = laterDone(done);
  const from = Int32Array.from(elements, since);
  const expected = from.map((index) => counting(reads.length - 1, index, done, later));
  const firstPresent = new Int32Array(elements.length).fill(-1);
  const lastPresent = new Int32Array(elements.length).fill(-1);
  for (let rank = reads.length - 1; rank >= 0; rank--) {
    const doneIndex = at(done, rank);
    for (const number of reads[rank]?.elements ?? []) {
      const index = at(from, number);
      if (doneIndex <= index) continue;
      if (at(lastPresent, number) < 0) lastPresent[number] = rank;
      const first = at(firstPresent, number);
      if (first < 0 || doneIndex < at(done, first)) firstPresent[number] = rank;
      if (expected[number] === rank) expected[number] = counting(rank - 1, index, done, later);
    }
  }
  return { firstPresent, lastPresent, lastAbsent: expected };
}

/** The last read at or before `rank` that was answered after `from`. */
function counting(rank: number, from: number, done: Int32Array, later: Int32Array): number {
  let found = rank;
  while (found >= 0 && at(done, found) <= from) found = at(later, found);
  return found;
}

/** For each read the last one before it that was answered after it: it was open all the while. */
function laterDone(done: Int32Array): Int32Array {
  const later = new Int32Array(done.length);
  for (let rank = 0; rank < done.length; rank++) {
    let candidate = rank - 1;
    while (candidate >= 0 && at(done, candidate) < at(done, rank)) candidate = at(later, candidate);
    later[rank] = candidate;
  }
  return later;
}

function at(array: Int32Array, index: number): number {
  return array[index] ?? -1;
}
