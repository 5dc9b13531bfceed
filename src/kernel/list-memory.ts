// Contents of long lists that nobody can change. Such a list goes from node to node, to disks and
// into the history as it is; what it adds to the hashes of all these is found out once, while it is
// still about: to go through its words takes a quarter of the time.
import { constantOf, halvesOf, textHash } from './content.js';

/** So many lists are kept in mind. */
const listsMax = 16;

/** Longer ones are not: room for all their words costs more than to go through them again. */
export const sectionMax = 65_536;

/** What is imported, as a constant of this module: V8 looks imports up at every use. */
const hashOf = textHash;

export class ListMemory {
  readonly #lists: (readonly unknown[] | undefined)[] = new Array(listsMax).fill(undefined);
  readonly #words: Int32Array[] = new Array(listsMax).fill(new Int32Array(0));
  /** Where those lie, which are the first of them. */
  readonly #rooms: Int32Array[] = new Array(listsMax).fill(new Int32Array(0));
  #next = 0;

  /**
   * What is stirred in for the items of a frozen list from `from` on, as many as make a section, in
   * order; `undefined` if one is no scalar. Good until it is asked for other ones. O(1) for the
   * last 16 lists of one section; else O(size), throws `NotPlainError`.
   */
  wordsOf(list: readonly unknown[], from: number): Int32Array | undefined {
    const isShort = list.length <= sectionMax;
    const known = isShort ? this.#lists.indexOf(list) : -1;
    if (known >= 0) return this.#words[known];
    const place = this.#next;
    const end = Math.min(list.length, from + sectionMax);
    const room = this.#roomFor(place, end - from);
    const count = read(list, from, end, room);
    if (count < 0) return undefined;
    const words = room.subarray(0, count);
    if (!isShort) return words;
    this.#lists[place] = list;
    this.#words[place] = words;
    this.#next = (place + 1) % listsMax;
    return words;
  }

  /** Numbers that are not whole have two words. What lay there is forgotten. */
  #roomFor(place: number, length: number): Int32Array {
    this.#lists[place] = undefined;
    const room = this.#rooms[place] as Int32Array;
    if (room.length >= 2 * length) return room;
    const larger = new Int32Array(2 * length);
    this.#rooms[place] = larger;
    return larger;
  }
}

/** Writes the words of items and returns how many there are; −1 if an item is no scalar. */
function read(list: readonly unknown[], from: number, end: number, words: Int32Array): number {
  let count = 0;
  for (let i = from; i < end; i++) {
    const item = list[i];
    if (typeof item === 'string') words[count++] = hashOf(item);
    else if (typeof item === 'number') {
      if ((item | 0) === item) words[count++] = item;
      else [words[count++], words[count++]] = halvesOf(item);
    } else if (typeof item === 'object' && item !== null) return -1;
    else words[count++] = constantOf(item, i);
  }
  return count;
}
