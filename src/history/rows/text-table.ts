// Short texts in bytes become numbers: the same bytes have the same number. It knows no file and
// no format.

/** Texts in the order in which they were first met. */
export class TextTable {
  /** Numbers + 1 by hash; 0 where there is none. Its length is a power of two. */
  #slots = new Int32Array(256);
  /** All texts, one after the other; where each ends, and its hash. */
  #bytes = new Uint8Array(1_024);
  readonly #ends: number[] = [];
  readonly #hashes: number[] = [];

  /** The number of the text from `from` to `to`. O(its length). */
  numberOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let known = this.#slots[slot] as number; known > 0; known = this.#slots[slot] as number) {
      if (this.#hashes[known - 1] === hash && this.#is(known - 1, bytes, from, to)) {
        return known - 1;
      }
      slot = (slot + 1) & mask;
    }
    this.#add(bytes.subarray(from, to));
    const count = this.#hashes.push(hash);
    this.#slots[slot] = count;
    if (2 * count > mask) this.#rehash();
    return count - 1;
  }

  /** All texts, which are in UTF-8. */
  texts(): readonly string[] {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return this.#ends.map((end, number) =>
      decoder.decode(this.#bytes.subarray(this.#startOf(number), end)),
    );
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] as number);
  }

  #is(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#startOf(number);
    if ((this.#ends[number] as number) - start !== to - from) return false;
    for (let at = from; at < to; at++) {
      if (this.#bytes[start + at - from] !== bytes[at]) return false;
    }
    return true;
  }

  #add(text: Uint8Array): void {
    const start = this.#startOf(this.#ends.length);
    const end = start + text.length;
    if (end > this.#bytes.length) {
      const more = new Uint8Array(2 * end);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes.set(text, start);
    this.#ends.push(end);
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (const [number, hash] of this.#hashes.entries()) {
      let slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}
