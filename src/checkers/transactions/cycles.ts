// Cycles of dependencies, the shortest that a bounded search finds, and their names: Adya's G0,
// G1c, G-single, G2-item and, between the last two, G-nonadjacent, which snapshot isolation rules
// out. That there is a cycle is decided in linear time, by components; only how short it is
// depends on the bound, and whether there is one with exactly one rw edge. Sources: Adya 1999, §4
// and §5.1; Kingsbury & Alvaro 2020, §6.
import { componentsOf, cyclicMembers } from './components.js';
import { edge, type Graph, part, withoutAdjacentRw } from './graph.js';
import { type Route, type Search, shortestRoutes } from './routes.js';

/** One dependency of a cycle. */
export interface Step {
  readonly source: number;
  readonly target: number;
  readonly kind: number;
  /** The write that it is about, −1 for none. */
  readonly label: number;
}

/** Dependencies that lead from a transaction back to it. */
export interface Cycle {
  readonly kind: string;
  readonly steps: readonly Step[];
}

export interface Cycles {
  readonly found: readonly Cycle[];
  /** Whether cycles with exactly one rw edge were looked for until the bound only. */
  readonly singlesMissed: boolean;
}

const sessions = [0, edge.process, edge.process | edge.realtime];

/**
 * At least one cycle of each component, and one of each kind of cycle that is not implied by
 * others. `txns` says how many nodes are transactions; `stepsMax` bounds the search for short
 * ones.
 */
export function cyclesIn(graph: Graph, txns: number, stepsMax: number): Cycles {
  const all = componentsOf(graph, ~edge.via);
  const places = new Int32Array(graph.size);
  const found: Cycle[] = [];
  const budget = { steps: stepsMax };
  let singlesMissed = false;
  for (const members of cyclicMembers(all)) {
    const names = members.map((node) => (node < txns ? node : -1));
    const hunt: Hunt = {
      graph: part(graph, members, places),
      names,
      budget,
      found: new Map(),
      singlesMissed: false,
    };
    for (const session of sessions) huntIn(hunt, session);
    found.push(...hunt.found.values());
    singlesMissed ||= hunt.singlesMissed;
  }
  return { found, singlesMissed };
}

interface Hunt {
  /** One component. */
  readonly graph: Graph;
  /** The transaction of each node, −1 for none. */
  readonly names: Int32Array;
  readonly budget: Search['budget'];
  /** The first cycle of each kind. */
  readonly found: Map<string, Cycle>;
  singlesMissed: boolean;
}

/** Each kind with the edges of sessions beside its own, unless it was found without. */
function huntIn(hunt: Hunt, session: number): void {
  const { graph } = hunt;
  const { ww, wr, rw } = edge;
  const dependencies = ww | wr | session;
  const has = (kind: string): boolean =>
    [...hunt.found.keys()].some((found) => found.startsWith(kind));
  const search = (on: Graph, within: number, along: number, through: number) =>
    shortestRoutes({ graph: on, within, along, through, budget: hunt.budget });
  if (!has('G0')) keep(hunt, search(graph, ww | session, ww | session, ww).routes, graph);
  if (!has('G1c')) keep(hunt, search(graph, dependencies, dependencies, wr).routes, graph);
  const any = dependencies | rw;
  if (!has('G-single') && !has('G-nonadjacent')) {
    const apart = withoutAdjacentRw(graph);
    if (cyclicMembers(componentsOf(apart, any)).length > 0) {
      const singles = search(graph, any, dependencies, rw);
      keep(hunt, singles.routes, graph);
      hunt.singlesMissed ||= !singles.complete && !has('G-single');
      if (!has('G-single')) keep(hunt, search(apart, any, any, rw).routes, apart);
    }
  }
  if (['G-single', 'G-nonadjacent', 'G2-item'].some(has)) return;
  keep(hunt, search(graph, any, any, rw).routes, graph);
}

/** Names the cycles and keeps the shortest of each kind. */
function keep({ found, names, graph }: Hunt, routes: readonly Route[], on: Graph): void {
  const doubled = on !== graph;
  for (const route of routes) {
    const steps = stepsOf(on, route, (node) => names[doubled ? node >>> 1 : node] as number);
    const kind = kindOf(steps);
    const before = found.get(kind);
    if (before === undefined || steps.length < before.steps.length)
      found.set(kind, { kind, steps });
  }
}

/** Leaves out the nodes that are no transactions. */
function stepsOf(graph: Graph, route: Route, nameOf: (node: number) => number): Step[] {
  const steps: Step[] = [];
  let open = { source: -1, kind: 0, label: -1 };
  for (const at of route) {
    const [kind, label] = [graph.kinds[at] as number, graph.labels[at] as number];
    if (kind !== edge.via) open = { source: nameOf(graph.sources[at] as number), kind, label };
    else if (label >= 0) open = { ...open, label };
    const target = nameOf(graph.targets[at] as number);
    if (target >= 0) steps.push({ ...open, target });
  }
  return steps;
}

/** Adya's name of a cycle, and `-process` or `-realtime` where it needs these edges. */
function kindOf(steps: readonly Step[]): string {
  const has = (kind: number): boolean => steps.some((step) => step.kind === kind);
  const session = has(edge.realtime) ? '-realtime' : has(edge.process) ? '-process' : '';
  const rws = steps.filter(({ kind }) => kind === edge.rw).length;
  if (rws === 0) return `${has(edge.wr) ? 'G1c' : 'G0'}${session}`;
  if (rws === 1) return `G-single${session}`;
  const adjacent = steps.some(
    ({ kind }, at) => kind === edge.rw && steps[(at + 1) % steps.length]?.kind === edge.rw,
  );
  return `${adjacent ? 'G2-item' : 'G-nonadjacent'}${session}`;
}
