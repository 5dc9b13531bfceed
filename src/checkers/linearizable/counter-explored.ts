// Configurations of a counter that a search has come to. It need not go on from one if it has been
// at the same return, with the same adds done, with one that is as good: everybody has read who
// has in the other, and what is left of those of unknown outcome can do what is left in the other.
import type { Tallies } from './tallies.js';
import { TupleTable } from './tuple-table.js';

/** How many are compared with a new one. */
const comparedMax = 16;
/** So many amounts more than kinds may be lacking for a comparison. */
const lacksMax = 64;
/** Bytes that one takes besides its row. */
const wayBytes = 32;

/** A configuration: its reads, and who of unknown outcome has added, are told apart. */
interface Place {
  readonly rank: number;
  readonly mask: Int32Array;
  /** Bits of those that read. */
  readonly reads: Int32Array;
  readonly used: number;
  readonly usedSum: number;
}

/** How many there are of an amount. */
type Count = [amount: number, count: number];

export class CounterExplored {
  readonly #amounts: readonly number[];
  readonly #tallies: Tallies;
  readonly #table: TupleTable;
  /** By row: who of unknown outcome has added, and who has read, one after the other. */
  readonly #ways: number[][] = [];
  #count = 0;

  constructor(amounts: readonly number[], tallies: Tallies, words: number) {
    this.#amounts = amounts;
    this.#tallies = tallies;
    this.#table = new TupleTable(3 + words);
  }

  get bytes(): number {
    return this.#table.bytes + this.#count * wayBytes;
  }

  /** Adds a configuration; false if there is one that is as good. */
  add({ rank, mask, reads, used, usedSum }: Place): boolean {
    const { scratch } = this.#table;
    scratch[0] = rank;
    scratch[1] = usedSum | 0;
    scratch[2] = Math.floor(usedSum / 2 ** 32) | 0;
    for (let word = 0; word < mask.length; word++) {
      scratch[3 + word] = (mask[word] as number) & ~(reads[word] as number);
    }
    const row = this.#table.add();
    if (row < 0) this.#ways.push([]);
    const ways = this.#ways[row < 0 ? -1 - row : row] as number[];
    const width = 1 + mask.length;
    for (
      let at = ways.length - width, left = comparedMax;
      at >= 0 && left > 0;
      at -= width, left--
    ) {
      if (this.#haveRead(ways, at + 1, mask, reads) && this.#isAsGood(ways[at] as number, used)) {
        return false;
      }
    }
    ways.push(used);
    for (let word = 0; word < mask.length; word++) {
      ways.push((mask[word] as number) & (reads[word] as number));
    }
    this.#count++;
    return true;
  }

  /** Whether all have read who have in the other. */
  #haveRead(ways: readonly number[], start: number, mask: Int32Array, reads: Int32Array): boolean {
    for (let word = 0; word < mask.length; word++) {
      const other = (mask[word] as number) & (reads[word] as number);
      if ((other & ~(ways[start + word] as number)) !== 0) return false;
    }
    return true;
  }

  /**
   * Whether what is left can do all that is left in the other, where the same sum was used: each
   * amount that is only left there is the sum of some that are only left here. Of the last one that
   * is sure: as both come to the same, it is the sum of all that are left over.
   */
  #isAsGood(used: number, other: number): boolean {
    if (used === other) return true;
    const lacking: Count[] = [];
    const spare: Count[] = [];
    let lacks = 0;
    this.#tallies.compare(used, other, (kind, more) => {
      const amount = this.#amounts[kind] as number;
      if (more > 0) lacking.push([amount, more]);
      else spare.push([amount, -more]);
      lacks += Math.max(more, 0);
    });
    if (lacks <= 1) return true;
    if (lacks - lacking.length > lacksMax) return false;
    return lacking.some((last) => areMadeOf(lacking, last, spare));
  }
}

/** Whether all but one of the last kind are sums of amounts that are to spare. */
function areMadeOf(lacking: readonly Count[], last: Count, spare: readonly Count[]): boolean {
  const left = spare.map(([amount, count]): Count => [amount, count]);
  left.sort(([a], [b]) => Math.abs(b) - Math.abs(a) || b - a);
  for (const kind of lacking) {
    for (let nth = kind === last ? 1 : 0; nth < kind[1]; nth++) {
      if (!isMadeOf(kind[0], left)) return false;
    }
  }
  return true;
}

/** Takes from what is to spare, largest first, what comes to an amount; false if it is not met. */
function isMadeOf(amount: number, spare: readonly Count[]): boolean {
  let left = amount;
  for (const each of spare) {
    const fit = Math.min(each[1], Math.floor(left / each[0]));
    if (fit <= 0) continue;
    left -= fit * each[0];
    each[1] -= fit;
    if (left === 0) return true;
  }
  return false;
}
