// What the threads of a hunt and the one that sends them say to each other: plain data.
import type { Hunted } from '../../scenario/hunt/blocks.js';

/** What a thread is hired for. */
export interface Errand {
  /** The scenario's file. */
  readonly path: string;
  readonly strategy: string;
  readonly seed: string;
  /** Of the whole hunt; `undefined`: without end. */
  readonly seeds: number | undefined;
  /** Shared words in which the thread says where it is: see `Whereabouts`. */
  readonly whereabouts: SharedArrayBuffer;
}

/** Blocks `from`, `from + stride` … */
export interface Batch {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
}

/** Trials that are known to end a thread, and what is said of them instead. */
type Skips = ReadonlyMap<number, readonly [name: string, about: string]>;

/** What a thread is told. */
export interface Order {
  readonly batch: Batch;
  readonly skips: Skips;
  readonly untilFailure: boolean;
}

/** What a plan comes to: how many trials, in which blocks. */
export interface PlanFigures {
  readonly blockSize: number;
  readonly trials: number | undefined;
  readonly about: string | undefined;
}

/** What a thread answers: once what the plan is, then what each batch came to. */
export type Answer =
  | { readonly kind: 'ready'; readonly plan: PlanFigures }
  | { readonly kind: 'done'; readonly hunted: Hunted };

/** The numbers of a batch's blocks. */
export function blocksIn({ from, count, stride }: Batch): readonly number[] {
  return Array.from({ length: count }, (_, nth) => from + nth * stride);
}

const wordsBytes = 16;

/** Where a thread is, for those who look on from outside: written there, read here. */
export class Whereabouts {
  readonly shared: SharedArrayBuffer;
  readonly #beats: Int32Array;
  readonly #thread: Int32Array;
  readonly #trial: Float64Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(wordsBytes)) {
    this.shared = shared;
    this.#beats = new Int32Array(shared, 0, 1);
    this.#thread = new Int32Array(shared, 4, 1);
    this.#trial = new Float64Array(shared, 8, 1);
  }

  /** Counts up while the thread lives; it wraps. */
  get beats(): number {
    return Atomics.load(this.#beats, 0);
  }

  /** The number of the trial at hand. */
  get trial(): number {
    return this.#trial[0] ?? 0;
  }

  /** The kernel's number of the thread; 0 until it has said so, and where it has none. */
  get thread(): number {
    return Atomics.load(this.#thread, 0);
  }

  /** The thread says which it is. */
  begin(thread: number): void {
    Atomics.store(this.#thread, 0, thread);
  }

  beat(): void {
    Atomics.add(this.#beats, 0, 1);
  }

  /** The thread goes on to this trial. */
  turnTo(trial: number): void {
    this.#trial[0] = trial;
    this.beat();
  }
}
