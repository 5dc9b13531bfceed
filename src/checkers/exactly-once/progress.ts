// Whether snapshots are committed at all, how far behind the log the last one is, and whether any
// goes back behind one that was committed before it began: a worker that was replaced and does not
// know it. A run that never commits is exact, and worth nothing.
import { rowAt, type Snapshot, type StreamRun } from './run.js';

/** A commit whose clock lies, in some partition, behind an earlier one's. */
export interface StaleCommit {
  readonly earlier: Snapshot;
  readonly later: Snapshot;
  readonly partition: number;
}

/** O(commits × partitions). */
export function staleCommits({ snapshots, partitions }: StreamRun): readonly StaleCommit[] {
  const found: StaleCommit[] = [];
  const furthest: (Snapshot | undefined)[] = partitions.map(() => undefined);
  const begun = [...snapshots].sort((a, b) => a.invoked - b.invoked);
  let done = 0;
  for (const later of begun) {
    for (; (snapshots[done]?.done ?? Number.POSITIVE_INFINITY) < later.invoked; done++) {
      const snapshot = snapshots[done];
      for (const p of furthest.keys()) {
        if ((snapshot?.clock[p] ?? 0) > (furthest[p]?.clock[p] ?? 0)) furthest[p] = snapshot;
      }
    }
    const partition = furthest.findIndex(
      (snapshot, p) => (snapshot?.clock[p] ?? 0) > (later.clock[p] ?? 0),
    );
    const earlier = furthest[partition];
    if (earlier !== undefined) found.push({ earlier, later, partition });
  }
  return found;
}

/** Accepted inputs that no committed clock covers: their number, and the row of the first. */
export function uncommitted({ inputs, snapshots }: StreamRun): {
  readonly count: number;
  readonly row: number;
} {
  let [count, first] = [0, -1];
  for (let p = 0; p + 1 < inputs.starts.length; p++) {
    const clock = snapshots.reduce((most, snapshot) => Math.max(most, snapshot.clock[p] ?? 0), 0);
    for (let row = rowAt(inputs, p, clock); row < (inputs.starts[p + 1] ?? 0); row++) {
      if (inputs.pending[row] === 1) continue;
      if (inputs.offset[row] === inputs.offset[row - 1] && row > (inputs.starts[p] ?? 0)) continue;
      count++;
      if (first < 0) first = row;
    }
  }
  return { count, row: first };
}
