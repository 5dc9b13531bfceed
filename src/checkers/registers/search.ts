// A search for one order of all operations that keeps each process's own order and in which every
// read finds what was last written. Depth first, writes in the order of their invocation; a read
// that fits is always taken at once, since nothing can be better for waiting; a write never covers
// a value that must still be read and will not be written again. States seen before are not
// entered again. The problem is NP-complete (Gibbons & Korach 1997), so there is a limit.
import type { ValueKey } from '../../history/value.js';
import type { Access } from './accesses.js';

type Outcome =
  | { readonly found: 'order'; readonly states: number }
  /** No order; `stuck` are the next accesses of all processes where the search came furthest. */
  | { readonly found: 'none'; readonly states: number; readonly stuck: readonly Access[] }
  | { readonly found: 'limit'; readonly states: number };

/** `accesses` in the order of invocation. At most `statesMax` states are entered. */
export function searchOrder(accesses: readonly Access[], statesMax: number): Outcome {
  const search = new Search(accesses);
  const frames: Frame[] = [];
  const seen = new Set<string>();
  let states = 0;
  for (;;) {
    search.takeReads();
    if (search.finished()) return { found: 'order', states };
    const name = search.name();
    if (seen.has(name)) {
      frames.push({ mark: search.depth, choices: [], next: 0 });
    } else {
      seen.add(name);
      if (++states > statesMax) return { found: 'limit', states };
      frames.push({ mark: search.depth, choices: search.choices(), next: 0 });
    }
    for (;;) {
      const frame = frames.at(-1);
      if (frame === undefined) return { found: 'none', states, stuck: search.furthest };
      search.undoTo(frame.mark);
      const process = frame.choices[frame.next++];
      if (process !== undefined) {
        search.take(process);
        break;
      }
      frames.pop();
    }
  }
}

interface Frame {
  readonly mark: number;
  readonly choices: readonly number[];
  next: number;
}

/** An access in numbers. */
interface Move {
  readonly access: Access;
  readonly key: number;
  /** −1: none. Numbers of contents, each of one key. */
  readonly read: number;
  readonly wrote: number;
}

class Search {
  readonly #lines: readonly (readonly Move[])[];
  readonly #at: Int32Array;
  /** By key, the content. */
  readonly #now: number[] = [];
  /** By content: how many sure reads and how many writes of it are still to come. */
  readonly #reads: number[] = [];
  readonly #writes: number[] = [];
  readonly #trail: { readonly process: number; readonly before: number }[] = [];
  #sureLeft = 0;
  #furthestDepth = -1;
  furthest: readonly Access[] = [];

  constructor(accesses: readonly Access[]) {
    const keys = new Map<ValueKey, Map<ValueKey, number>>();
    const contentOf = (key: ValueKey, value: ValueKey): number => {
      const contents = keys.get(key) ?? new Map<ValueKey, number>();
      if (!keys.has(key)) {
        keys.set(key, contents);
        this.#now.push(contentOf(key, null));
      }
      const known = contents.get(value);
      if (known !== undefined) return known;
      contents.set(value, this.#reads.length);
      this.#writes.push(0);
      return this.#reads.push(0) - 1;
    };
    const numbers = new Map<ValueKey, number>();
    const lines = new Map<unknown, Move[]>();
    for (const access of accesses) {
      const { key, read, wrote, process, sure } = access;
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      contentOf(key, null);
      const move = {
        access,
        key: numbers.get(key) ?? 0,
        read: read === undefined ? -1 : contentOf(key, read.value),
        wrote: wrote === undefined ? -1 : contentOf(key, wrote.value),
      };
      if (sure) this.#sureLeft++;
      this.#count(move, 1);
      const line = lines.get(process) ?? [];
      lines.set(process, line);
      line.push(move);
    }
    this.#lines = [...lines.values()];
    this.#at = new Int32Array(this.#lines.length);
  }

  get depth(): number {
    return this.#trail.length;
  }

  /** What may not have happened need not. */
  finished(): boolean {
    return this.#sureLeft === 0;
  }

  name(): string {
    return `${this.#at.join(' ')}|${this.#now.join(' ')}`;
  }

  takeReads(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [process, line] of this.#lines.entries()) {
        for (;;) {
          const move = line[this.#at[process] ?? 0];
          if (move === undefined || move.wrote >= 0 || this.#now[move.key] !== move.read) break;
          this.take(process);
          moved = true;
        }
      }
    }
    if (this.depth <= this.#furthestDepth) return;
    this.#furthestDepth = this.depth;
    this.furthest = this.#lines.flatMap((line, process) => {
      const move = line[this.#at[process] ?? 0];
      return move === undefined ? [] : [move.access];
    });
  }

  /** The processes whose write may come next, in the order in which these were invoked. */
  choices(): readonly number[] {
    const possible: { readonly process: number; readonly index: number }[] = [];
    for (const [process, line] of this.#lines.entries()) {
      const move = line[this.#at[process] ?? 0];
      if (move === undefined || move.wrote < 0) continue;
      const now = this.#now[move.key] ?? -1;
      if (move.read >= 0 && move.read !== now) continue;
      const own = move.read === now && move.access.sure ? 1 : 0;
      const needed = now !== move.wrote && (this.#reads[now] ?? 0) > own;
      if (needed && this.#writes[now] === 0) continue;
      possible.push({ process, index: move.access.invoked.index });
    }
    return possible.sort((a, b) => a.index - b.index).map(({ process }) => process);
  }

  take(process: number): void {
    const at = this.#at[process] ?? 0;
    const move = this.#lines[process]?.[at];
    if (move === undefined) return;
    this.#trail.push({ process, before: this.#now[move.key] ?? -1 });
    this.#at[process] = at + 1;
    if (move.wrote >= 0) this.#now[move.key] = move.wrote;
    if (move.access.sure) this.#sureLeft--;
    this.#count(move, -1);
  }

  undoTo(depth: number): void {
    while (this.#trail.length > depth) {
      const { process, before } = this.#trail.pop() ?? { process: 0, before: -1 };
      const at = (this.#at[process] ?? 0) - 1;
      this.#at[process] = at;
      const move = this.#lines[process]?.[at];
      if (move === undefined) continue;
      this.#now[move.key] = before;
      if (move.access.sure) this.#sureLeft++;
      this.#count(move, 1);
    }
  }

  #count({ read, wrote, access }: Move, by: number): void {
    if (read >= 0 && access.sure) this.#reads[read] = (this.#reads[read] ?? 0) + by;
    if (wrote >= 0) this.#writes[wrote] = (this.#writes[wrote] ?? 0) + by;
  }
}
