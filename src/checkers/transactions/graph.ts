// A graph of transactions: who must come before whom, and why. Some nodes are no transactions but
// stand between many of them, so that n before m costs n + m edges and not n × m. It knows nothing
// of operations: a label says which write an edge is about, and others know what that means.
import { assert } from '../../kernel/assert.js';
import { copied, marks, numbers } from '../columns.js';

/** Kinds of edges, as bits. `via` leads on from a node that is no transaction. */
export const edge = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16, via: 32 } as const;

/** Edges sorted by their sources: those of node n are from starts[n] to starts[n + 1]. */
export interface Graph {
  readonly size: number;
  readonly starts: Int32Array;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly kinds: Uint8Array;
  /** The write that an edge is about, −1 for none. */
  readonly labels: Int32Array;
}

/** Columns of edges, as they are found. */
interface Chunk {
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly kinds: Uint8Array;
  readonly labels: Int32Array;
}

/** Edges of a chunk but the first, which is smaller: most graphs that are built are small. */
const chunkEdges = 2 ** 18;
const firstEdges = 2 ** 8;

/** Edges in the order in which they are found. What is full is left as it is, and never copied. */
export class GraphBuilder {
  size: number;
  readonly #chunks: Chunk[] = [];
  #chunk = chunkOf(firstEdges);
  /** Edges in the chunks before, and in the last. */
  #before = 0;
  #count = 0;

  constructor(size: number) {
    this.size = size;
    this.#chunks.push(this.#chunk);
  }

  get edges(): number {
    return this.#before + this.#count;
  }

  /** A node that is no transaction. */
  node(): number {
    return this.size++;
  }

  /** Nothing comes before itself: such an edge is left out. */
  add(source: number, target: number, kind: number, label: number): void {
    if (source === target) return;
    if (this.#count === this.#chunk.sources.length) this.#grow();
    const { sources, targets, kinds, labels } = this.#chunk;
    const at = this.#count++;
    sources[at] = source;
    targets[at] = target;
    kinds[at] = kind;
    labels[at] = label;
  }

  #grow(): void {
    this.#before += this.#count;
    this.#count = 0;
    this.#chunk = chunkOf(Math.min(chunkEdges, 4 * this.#chunk.sources.length));
    this.#chunks.push(this.#chunk);
  }

  /** The graph so far. O(nodes + edges). */
  build(): Graph {
    const starts = numbers(this.size + 1);
    for (const chunk of this.#chunks) {
      const end = this.#lengthOf(chunk);
      for (let at = 0; at < end; at++) {
        const after = (chunk.sources[at] as number) + 1;
        starts[after] = (starts[after] as number) + 1;
      }
    }
    for (let node = 0; node < this.size; node++) {
      starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
    }
    const next = copied(starts);
    const { sources, targets, kinds, labels } = chunkOf(this.edges);
    for (const chunk of this.#chunks) {
      const end = this.#lengthOf(chunk);
      for (let at = 0; at < end; at++) {
        const source = chunk.sources[at] as number;
        const to = next[source] as number;
        next[source] = to + 1;
        sources[to] = source;
        targets[to] = chunk.targets[at] as number;
        kinds[to] = chunk.kinds[at] as number;
        labels[to] = chunk.labels[at] as number;
      }
    }
    return { size: this.size, starts, sources, targets, kinds, labels };
  }

  #lengthOf(chunk: Chunk): number {
    return chunk === this.#chunk ? this.#count : chunk.sources.length;
  }
}

function chunkOf(edges: number): Chunk {
  return {
    sources: numbers(edges),
    targets: numbers(edges),
    kinds: marks(edges),
    labels: numbers(edges),
  };
}

/** A transaction that wrote, and what. */
export interface Write {
  readonly txn: number;
  readonly label: number;
}

/** Up to so many edges are drawn one by one. */
const directMax = 16;

/**
 * Puts each reader before each writer but itself, in O(readers + writers). The writers are
 * distinct.
 *
 *     before[j] ─▶ writers 0…j        after[j] ─▶ writers j…
 */
export function fan(
  builder: GraphBuilder,
  readers: readonly number[],
  writers: readonly Write[],
): void {
  if (writers.length < 2 || readers.length * writers.length <= directMax) {
    for (const reader of readers) {
      for (const { txn, label } of writers) builder.add(reader, txn, edge.rw, label);
    }
    return;
  }
  const places = new Map(writers.map(({ txn }, at) => [txn, at]));
  assert(places.size === writers.length, 'writers are distinct');
  const before = chain(builder, writers);
  const after = chain(builder, writers.toReversed()).reverse();
  for (const reader of readers) {
    const place = places.get(reader) ?? writers.length;
    const [below, above] = [before[place - 1], after[place + 1]];
    if (below !== undefined) builder.add(reader, below, edge.rw, -1);
    if (above !== undefined) builder.add(reader, above, edge.rw, -1);
  }
}

/** Nodes, each of which leads to the one before it and to its own writer. */
function chain(builder: GraphBuilder, writers: readonly Write[]): number[] {
  let last: number | undefined;
  return writers.map(({ txn, label }) => {
    const node = builder.node();
    if (last !== undefined) builder.add(node, last, edge.via, -1);
    builder.add(node, txn, edge.via, label);
    last = node;
    return node;
  });
}

/** The part of a graph among `members`, renumbered by their position there. O(part). */
export function part(graph: Graph, members: Int32Array, places: Int32Array): Graph {
  const builder = new GraphBuilder(members.length);
  for (const [at, node] of members.entries()) places[node] = at;
  for (const [source, node] of members.entries()) {
    const end = graph.starts[node + 1] as number;
    for (let at = graph.starts[node] as number; at < end; at++) {
      const to = graph.targets[at] as number;
      const target = places[to] as number;
      if (members[target] !== to) continue;
      builder.add(source, target, graph.kinds[at] as number, graph.labels[at] as number);
    }
  }
  return builder.build();
}

/**
 * Walks without two rw edges in a row: node 2n is n, reached otherwise, 2n + 1 is n, reached by an
 * rw edge, from where no other rw edge leads on. A history is not snapshot isolated exactly if this
 * graph has a cycle (Cerone & Gotsman 2018). O(graph).
 */
export function withoutAdjacentRw(graph: Graph): Graph {
  const builder = new GraphBuilder(graph.size * 2);
  for (let at = 0; at < graph.targets.length; at++) {
    const [source, target] = [graph.sources[at] as number, graph.targets[at] as number];
    const [kind, label] = [graph.kinds[at] as number, graph.labels[at] as number];
    if (kind === edge.rw) {
      builder.add(source * 2, target * 2 + 1, kind, label);
    } else {
      const after = kind === edge.via ? 1 : 0;
      builder.add(source * 2, target * 2, kind, label);
      builder.add(source * 2 + 1, target * 2 + after, kind, label);
    }
  }
  return builder.build();
}
