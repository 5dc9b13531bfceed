// Transactions placed one after another: what each key holds by now, which reads are still to come,
// and who waits for whom. It says who can come next and takes back what was placed; who does come
// next is for a search to say.
import type { Graph } from './graph.js';
import { fate, type Ledger } from './ledger.js';
import { type Registers, source } from './registers.js';

/** What is to be put into an order. */
export interface Problem {
  readonly ledger: Ledger;
  readonly registers: Registers;
  /** What must come before what. Acyclic. */
  readonly graph: Graph;
  readonly present: Uint8Array;
}

/** What a search does when a transaction waits for nobody any more, or for somebody again. */
interface Listener {
  freed(txn: number): void;
  blocked(txn: number): void;
}

/** What the keys of a placed transaction had before, by turns a key and a write. */
export type Before = readonly number[];

export class Placing {
  /** How many nodes must still come before each. */
  readonly blockers: Int32Array;
  /** The write that each key has last, or `source.initial`. */
  readonly current: Int32Array;
  /** How many reads of each version are to come: writes, then the first versions of keys. */
  readonly pending: Int32Array;
  readonly #problem: Problem;
  readonly #listener: Listener;

  constructor(problem: Problem, listener: Listener) {
    const { ledger, graph, registers } = problem;
    this.#problem = problem;
    this.#listener = listener;
    const operations = ledger.keys.length;
    this.blockers = new Int32Array(graph.size);
    this.current = new Int32Array(ledger.keyNames.length).fill(source.initial);
    this.pending = new Int32Array(operations + ledger.keyNames.length);
    for (const target of graph.targets) this.blockers[target] = (this.blockers[target] ?? 0) + 1;
    for (let at = 0; at < operations; at++) {
      if ((registers.sources[at] as number) >= source.initial) this.#addPending(at, 1);
    }
  }

  /** Tells the listener who waits for nobody from the start. */
  begin(): void {
    const { ledger, present } = this.#problem;
    const free = [...this.blockers.keys()].filter((node) => this.blockers[node] === 0);
    for (const node of free) {
      if (node >= ledger.count) this.#unblock(node);
      else if (present[node] === 1) this.#listener.freed(node);
    }
  }

  /** The version that a key has: a write, or the key's first. */
  versionOf(key: number): number {
    const last = this.current[key] as number;
    return last === source.initial ? this.#problem.ledger.keys.length + key : last;
  }

  /**
   * The key that keeps a transaction from coming next, because it would read another value or
   * overwrite one still to be read; −1 if there is none.
   */
  obstacle(txn: number): number {
    const { ledger, registers } = this.#problem;
    const { current, pending } = this;
    const [start, end] = [ledger.starts[txn] as number, ledger.starts[txn + 1] as number];
    for (let at = start; at < end; at++) {
      const write = registers.sources[at] as number;
      const key = ledger.keys[at] as number;
      if (ledger.writes[at] === 0) {
        if (write >= source.initial && current[key] !== write) return key;
        continue;
      }
      const left = pending[this.versionOf(key)] as number;
      if (left === 0) continue;
      let own = 0;
      for (let read = start; read < end; read++) {
        if (registers.sources[read] === current[key] && ledger.keys[read] === key) own++;
      }
      if (left > own) return key;
    }
    return -1;
  }

  take(txn: number): Before {
    const { ledger, registers } = this.#problem;
    const before: number[] = [];
    const end = ledger.starts[txn + 1] as number;
    for (let at = ledger.starts[txn] as number; at < end; at++) {
      const key = ledger.keys[at] as number;
      if (ledger.writes[at] === 0) {
        if ((registers.sources[at] as number) >= source.initial) this.#addPending(at, -1);
      } else if (registers.superseded[at] === 0) {
        before.push(key, this.current[key] as number);
        this.current[key] = at;
      }
    }
    this.#unblock(txn);
    return before;
  }

  /** Takes back what was placed last. */
  undo(txn: number, before: Before): void {
    const { ledger, registers } = this.#problem;
    this.#block(txn);
    for (let i = 0; i < before.length; i += 2) {
      this.current[before[i] as number] = before[i + 1] as number;
    }
    const end = ledger.starts[txn + 1] as number;
    for (let at = ledger.starts[txn] as number; at < end; at++) {
      const reads = ledger.writes[at] === 0 && (registers.sources[at] as number) >= source.initial;
      if (reads) this.#addPending(at, 1);
    }
  }

  #addPending(read: number, change: number): void {
    const { ledger, registers } = this.#problem;
    const write = registers.sources[read] as number;
    const key = ledger.keys[read] as number;
    const version = write === source.initial ? ledger.keys.length + key : write;
    this.pending[version] = (this.pending[version] as number) + change;
  }

  /** What came after a node no longer waits for it; nodes that are no transactions pass at once. */
  #unblock(node: number): void {
    const { graph, ledger, present } = this.#problem;
    const waiting = [node];
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      const end = graph.starts[from + 1] as number;
      for (let at = graph.starts[from] as number; at < end; at++) {
        const target = graph.targets[at] as number;
        const left = (this.blockers[target] as number) - 1;
        this.blockers[target] = left;
        if (left > 0) continue;
        if (target >= ledger.count) waiting.push(target);
        else if (present[target] === 1) this.#listener.freed(target);
      }
    }
  }

  #block(node: number): void {
    const { graph, ledger } = this.#problem;
    const waiting = [node];
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      const end = graph.starts[from + 1] as number;
      for (let at = graph.starts[from] as number; at < end; at++) {
        const target = graph.targets[at] as number;
        const left = (this.blockers[target] as number) + 1;
        this.blockers[target] = left;
        if (left > 1) continue;
        if (target >= ledger.count) waiting.push(target);
        else this.#listener.blocked(target);
      }
    }
  }
}

/** When a transaction was seen to end; what nobody saw end comes last. */
export function endOf({ fates, completed, ops }: Ledger, txn: number): number {
  return fates[txn] === fate.committed ? (completed[txn] as number) : ops.length;
}
