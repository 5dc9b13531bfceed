// A topo's specification: a graph of typed input streams, vertices and output streams (seed 000,
// "Topologies"). Vertices are matched with streams as type classes are: a stream has a type, a
// vertex says which types or classes of types it consumes. Matching is resolved once, at
// submission, into a plan that is stored with the specification; nothing that comes later captures
// a stream. It knows neither nodes' states nor messages.
import type { NodeId } from '../../node/message.js';
import type { CodeRef } from './code.js';

export type TopoId = string;

interface InputStream {
  readonly name: string;
  readonly type: string;
  /** The service that its records are pulled from; without one, clients and services push them. */
  readonly source?: NodeId | undefined;
}

export interface VertexSpec {
  readonly name: string;
  /** Types, or classes of types, of which it takes every stream. */
  readonly consumes: readonly string[];
  /** Each value that its code returns goes out once as each of these. */
  readonly produces: readonly string[];
  readonly code: CodeRef;
}

/** An output stream that leaves the topo: all records of a type go to a sink. */
interface Outlet {
  readonly type: string;
  readonly sink: NodeId;
}

/** What a client submits. */
export interface TopoSpec {
  readonly streams: readonly InputStream[];
  readonly vertices: readonly VertexSpec[];
  readonly outlets: readonly Outlet[];
  /** `[class, type]`: the type is an instance of the class. */
  readonly instances: readonly (readonly [string, string])[];
  /** How many nodes seed it. */
  readonly n: number;
  /** Whether units are acked: without, latency is less, and so are guarantees (at most once). */
  readonly ack: boolean;
  /** The higher, the sooner it runs, where clusters are priority queues. */
  readonly priority: number;
}

/** Where the records of a stream go. */
export interface Route {
  readonly stream: string;
  readonly vertices: readonly string[];
  readonly sinks: readonly NodeId[];
}

export type Plan = readonly Route[];

interface Rejection {
  readonly reason:
    | 'duplicate_name'
    | 'no_input'
    | 'no_seeds'
    | 'unmatched_stream'
    | 'unreachable_vertex'
    | 'cycle';
  readonly text: string;
}

/** The stream of a vertex's records of a type. */
export const streamOf = (vertex: string, type: string): string => `${vertex}.${type}`;

/**
 * The plan of a specification, or why there is none. The order in which its parts are declared
 * does not matter. O(streams × vertices).
 */
export function resolve(spec: TopoSpec): Plan | Rejection {
  const wrong = flawOf(spec);
  if (wrong !== undefined) return wrong;
  const plan = spec.streams.map(({ name, type }) => routeOf(spec, name, type));
  for (const { name, produces } of spec.vertices) {
    for (const type of produces) plan.push(routeOf(spec, streamOf(name, type), type));
  }
  plan.sort((a, b) => (a.stream < b.stream ? -1 : 1));
  const idle = plan.find(({ vertices, sinks }) => vertices.length + sinks.length === 0);
  if (idle !== undefined) {
    return { reason: 'unmatched_stream', text: `nothing takes the stream ${idle.stream}` };
  }
  return disorderOf(spec, plan) ?? plan;
}

export function isPlan(resolved: Plan | Rejection): resolved is Plan {
  return Array.isArray(resolved);
}

function flawOf({ streams, vertices, n }: TopoSpec): Rejection | undefined {
  const names = [...streams, ...vertices].map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { reason: 'duplicate_name', text: `${twice} is there twice` };
  if (streams.length === 0) return { reason: 'no_input', text: 'there is no input stream' };
  if (n < 1) return { reason: 'no_seeds', text: 'at least one node must seed a topo' };
  return undefined;
}

/** Every instance counts: a stream that several vertices match goes to all of them. */
function routeOf(spec: TopoSpec, stream: string, type: string): Route {
  const classes = spec.instances.filter(([, instance]) => instance === type).map(([name]) => name);
  const fits = new Set([type, ...classes]);
  const vertices = spec.vertices.filter(({ consumes }) => consumes.some((each) => fits.has(each)));
  const sinks = spec.outlets.filter((outlet) => fits.has(outlet.type)).map(({ sink }) => sink);
  return {
    stream,
    vertices: vertices.map(({ name }) => name).sort(byText),
    sinks: [...new Set(sinks)].sort(byText),
  };
}

/** A vertex that no input reaches, or one that its own records come back to (Kahn 1962). */
function disorderOf(spec: TopoSpec, plan: Plan): Rejection | undefined {
  const takers = new Map(plan.map(({ stream, vertices }) => [stream, vertices]));
  const next = ({ name, produces }: VertexSpec): readonly string[] =>
    produces.flatMap((type) => takers.get(streamOf(name, type)) ?? []);
  const reached = new Set(spec.streams.flatMap(({ name }) => takers.get(name) ?? []));
  for (const name of reached) {
    const vertex = spec.vertices.find((each) => each.name === name);
    if (vertex !== undefined) for (const taker of next(vertex)) reached.add(taker);
  }
  const stray = spec.vertices.find(({ name }) => !reached.has(name));
  if (stray !== undefined) {
    return { reason: 'unreachable_vertex', text: `no input reaches the vertex ${stray.name}` };
  }
  let left = spec.vertices;
  while (left.length > 0) {
    const fed = new Set(left.flatMap(next));
    const kept = left.filter(({ name }) => fed.has(name));
    if (kept.length === left.length) {
      return { reason: 'cycle', text: `records come back to the vertex ${kept[0]?.name}` };
    }
    left = kept;
  }
  return undefined;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
