// A set of small numbers, one bit each, with one bit more for every 32 of them, so that the next
// member is found in a few steps however far it is.

export class BitSet {
  readonly #bits: Int32Array;
  /** One bit for each word of `#bits` that is not 0. */
  readonly #summary: Int32Array;

  /** For numbers below `size`, a multiple of 1,024. */
  constructor(size: number) {
    this.#bits = new Int32Array(size >>> 5);
    this.#summary = new Int32Array(size >>> 10);
  }

  add(number: number): void {
    const word = number >>> 5;
    const bits = this.#bits[word] as number;
    this.#bits[word] = bits | (1 << (number & 31));
    if (bits === 0) {
      const group = word >>> 5;
      this.#summary[group] = (this.#summary[group] as number) | (1 << (word & 31));
    }
  }

  remove(number: number): void {
    const word = number >>> 5;
    const bits = (this.#bits[word] as number) & ~(1 << (number & 31));
    this.#bits[word] = bits;
    if (bits === 0) {
      const group = word >>> 5;
      this.#summary[group] = (this.#summary[group] as number) & ~(1 << (word & 31));
    }
  }

  /** The least member from `from` to below `end`, a multiple of 32; −1: there is none. */
  first(from: number, end: number): number {
    if (from >= end) return -1;
    const word = from >>> 5;
    const bits = (this.#bits[word] as number) & (-1 << (from & 31));
    if (bits !== 0) return (word << 5) + lowestBit(bits);
    return this.#firstWord(word + 1, end >>> 5);
  }

  /** Takes the members of a set of the same size instead of its own. */
  copyFrom(other: BitSet): void {
    this.#bits.set(other.#bits);
    this.#summary.set(other.#summary);
  }

  #firstWord(word: number, end: number): number {
    if (word >= end) return -1;
    let group = word >>> 5;
    let words = (this.#summary[group] as number) & (-1 << (word & 31));
    while (words === 0) {
      if (++group << 5 >= end) return -1;
      words = this.#summary[group] as number;
    }
    const found = (group << 5) + lowestBit(words);
    return found < end ? (found << 5) + lowestBit(this.#bits[found] as number) : -1;
  }
}

const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
