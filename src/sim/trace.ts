// The in-memory trace: columns in chunks, 21 bytes an event. It holds what cannot be re-derived
// cheaply; payloads come back by replaying. Chunks are filled, never copied.
import type { Micros } from '../kernel/time.js';

const chunkRows = 65_536;
const rowBytes = 21;

interface Chunk {
  readonly baseUs: Micros;
  /** Microseconds since `baseUs`. */
  readonly sinceUs: Uint32Array;
  readonly kind: Uint8Array;
  readonly node: Int32Array;
  readonly peer: Int32Array;
  readonly cause: Int32Array;
  readonly digest: Int32Array;
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
    const row = chunk.count++;
    chunk.sinceUs[row] = atUs - chunk.baseUs;
    chunk.kind[row] = kind;
    chunk.node[row] = node;
    chunk.peer[row] = peer;
    chunk.cause[row] = cause;
    chunk.digest[row] = digest;
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
    return {
      atUs: chunk.baseUs + chunk.sinceUs[row]!,
      kind: chunk.kind[row]!,
      node: chunk.node[row]!,
      peer: chunk.peer[row]!,
      cause: chunk.cause[row]!,
      digest: chunk.digest[row]!,
    };
  }

  /** Bytes that the rows take. */
  get bytes(): number {
    return this.#chunks.length * chunkRows * rowBytes;
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
  return {
    baseUs,
    sinceUs: new Uint32Array(chunkRows),
    kind: new Uint8Array(chunkRows),
    node: new Int32Array(chunkRows),
    peer: new Int32Array(chunkRows),
    cause: new Int32Array(chunkRows),
    digest: new Int32Array(chunkRows),
    count: 0,
  };
}
