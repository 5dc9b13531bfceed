// An order of transactions that keeps every dependency but rw: what wrote, and who read it, can
// always have happened in it if these have no cycle.
import { edge, type Graph } from './graph.js';
import { RankHeap } from './rank-heap.js';

/** The place of each transaction; the first to end comes first. None where there is a cycle. */
export function ranksIn(graph: Graph, txns: number, ended: Int32Array): Int32Array | undefined {
  const blockers = new Int32Array(graph.size);
  for (const [at, target] of graph.targets.entries()) {
    if (graph.kinds[at] !== edge.rw) blockers[target] = (blockers[target] ?? 0) + 1;
  }
  const byEnd = [...ended.keys()].sort(
    (a, b) => (ended[a] as number) - (ended[b] as number) || a - b,
  );
  const places = new Int32Array(txns);
  for (const [place, txn] of byEnd.entries()) places[txn] = place;
  const heap = new RankHeap();
  const open: number[] = [];
  const free = (node: number): void => {
    if (node < txns) heap.add(places[node] as number);
    else open.push(node);
  };
  for (const [node, count] of blockers.entries()) if (count === 0) free(node);
  const ranks = new Int32Array(txns);
  let rank = 0;
  for (;;) {
    const link = open.pop();
    const place = link === undefined ? heap.take() : undefined;
    const node = link ?? (place === undefined ? undefined : byEnd[place]);
    if (node === undefined) return rank === txns ? ranks : undefined;
    if (node < txns) ranks[node] = rank++;
    const end = graph.starts[node + 1] as number;
    for (let at = graph.starts[node] as number; at < end; at++) {
      if (graph.kinds[at] === edge.rw) continue;
      const target = graph.targets[at] as number;
      const left = (blockers[target] as number) - 1;
      blockers[target] = left;
      if (left === 0) free(target);
    }
  }
}
