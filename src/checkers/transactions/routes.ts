// Shortest closed walks through an edge of a given kind, by breadth-first search inside the
// strongly connected components. Edges that lead on from nodes that are no transactions cost
// nothing.
import { componentsOf, cyclicMembers } from './components.js';
import { edge, type Graph } from './graph.js';

/** The numbers of a closed walk's edges, in order. */
export type Route = readonly number[];

export interface Search {
  readonly graph: Graph;
  /** Kinds of edges: those that make components, those that lead back, and the first. */
  readonly within: number;
  readonly along: number;
  readonly through: number;
  /** How many edges may still be looked at, after the first walk of each component. */
  readonly budget: { steps: number };
}

/** Longest first walk that stops the search in a component: no closed walk is shorter. */
const shortest = 2;

/**
 * Of each component the shortest closed walk that begins with an edge of kind `through` and goes on
 * along others. `complete`: a component without a walk has none.
 */
export function shortestRoutes(search: Search): { routes: readonly Route[]; complete: boolean } {
  const { graph, within, through, budget } = search;
  const components = componentsOf(graph, within);
  const entries = entriesOf(graph, components.of, through);
  const walk: Walk = {
    ...search,
    of: components.of,
    entries,
    arrivedBy: new Int32Array(graph.size).fill(-1),
  };
  const routes: Route[] = [];
  let complete = true;
  for (const members of cyclicMembers(components)) {
    let best: Route | undefined;
    for (const node of members) {
      if (entries.first[node] === -1) continue;
      if (budget.steps <= 0 && (search.along === within || best !== undefined)) {
        if (best !== undefined) break;
      } else if (budget.steps <= 0) {
        complete = false;
        break;
      }
      const route = routeFrom(
        walk,
        node,
        best === undefined ? graph.size + 1 : lengthOf(graph, best),
      );
      if (route !== undefined) best = route;
      if (best !== undefined && lengthOf(graph, best) <= shortest) break;
    }
    if (best !== undefined) routes.push(best);
  }
  return { routes, complete };
}

/** For each node a list of the edges of kind `through` that enter it inside its component. */
interface Entries {
  readonly first: Int32Array;
  readonly next: Int32Array;
}

function entriesOf(graph: Graph, of: Int32Array, through: number): Entries {
  const first = new Int32Array(graph.size).fill(-1);
  const next = new Int32Array(graph.targets.length).fill(-1);
  for (let at = graph.targets.length - 1; at >= 0; at--) {
    const [source, target] = [graph.sources[at] as number, graph.targets[at] as number];
    if (((graph.kinds[at] as number) & through) === 0 || of[source] !== of[target]) continue;
    next[at] = first[target] as number;
    first[target] = at;
  }
  return { first, next };
}

interface Walk extends Search {
  readonly of: Int32Array;
  readonly entries: Entries;
  /** The edge by which each node was reached; −1 for not yet, −2 for the start. */
  readonly arrivedBy: Int32Array;
}

const unseen = -1;
const start = -2;

/** The shortest closed walk whose first edge enters `node`, if it is shorter than `lengthMax`. */
function routeFrom(walk: Walk, node: number, lengthMax: number): Route | undefined {
  const { graph, entries, arrivedBy, along, of, budget } = walk;
  const goals = new Map<number, number>();
  for (let at = entries.first[node] as number; at >= 0; at = entries.next[at] as number) {
    const source = graph.sources[at] as number;
    if (!goals.has(source)) goals.set(source, at);
  }
  const kinds = along | edge.via;
  const touched = [node];
  arrivedBy[node] = start;
  let goal = -1;
  let layer = [node];
  for (let length = 1; layer.length > 0 && goal < 0 && length < lengthMax; length++) {
    const later: number[] = [];
    // What `via` reaches joins the layer while it is gone through.
    for (let from = 0; from < layer.length && goal < 0; from++) {
      const source = layer[from] as number;
      if (goals.has(source) && source !== node) {
        goal = source;
        break;
      }
      const end = graph.starts[source + 1] as number;
      for (let at = graph.starts[source] as number; at < end; at++) {
        budget.steps--;
        const [kind, target] = [graph.kinds[at] as number, graph.targets[at] as number];
        if ((kind & kinds) === 0 || arrivedBy[target] !== unseen || of[target] !== of[node])
          continue;
        arrivedBy[target] = at;
        touched.push(target);
        (kind === edge.via ? layer : later).push(target);
      }
    }
    layer = later;
  }
  const route = goal < 0 ? undefined : routeTo(walk, goal, goals.get(goal) as number);
  for (const seen of touched) arrivedBy[seen] = unseen;
  return route;
}

/** The edge that begins, then those that lead from its target back to its source. */
function routeTo({ graph, arrivedBy }: Walk, goal: number, first: number): Route {
  const back: number[] = [];
  for (let node = goal; arrivedBy[node] !== start; ) {
    const at = arrivedBy[node] as number;
    back.push(at);
    node = graph.sources[at] as number;
  }
  return [first, ...back.reverse()];
}

/** The number of dependencies on a walk. */
function lengthOf(graph: Graph, route: Route): number {
  return route.filter((at) => graph.kinds[at] !== edge.via).length;
}
