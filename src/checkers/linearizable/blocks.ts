// What chains and those who place mismatches among them know of values.

/** By value: what the operations on it say. Ranks of nothing are −1 or `open`. */
export interface Versions {
  /** The operation that makes it; −1 for none, −2 for the initial value. */
  readonly makers: Int32Array;
  /** The value that its maker takes it from; −1 for any. */
  readonly parents: Int32Array;
  /** The value that a compare-and-set makes of it; −1 for none. */
  readonly children: Int32Array;
  /** The latest call and the earliest return of its reads. */
  readonly readCalls: Int32Array;
  readonly readReturns: Int32Array;
  /** 1 where it must have been made: its maker is known to have taken effect, or it was seen. */
  readonly needed: Uint8Array;
}

/** Chains with their reads, by the value they begin with. */
export interface Blocks {
  /** The values that chains begin with. */
  readonly roots: Int32Array;
  /** The earliest return and the latest call of each chain; −1 is before the history. */
  readonly returns: Int32Array;
  readonly calls: Int32Array;
  /** Ranks of a call and of a return that cannot be as they are inside their chain. */
  readonly stuck: readonly number[];
  /** Whether chains contradict themselves, there or otherwise. */
  readonly broken: boolean;
}
