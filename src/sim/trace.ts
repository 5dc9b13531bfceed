// The in-memory trace: rows in chunks, 20 bytes an event. It holds what cannot be re-derived
// cheaply; payloads come back by replaying. Chunks are filled, never copied.
import type { Micros } from '../kernel/time.js';

const chunkRows = 65_536;

/** Words of a row: microseconds since the chunk's base; node and kind; peer; cause; digest. */
const rowWords = 5;
const kindBits = 5;

interface Chunk {
  readonly baseUs: Micros;
  readonly words: Int32Array;
  count: number;
}

/** One row. `node` and `peer` are numbers of parties; −1: none. */
export interface TraceRow {
  readonly atUs: Micros;
  readonly kind: number;
  readonly node: number;
  readonly peer: number;
  /** Index of the event that caused it; −1 for roots. */
  readonly cause: number;
  /** The low half of the chained digest after the event. */
  readonly digest: number;
}

export class Trace {
  /** Events recorded. */
  length = 0;
  readonly #chunks: Chunk[] = [];
  /** Index of the first row of each chunk. */
  readonly #starts: number[] = [];
  #last: Chunk = emptyChunk(0);

  constructor() {
    this.#begin(0);
  }

  push(
    atUs: Micros,
    kind: number,
    node: number,
    peer: number,
    cause: number,
    digest: number,
  ): void {
    let chunk = this.#last;
    if (chunk.count === chunkRows || atUs - chunk.baseUs > 0xffff_ffff) chunk = this.#begin(atUs);
    const at = chunk.count++ * rowWords;
    const { words } = chunk;
    words[at] = atUs - chunk.baseUs;
    words[at + 1] = ((node + 1) << kindBits) | kind; // Parties are fewer than 2^26.
    words[at + 2] = peer;
    words[at + 3] = cause;
    words[at + 4] = digest;
    this.length++;
  }

  /** The row of event `index`; `undefined` past the end. O(log chunks). */
  at(index: number): TraceRow | undefined {
    let low = 0;
    for (let high = this.#starts.length - 1; low < high; ) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    const chunk = this.#chunks[low];
    const row = index - (this.#starts[low] ?? 0);
    if (chunk === undefined || row < 0 || row >= chunk.count) return undefined;
    const at = row * rowWords;
    const [since = 0, what = 0, peer = 0, cause = 0, digest = 0] = chunk.words.subarray(at);
    return {
      atUs: chunk.baseUs + (since >>> 0),
      kind: what & (2 ** kindBits - 1),
      node: (what >>> kindBits) - 1,
      peer,
      cause,
      digest,
    };
  }

  /** Bytes that the rows take. */
  get bytes(): number {
    return this.#chunks.length * chunkRows * rowWords * 4;
  }

  #begin(baseUs: Micros): Chunk {
    const chunk = emptyChunk(baseUs);
    this.#starts.push(this.length);
    this.#chunks.push(chunk);
    this.#last = chunk;
    return chunk;
  }
}

function emptyChunk(baseUs: Micros): Chunk {
  return { baseUs, words: new Int32Array(chunkRows * rowWords), count: 0 };
}
