// Small databases that run random transactions, each at an isolation level of its own, and record
// what their clients see. All chance comes from one generator with a seed.
import { type History, historyOf } from '../../../src/history/history.js';
import type { Op, OpType } from '../../../src/history/op.js';

/** How a database isolates. `shuffled` is serializable in an order that nobody can foresee. */
export type Level = 'strict' | 'shuffled' | 'snapshot' | 'committed' | 'uncommitted';
export const levels: readonly Level[] = [
  'strict',
  'shuffled',
  'snapshot',
  'committed',
  'uncommitted',
];

/** What a database stores under a key: all that was written to it, the last one last. */
type Versions = readonly number[];
type Store = Map<string, Versions>;
type Operation = [f: string, key: string, value: unknown];

export interface Plan {
  readonly level: Level;
  readonly lists: boolean;
  readonly txns: number;
  readonly workers: number;
  readonly keys: number;
  readonly operationsMax: number;
  /** How many in a hundred fail, are of unknown outcome, or have one of their results changed. */
  readonly failing: number;
  readonly unknown: number;
  readonly lying: number;
}

interface Running {
  readonly process: number;
  readonly request: readonly Operation[];
  readonly reply: Operation[];
  /** What a snapshot transaction saw when it began. */
  readonly snapshot: Store;
  readonly written: Store;
  readonly begun: number;
  done: boolean;
}

/** A generator of whole numbers below a bound: Marsaglia's xorshift. */
function chance(seed: number): (bound: number) => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** One history of a database. The same seed and plan give the same history. */
export function databaseHistory(seed: number, plan: Plan): History {
  const below = chance(seed * 2_654_435_761);
  for (let i = 0; i < 8; i++) below(2);
  return new Database(plan, below).run();
}

class Database {
  readonly #plan: Plan;
  readonly #below: (bound: number) => number;
  readonly #ops: Op[] = [];
  readonly #store: Store = new Map();
  /** When each key was last committed to. */
  readonly #committedAt = new Map<string, number>();
  #clock = 0;
  #nextValue = 1;
  #nextProcess = 0;

  constructor(plan: Plan, below: (bound: number) => number) {
    this.#plan = plan;
    this.#below = below;
  }

  run(): History {
    const running: Running[] = [];
    let begun = 0;
    while (begun < this.#plan.txns || running.length > 0) {
      const begins = begun < this.#plan.txns && running.length < this.#plan.workers;
      if (begins && (running.length === 0 || this.#below(3) === 0)) {
        running.push(this.#begin(running));
        begun++;
        continue;
      }
      const at = this.#below(running.length);
      const txn = running[at] as Running;
      if (this.#step(txn)) continue;
      running.splice(at, 1);
      this.#end(txn);
    }
    return this.#plan.level === 'shuffled' ? this.#shuffled() : historyOf(this.#ops);
  }

  #begin(running: readonly Running[]): Running {
    const { keys, operationsMax, lists } = this.#plan;
    const count = 1 + this.#below(operationsMax);
    const request = Array.from({ length: count }, (): Operation => {
      const key = 'xyz'[this.#below(keys)] as string;
      if (this.#below(2) === 0) return ['r', key, null];
      return [lists ? 'append' : 'w', key, this.#nextValue++];
    });
    const busy = new Set(running.map(({ process }) => process));
    let process = this.#nextProcess;
    if (this.#below(2) === 0 && process > 0 && !busy.has(process - 1)) process--;
    else this.#nextProcess++;
    const last = this.#ops.findLast((op) => op.process === process);
    if (last?.type === 'info') process = this.#nextProcess++;
    this.#record(process, 'invoke', request);
    const snapshot = new Map(this.#store);
    const begun = this.#clock;
    return { process, request, reply: [], snapshot, written: new Map(), begun, done: false };
  }

  /** Runs one operation, or all, or none if there are none left. */
  #step(txn: Running): boolean {
    if (txn.done || txn.reply.length === txn.request.length) return false;
    if (this.#plan.level === 'strict' || this.#plan.level === 'shuffled') {
      // All at once, somewhere between invocation and completion.
      for (const operation of txn.request) this.#run(txn, operation);
      this.#commit(txn);
      txn.done = true;
    } else {
      this.#run(txn, txn.request[txn.reply.length] as Operation);
    }
    return true;
  }

  #run(txn: Running, [f, key, value]: Operation): void {
    const { level, lists } = this.#plan;
    const committed = level === 'snapshot' ? txn.snapshot : this.#store;
    const own = txn.written.get(key) ?? [];
    const seen = [...(committed.get(key) ?? []), ...own];
    if (f === 'r') {
      const result = lists ? seen : (seen.at(-1) ?? null);
      txn.reply.push([f, key, result]);
      return;
    }
    txn.reply.push([f, key, value]);
    if (level === 'uncommitted') this.#store.set(key, [...seen, value as number]);
    else txn.written.set(key, [...own, value as number]);
  }

  /** Whether what was written could be made to last. */
  #commit({ written, begun }: Running): boolean {
    const late = [...written.keys()].some((key) => (this.#committedAt.get(key) ?? -1) > begun);
    if (this.#plan.level === 'snapshot' && late) return false;
    this.#clock++;
    for (const [key, values] of written) {
      this.#store.set(key, [...(this.#store.get(key) ?? []), ...values]);
      this.#committedAt.set(key, this.#clock);
    }
    return true;
  }

  #end(txn: Running): void {
    const { level, failing, unknown, lying } = this.#plan;
    const luck = this.#below(100);
    const atomic = level === 'strict' || level === 'shuffled';
    // What fails has not happened, but where nothing is isolated and nothing is undone.
    const aborts = luck < failing && (!atomic || txn.written.size === 0);
    const lost = luck >= 100 - unknown;
    const committed = atomic || (!aborts && !(lost && luck % 2 === 0) && this.#commit(txn));
    if (lost) return this.#record(txn.process, 'info', txn.request);
    if (!committed || aborts) return this.#record(txn.process, 'fail', txn.request);
    const reply = this.#below(100) < lying ? this.#changed(txn.reply) : txn.reply;
    this.#record(txn.process, 'ok', reply);
  }

  /** One read returns something else. */
  #changed(reply: readonly Operation[]): Operation[] {
    const at = this.#below(reply.length);
    return reply.map(([f, key, value], place) => {
      if (f !== 'r' || place !== at) return [f, key, value];
      if (!Array.isArray(value)) return [f, key, this.#below(this.#nextValue) || null];
      return [f, key, value.slice(0, this.#below(value.length + 1))];
    });
  }

  #record(process: number, type: OpType, value: readonly Operation[]): void {
    const timeUs = this.#ops.length * 1_000;
    this.#ops.push({ index: this.#ops.length, timeUs, process, type, f: 'txn', value });
  }

  /** The same transactions, one after another, in another order than they took place in. */
  #shuffled(): History {
    const history = historyOf(this.#ops);
    const ids = this.#ops.filter(({ type }) => type === 'invoke').map(({ index }) => index);
    for (let at = ids.length - 1; at > 0; at--) {
      const other = this.#below(at + 1);
      [ids[at], ids[other]] = [ids[other] as number, ids[at] as number];
    }
    const ops = ids.flatMap((id, txn) => {
      const invocation = history.ops[id] as Op;
      const completion = history.completionOf(invocation) as Op;
      return [invocation, completion].map((op, half) => {
        const index = txn * 2 + half;
        return { ...op, process: txn, index, timeUs: index * 1_000 };
      });
    });
    return historyOf(ops);
  }
}
