// A building block: a topology as it is written down, what is wrong with it, and the plan that its
// processors follow. A vertex has as many processors as its parallelism; processors are numbered
// through, spouts first, sinks last. A tuple goes, for each vertex downstream, to the processor
// that the hash of its key names.
//
//   log (2) ──▶ split (2) ──▶ count (3) ──▶ out (1)        0 1 │ 2 3 │ 4 5 6 │ 7
import { brokenLaw, type Monoid, monoids } from './monoids.js';
import { type Operator, operators } from './operators.js';

/** A vertex as a scenario writes it. */
interface VertexSpec {
  readonly name: string;
  /** What it does: the name of an operator. */
  readonly do: string;
  /** The vertices that it hears; a spout hears none. */
  readonly from?: readonly string[];
  /** How many processors it has; a spout has one for each partition of the log. */
  readonly parallelism?: number;
  /** Sinks: whether outputs carry the names of their inputs; true if this is left out. */
  readonly ids?: boolean;
}

export type TopologySpec = readonly VertexSpec[];

export interface Vertex {
  readonly name: string;
  readonly do: string;
  readonly kind: Operator['kind'];
  /** Numbers of vertices. */
  readonly ups: readonly number[];
  readonly downs: readonly Down[];
  /** The number of its first processor, and how many it has. */
  readonly first: number;
  readonly count: number;
  readonly fanMax: number;
  readonly ids: boolean;
}

/** An edge, as the vertex above sees it. */
interface Down {
  readonly vertex: number;
  /** Which of the vertices that `vertex` hears this one is, and of how many. */
  readonly place: number;
  readonly places: number;
}

/** Plain data: it lies in nodes' states. */
export interface Plan {
  readonly vertices: readonly Vertex[];
  /** By processor its vertex. */
  readonly vertexOf: readonly number[];
  readonly spouts: readonly number[];
  readonly bolts: readonly number[];
  readonly sinks: readonly number[];
}

/** What a topology is asked to keep to. */
interface Demands {
  readonly partitions: number;
  /** Whether every operator's state must be a commutative monoid. */
  readonly lawful: boolean;
  /** Whether sinks must be able to tell an output from another. */
  readonly ids: boolean;
}

/** No topology needs more. */
const processorsMax = 10_000;

/** What a topology should be instead; undefined: it is sound. */
export function flawOf(topology: unknown, demands: Demands): string | undefined {
  if (!Array.isArray(topology) || topology.length === 0) {
    return 'a list of vertices, such as [{name: log, do: read}, …], or the name of a topology';
  }
  const spec = topology as TopologySpec;
  return (
    first(spec, (vertex) => shapeFlaw(vertex)) ??
    first(spec, ({ name }, at) =>
      spec.findIndex((other) => other.name === name) === at
        ? undefined
        : `vertices with names of their own: there are two called ${name}`,
    ) ??
    first(spec, (vertex) => edgeFlaw(vertex, spec)) ??
    cycleFlaw(spec) ??
    first(spec, (vertex) => (demands.lawful ? lawFlaw(vertex) : undefined)) ??
    first(spec, (vertex) => (demands.ids ? idFlaw(vertex) : undefined)) ??
    wholeFlaw(spec, demands)
  );
}

function first(
  spec: TopologySpec,
  flaw: (vertex: VertexSpec, at: number) => string | undefined,
): string | undefined {
  for (const [at, vertex] of spec.entries()) {
    const found = flaw(vertex, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shapeFlaw(vertex: VertexSpec): string | undefined {
  const fields = ['name', 'do', 'from', 'parallelism', 'ids'];
  if (typeof vertex !== 'object' || vertex === null) return 'a list of vertices, each a map';
  const strange = Object.keys(vertex).find((field) => !fields.includes(field));
  if (strange !== undefined) return `vertices with ${fields.join(', ')}, not ${strange}`;
  const { name, parallelism = 1, from = [] } = vertex;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) {
    return `vertices with names in small letters, not ${String(name)}`;
  }
  if (!operators.has(vertex.do)) {
    const known = [...operators.keys()].join(', ');
    return `vertices that do something that is known (${known}); ${name} does ${vertex.do}`;
  }
  if (!Number.isSafeInteger(parallelism) || parallelism < 1) {
    return `a parallelism from 1; that of ${name} is ${String(parallelism)}`;
  }
  return Array.isArray(from) ? undefined : `a list after "from"; ${name} has ${String(from)}`;
}

function edgeFlaw({ name, do: does, from = [] }: VertexSpec, spec: TopologySpec) {
  const kind = operators.get(does)?.kind;
  if (kind === 'spout') return from.length === 0 ? undefined : `a spout ${name} that hears nobody`;
  if (from.length === 0) return `a vertex ${name} that hears another one`;
  for (const up of from) {
    const found = spec.find((other) => other.name === up);
    if (found === undefined) {
      return `vertices that are there: ${name} hears ${up}, which is not there`;
    }
    if (operators.get(found.do)?.kind === 'sink')
      return `sinks that nobody hears: ${name} hears ${up}`;
  }
  return undefined;
}

function cycleFlaw(spec: TopologySpec): string | undefined {
  const done = new Set<string>();
  const above: string[] = [];
  const walk = (name: string): string | undefined => {
    if (above.includes(name)) {
      const cycle = [...above.slice(above.indexOf(name)), name].reverse();
      return `a topology without a cycle: ${cycle.join(' → ')}`;
    }
    if (done.has(name)) return undefined;
    above.push(name);
    for (const up of spec.find((vertex) => vertex.name === name)?.from ?? []) {
      const found = walk(up);
      if (found !== undefined) return found;
    }
    above.pop();
    done.add(name);
    return undefined;
  };
  return first(spec, ({ name }) => walk(name));
}

function lawFlaw({ name, do: does }: VertexSpec): string | undefined {
  const monoid = monoids.get(operators.get(does)?.monoid ?? '');
  const law = monoid && brokenLaw(monoid);
  if (law === undefined) return undefined;
  return `states that are commutative monoids; ${monoid?.name} of ${name} is ${law}`;
}

function idFlaw({ name, do: does, ids = true }: VertexSpec): string | undefined {
  if (ids || operators.get(does)?.kind !== 'sink') return undefined;
  return `sinks with ids where exactly-once is asked; ${name} has none`;
}

function wholeFlaw(spec: TopologySpec, { partitions }: Demands): string | undefined {
  const kinds = new Set(spec.map((vertex) => operators.get(vertex.do)?.kind));
  if (!kinds.has('spout')) return 'a topology with a spout';
  const count = spec.reduce((sum, { parallelism = partitions }) => sum + parallelism, 0);
  return count > processorsMax ? `at most ${processorsMax} processors` : undefined;
}

/** The plan of a sound topology: vertices in such an order that each comes after those it hears. */
export function planOf(spec: TopologySpec, partitions: number): Plan {
  const ordered = inOrder(spec);
  const numberOf = new Map(ordered.map(({ name }, number) => [name, number]));
  const numbers = (names: readonly string[] = []) => names.map((name) => numberOf.get(name) ?? -1);
  const vertices: Vertex[] = [];
  const vertexOf: number[] = [];
  for (const [number, { name, do: does, from, parallelism = 1, ids = true }] of ordered.entries()) {
    const { kind = 'bolt', fanMax = 1 } = operators.get(does) ?? {};
    const count = kind === 'spout' ? partitions : parallelism;
    const downs = ordered.flatMap((down, vertex): Down[] => {
      const place = (down.from ?? []).indexOf(name);
      return place < 0 ? [] : [{ vertex, place, places: down.from?.length ?? 1 }];
    });
    const around = { ups: numbers(from), downs, first: vertexOf.length, count };
    vertices.push({ name, do: does, kind, ...around, fanMax, ids });
    for (let i = 0; i < count; i++) vertexOf.push(number);
  }
  const of = (kind: Operator['kind']): number[] =>
    vertexOf.flatMap((vertex, processor) => (vertices[vertex]?.kind === kind ? [processor] : []));
  return { vertices, vertexOf, spouts: of('spout'), bolts: of('bolt'), sinks: of('sink') };
}

function inOrder(spec: TopologySpec): readonly VertexSpec[] {
  const rank = { spout: 0, bolt: 1, sink: 2 };
  const left = [...spec];
  const ordered: VertexSpec[] = [];
  const placed = new Set<string>();
  const ready = ({ from = [] }: VertexSpec) => from.every((name) => placed.has(name));
  const rankOf = (vertex: VertexSpec) => rank[operators.get(vertex.do)?.kind ?? 'bolt'];
  while (left.length > 0) {
    const candidates = left.filter(ready);
    const next = candidates.reduce((a, b) => (rankOf(b) < rankOf(a) ? b : a));
    ordered.push(next);
    placed.add(next.name);
    left.splice(left.indexOf(next), 1);
  }
  return ordered;
}

/** `count/2`: the third processor of the vertex count. */
export function nameOf({ vertices, vertexOf }: Plan, processor: number): string {
  const vertex = vertices[vertexOf[processor] ?? 0];
  return `${vertex?.name}/${processor - (vertex?.first ?? 0)}`;
}

export function operatorOf({ vertices, vertexOf }: Plan, processor: number): Operator {
  return operators.get(vertices[vertexOf[processor] ?? 0]?.do ?? '') as Operator;
}

/** How an operator's state takes effects in; undefined: it has none. */
export function monoidOf({ monoid }: Operator): Monoid | undefined {
  return monoid === undefined ? undefined : monoids.get(monoid);
}

/** The processor that a tuple of this key goes to on an edge. */
export function routeOf({ vertices }: Plan, { vertex }: Down, key: string): number {
  const { first = 0, count = 1 } = vertices[vertex] ?? {};
  return first + hashed(key, count);
}

/** Processors that a processor hears. */
export function upstreamOf(plan: Plan, processor: number): readonly number[] {
  const vertex = plan.vertices[plan.vertexOf[processor] ?? 0];
  return (vertex?.ups ?? []).flatMap((up) => processorsOf(plan.vertices[up]));
}

/** Processors that hear a processor. */
export function downstreamOf(plan: Plan, processor: number): readonly number[] {
  const vertex = plan.vertices[plan.vertexOf[processor] ?? 0];
  return (vertex?.downs ?? []).flatMap((down) => processorsOf(plan.vertices[down.vertex]));
}

function processorsOf(vertex: Vertex | undefined): readonly number[] {
  return Array.from({ length: vertex?.count ?? 0 }, (_, i) => (vertex?.first ?? 0) + i);
}

/** FNV-1a over UTF-16 units: which of `count` processors a key belongs to. */
export function hashed(key: string, count: number): number {
  if (count === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % count;
}
