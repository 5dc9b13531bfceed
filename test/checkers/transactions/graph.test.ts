// Graphs of transactions against what they stand for: all pairs, all walks, all real time.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentsOf } from '../../../src/checkers/transactions/components.js';
import { cyclesIn } from '../../../src/checkers/transactions/cycles.js';
import {
  edge,
  fan,
  type Graph,
  GraphBuilder,
  withoutAdjacentRw,
} from '../../../src/checkers/transactions/graph.js';
import { ledgerOf } from '../../../src/checkers/transactions/ledger.js';
import { addRealtime } from '../../../src/checkers/transactions/sessions.js';
import { pinned } from '../random-histories.js';
import { databaseHistory } from './databases.js';

const kinds = [edge.ww, edge.wr, edge.rw];

/** The transactions that each of `count` leads to by one edge, whatever stands between. */
function direct(graph: Graph, count: number): Set<string> {
  const pairs = new Set<string>();
  const follow = (from: number, at: number): void => {
    const target = graph.targets[at] as number;
    if (target < count) pairs.add(`${from} ${target}`);
    else for (const next of edgesOf(graph, target)) follow(from, next);
  };
  for (let node = 0; node < count; node++) {
    for (const at of edgesOf(graph, node)) follow(node, at);
  }
  return pairs;
}

function edgesOf({ starts }: Graph, node: number): number[] {
  const [start = 0, end = 0] = [starts[node], starts[node + 1]];
  return Array.from({ length: end - start }, (_, at) => start + at);
}

/** Which nodes each reaches by one edge or more. */
function reachable(graph: Graph): boolean[][] {
  const all = Array.from({ length: graph.size }, (_, at) => at);
  const reach = all.map(() => all.map(() => false));
  for (const [at, target] of graph.targets.entries()) {
    (reach[graph.sources[at] as number] as boolean[])[target] = true;
  }
  for (const via of all) {
    for (const from of all) {
      if (reach[from]?.[via] !== true) continue;
      for (const to of all) if (reach[via]?.[to] === true) (reach[from] as boolean[])[to] = true;
    }
  }
  return reach;
}

const anyGraph = fc
  .array(fc.tuple(fc.nat(6), fc.nat(6), fc.constantFrom(...kinds)), { maxLength: 16 })
  .map((edges) => {
    const builder = new GraphBuilder(7);
    for (const [source, target, kind] of edges) builder.add(source, target, kind, -1);
    return builder.build();
  });

describe('a fan', () => {
  it('puts each reader before each writer but itself', () => {
    const subset = fc.uniqueArray(fc.nat(11), { maxLength: 12 });
    fc.assert(
      fc.property(subset, subset, (readers, writers) => {
        const builder = new GraphBuilder(12);
        fan(
          builder,
          readers,
          writers.map((txn) => ({ txn, label: txn })),
        );
        const pairs = readers.flatMap((a) =>
          writers.filter((b) => a !== b).map((b) => `${a} ${b}`),
        );
        expect(direct(builder.build(), 12)).toEqual(new Set(pairs));
      }),
      pinned(500),
    );
  });
});

describe('real time', () => {
  it('puts what completed before what was invoked later, and nothing else', () => {
    for (let seed = 0; seed < 100; seed++) {
      const history = databaseHistory(seed, {
        ...{ level: 'strict', lists: true, txns: 12, workers: 4, keys: 2, operationsMax: 2 },
        ...{ failing: 20, unknown: 20, lying: 0 },
      });
      const ledger = ledgerOf(history, { write: 'append', flawOf: () => undefined });
      const { count, fates, completed, invoked } = ledger;
      const builder = new GraphBuilder(count);
      const runs = { ...ledger, end: history.ops.length, processOf: () => undefined };
      addRealtime(builder, runs, new Uint8Array(count).fill(1));
      const txns = Array.from({ length: count }, (_, txn) => txn);
      const pairs = txns
        .filter((txn) => fates[txn] === 0)
        .flatMap((a) => {
          const later = txns.filter((b) => (completed[a] ?? 0) < (invoked[b] ?? 0));
          return later.map((b) => `${a} ${b}`);
        });
      expect(direct(builder.build(), count)).toEqual(new Set(pairs));
    }
  });
});

describe('components', () => {
  it('hold together what reaches each other', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { of } = componentsOf(graph, ~edge.via);
        const reach = reachable(graph);
        for (let a = 0; a < graph.size; a++) {
          for (let b = 0; b < graph.size; b++) {
            const mutual = a === b || (reach[a]?.[b] === true && reach[b]?.[a] === true);
            expect(of[a] === of[b]).toBe(mutual);
          }
        }
      }),
      pinned(500),
    );
  });

  it('do not overflow on a cycle of a hundred thousand', () => {
    const size = 100_000;
    const builder = new GraphBuilder(size);
    for (let at = 0; at < size; at++) builder.add(at, (at + 1) % size, edge.ww, -1);
    const { found } = cyclesIn(builder.build(), size, 1_000);
    expect(found.map(({ kind, steps }) => [kind, steps.length])).toEqual([['G0', size]]);
  });
});

describe('cycles', () => {
  it('are found exactly where there are some, with the weakest kind that shows', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { found } = cyclesIn(graph, graph.size, 100_000);
        const has = (...wanted: readonly string[]) =>
          found.some(({ kind }) => wanted.includes(kind));
        const cyclic = (part: Graph) => reachable(part).some((row, at) => row[at] === true);
        const only = (mask: number): Graph => {
          const builder = new GraphBuilder(graph.size);
          for (const [at, kind] of graph.kinds.entries()) {
            if ((kind & mask) === 0) continue;
            builder.add(graph.sources[at] as number, graph.targets[at] as number, kind, -1);
          }
          return builder.build();
        };
        expect(has('G0')).toBe(cyclic(only(edge.ww)));
        expect(has('G0', 'G1c')).toBe(cyclic(only(edge.ww | edge.wr)));
        const apart = cyclic(withoutAdjacentRw(graph));
        expect(has('G0', 'G1c', 'G-single', 'G-nonadjacent')).toBe(apart);
        expect(found.length > 0).toBe(cyclic(graph));
      }),
      pinned(2_000),
    );
  });

  it('are walks of edges that the graph has', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        for (const { steps } of cyclesIn(graph, graph.size, 100_000).found) {
          for (const [at, { source, target, kind }] of steps.entries()) {
            expect(steps[(at + 1) % steps.length]?.source).toBe(target);
            const own = edgesOf(graph, source);
            expect(own.some((e) => graph.targets[e] === target && graph.kinds[e] === kind)).toBe(
              true,
            );
          }
        }
      }),
      pinned(1_000),
    );
  });
});
