// Strongly connected components: the parts of a graph in which each node lies on a cycle.
// Iterative, so that a long history does not overflow the stack. Source: Tarjan 1972.
import { copied, numbers } from '../columns.js';
import { edge, type Graph } from './graph.js';

interface Components {
  /** The component of each node. */
  readonly of: Int32Array;
  /** How many there are, and the number of nodes of each. */
  readonly count: number;
  readonly sizes: Int32Array;
}

/** Looks at edges of the kinds in `mask` only, and at `via`. O(nodes + edges). */
export function componentsOf(graph: Graph, mask: number): Components {
  const search: Search = {
    graph,
    kinds: mask | edge.via,
    of: numbers(graph.size).fill(-1),
    count: 0,
    sizes: numbers(graph.size),
    order: numbers(graph.size),
    low: numbers(graph.size),
    next: copied(graph.starts),
    waiting: numbers(graph.size),
    waitingCount: 0,
    path: [],
    seen: 0,
  };
  for (let node = 0; node < graph.size; node++) {
    if (search.order[node] === 0) explore(search, node);
  }
  return search;
}

interface Search extends Components {
  readonly graph: Graph;
  readonly kinds: number;
  count: number;
  /** When each node was first seen, from 1; 0 for never. */
  readonly order: Int32Array;
  readonly low: Int32Array;
  /** The next edge of each node to follow. */
  readonly next: Int32Array;
  /** Nodes whose component is not yet complete. */
  readonly waiting: Int32Array;
  waitingCount: number;
  /** From the root to the node at hand. */
  readonly path: number[];
  seen: number;
}

function explore(search: Search, root: number): void {
  const { graph, kinds, of, order, low, next, path } = search;
  path.push(root);
  enter(search, root);
  for (let node: number | undefined = root; node !== undefined; ) {
    const end = graph.starts[node + 1] as number;
    let at = next[node] as number;
    let child = -1;
    for (; at < end && child < 0; at++) {
      if (((graph.kinds[at] as number) & kinds) === 0) continue;
      const target = graph.targets[at] as number;
      if (order[target] === 0) child = target;
      else if (of[target] === -1 && (order[target] as number) < (low[node] as number)) {
        low[node] = order[target] as number;
      }
    }
    next[node] = at;
    if (child >= 0) {
      enter(search, child);
      path.push(child);
      node = child;
      continue;
    }
    path.pop();
    if (low[node] === order[node]) close(search, node);
    const parent: number | undefined = path[path.length - 1];
    if (parent !== undefined && (low[node] as number) < (low[parent] as number)) {
      low[parent] = low[node] as number;
    }
    node = parent;
  }
}

function enter(search: Search, node: number): void {
  search.order[node] = search.low[node] = ++search.seen;
  search.waiting[search.waitingCount++] = node;
}

/** Everything above `root` on the stack is its component. */
function close(search: Search, root: number): void {
  const { of, sizes, waiting, count } = search;
  let size = 0;
  for (let node = -1; node !== root; size++) {
    node = waiting[--search.waitingCount] as number;
    of[node] = count;
  }
  sizes[count] = size;
  search.count++;
}

/** The members of each component with more than one, by number. O(nodes). */
export function cyclicMembers({ of, sizes }: Components): readonly Int32Array[] {
  const lists = new Map<number, Int32Array>();
  const filled = new Map<number, number>();
  for (let node = 0; node < of.length; node++) {
    const component = of[node] as number;
    const size = sizes[component] as number;
    if (size < 2) continue;
    const list = lists.get(component) ?? new Int32Array(size);
    const at = filled.get(component) ?? 0;
    list[at] = node;
    lists.set(component, list);
    filled.set(component, at + 1);
  }
  return [...lists.values()];
}
