// A topo's state, the fold of its log: which records were accepted, which units are open, what has
// come out, at which position, and what each vertex has seen. Owners and whoever takes over after
// them compute the same from the same log; it knows no epoch and no node.
import type { NodeId } from '../../node/message.js';
import {
  type Accept,
  type Entry,
  outId,
  type RecordId,
  rootId,
  type UnitId,
  unitId,
} from './log.js';
import { type Plan, type Route, streamOf, type TopoSpec, type VertexSpec } from './spec.js';

/** An open unit: a vertex has to process a record. */
export interface Unit {
  readonly id: UnitId;
  readonly root: RecordId;
  readonly vertex: string;
  readonly key: string;
  readonly value: number;
}

/**
 * A record of an output stream, `record=value`. Its position in the list is what the sink knows it
 * by.
 */
type Output = string;

/** The tree of units of one input record. */
interface Tree {
  /** Units that are not done. */
  open: number;
  readonly units: UnitId[];
}

export interface Machine {
  /** Records whose trees are not complete. */
  readonly trees: Map<RecordId, Tree>;
  readonly complete: Set<RecordId>;
  /** Units of trees that are not complete, and those of them that are done. */
  readonly units: Map<UnitId, Unit>;
  readonly done: Set<UnitId>;
  readonly outputs: Map<NodeId, Output[]>;
  /** By sink: how many positions it is known to have. */
  readonly emitted: Map<NodeId, number>;
  /** By vertex and key: the sum of all values that it has processed. */
  readonly sums: Map<string, number>;
  /** By input stream: the next record of its source. */
  readonly offsets: Map<string, number>;
  /** Trees that were declared complete and were not (M14). */
  readonly premature: RecordId[];
  closed: boolean;
  /** Whether units of complete trees are forgotten: who checks no attempts has to keep them. */
  readonly forgets: boolean;
}

/** What a topo is made of. */
export interface Graph {
  readonly spec: TopoSpec;
  readonly plan: Plan;
}

export function emptyMachine(forgets: boolean): Machine {
  return {
    trees: new Map(),
    complete: new Set(),
    units: new Map(),
    done: new Set(),
    outputs: new Map(),
    emitted: new Map(),
    sums: new Map(),
    offsets: new Map(),
    premature: [],
    closed: false,
    forgets,
  };
}

export function vertexOf({ spec }: Graph, name: string): VertexSpec | undefined {
  return spec.vertices.find((vertex) => vertex.name === name);
}

export function routeOf({ plan }: Graph, stream: string): Route | undefined {
  return plan.find((route) => route.stream === stream);
}

/** Returns the units that are to be processed because of an entry. */
export function apply(machine: Machine, graph: Graph, entry: Entry): readonly Unit[] {
  const made: Unit[] = [];
  switch (entry.kind) {
    case 'accept':
      accept(machine, graph, entry, made);
      break;
    case 'done':
      done(machine, graph, entry, made);
      break;
    case 'complete':
      complete(machine, entry.root);
      break;
    case 'emitted':
      machine.emitted.set(entry.sink, Math.max(emittedTo(machine, entry.sink), entry.upTo));
      break;
    case 'close':
      machine.closed = true;
      break;
  }
  return made;
}

export function emittedTo({ emitted }: Machine, sink: NodeId): number {
  return emitted.get(sink) ?? 0;
}

/** Whether a record was accepted. */
export function isKnown({ trees, complete }: Machine, root: RecordId): boolean {
  return trees.has(root) || complete.has(root);
}

function accept(machine: Machine, graph: Graph, entry: Accept, made: Unit[]): void {
  const { stream, seq, key, value } = entry;
  const root = rootId(stream, seq);
  if (isKnown(machine, root)) return;
  machine.trees.set(root, { open: 0, units: [] });
  machine.offsets.set(stream, Math.max(machine.offsets.get(stream) ?? 0, seq + 1));
  deliver(machine, graph, { record: root, root, key, value, stream }, made);
}

/** A record on its way. */
interface Flow {
  readonly record: RecordId;
  readonly root: RecordId;
  readonly key: string;
  readonly value: number;
  readonly stream: string;
}

/** A record goes to every vertex and sink that its stream is matched with. */
function deliver(
  machine: Machine,
  graph: Graph,
  { record, root, key, value, stream }: Flow,
  made: Unit[],
): void {
  const route = routeOf(graph, stream);
  const tree = machine.trees.get(root);
  for (const vertex of route?.vertices ?? []) {
    const unit: Unit = { id: unitId(record, vertex), root, vertex, key, value };
    if (machine.units.has(unit.id)) continue;
    machine.units.set(unit.id, unit);
    made.push(unit);
    if (tree === undefined) continue;
    tree.open++;
    tree.units.push(unit.id);
  }
  for (const sink of route?.sinks ?? []) {
    const list = machine.outputs.get(sink) ?? [];
    machine.outputs.set(sink, list);
    list.push(`${record}=${value}`);
  }
}

function done(
  machine: Machine,
  graph: Graph,
  { unit: id, values }: Extract<Entry, { kind: 'done' }>,
  made: Unit[],
): void {
  const unit = machine.units.get(id);
  if (unit === undefined) return;
  const tree = machine.trees.get(unit.root);
  if (tree !== undefined && !machine.done.has(id)) tree.open--;
  machine.done.add(id);
  const sum = `${unit.vertex}/${unit.key}`;
  machine.sums.set(sum, (machine.sums.get(sum) ?? 0) + unit.value);
  const vertex = vertexOf(graph, unit.vertex);
  let nth = 0;
  for (const value of values) {
    for (const type of vertex?.produces ?? []) {
      const record = outId(id, nth++);
      const stream = streamOf(unit.vertex, type);
      const { root, key } = unit;
      deliver(machine, graph, { record, root, key, value, stream }, made);
    }
  }
}

/** What is left of the tree is never processed: whoever says so had better be right. */
function complete(machine: Machine, root: RecordId): void {
  const tree = machine.trees.get(root);
  if (tree === undefined) return;
  machine.trees.delete(root);
  machine.complete.add(root);
  if (tree.open > 0) machine.premature.push(root);
  if (!machine.forgets) return;
  for (const unit of tree.units) {
    machine.units.delete(unit);
    machine.done.delete(unit);
  }
}

/** Whether a unit still has to be processed. */
export function isOpen({ done, units, trees }: Machine, id: UnitId): boolean {
  const unit = units.get(id);
  return unit !== undefined && !done.has(id) && trees.has(unit.root);
}

/** Units that still have to be processed. O(units). */
export function openUnits(machine: Machine): readonly Unit[] {
  return [...machine.units.values()].filter(({ id }) => isOpen(machine, id));
}
