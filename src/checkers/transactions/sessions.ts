// The order in which transactions ran: of each process, and in real time. One that committed before
// another began comes before it; of one whose outcome is unknown nobody knows when it ended. Real
// time is a chain of nodes, so that n transactions need O(n) edges at any concurrency.
import { numbers } from '../columns.js';
import { edge, type GraphBuilder } from './graph.js';
import { fate } from './ledger.js';

/** Who ran when, by number, in the order of their invocations. */
export interface Runs {
  readonly count: number;
  /** Beyond every index of an operation. */
  readonly end: number;
  readonly fates: Uint8Array;
  readonly invoked: Int32Array;
  readonly completed: Int32Array;
  processOf(run: number): unknown;
}

/** Each committed transaction before the next of its process. O(transactions). */
export function addProcesses(builder: GraphBuilder, runs: Runs): void {
  const last = new Map<unknown, number>();
  for (let txn = 0; txn < runs.count; txn++) {
    if (runs.fates[txn] !== fate.committed) continue;
    const client = runs.processOf(txn);
    const before = last.get(client);
    if (before !== undefined) builder.add(before, txn, edge.process, -1);
    last.set(client, txn);
  }
}

/**
 * Each transaction that committed before those in the graph that were invoked later. O(history).
 *
 *     completed ─▶ node ─▶ node ─▶ …      time passes from node to node
 *                   └─▶ invoked  └─▶ invoked
 */
export function addRealtime(builder: GraphBuilder, runs: Runs, present: Uint8Array): void {
  const completions = numbers(runs.end).fill(-1);
  for (let txn = 0; txn < runs.count; txn++) {
    if (runs.fates[txn] === fate.committed) completions[runs.completed[txn] as number] = txn;
  }
  let now = -1;
  let waiting: number[] = [];
  let at = 0;
  for (let txn = 0; txn < runs.count; txn++) {
    const invoked = runs.invoked[txn] as number;
    for (; at < invoked; at++) {
      if (completions[at] !== -1) waiting.push(completions[at] as number);
    }
    if (present[txn] === 0) continue;
    if (waiting.length > 0) {
      const later = builder.node();
      if (now >= 0) builder.add(now, later, edge.via, -1);
      for (const done of waiting) builder.add(done, later, edge.realtime, -1);
      waiting = [];
      now = later;
    }
    if (now >= 0) builder.add(now, txn, edge.via, -1);
  }
}
