// What must hold of keys, timers and rescales, seen from outside: streams.md's invariants G1 (one
// holder of a key), G3 (bounded buffers), G6 (a rescale ends), and that a timer fires once.
import type { NodeId } from '../../node/message.js';
import type { AnyProperty, Cluster } from '../../node/property.js';
import type { Options, State } from './bodies.js';

type Machines = Cluster<State>;

const oneOwner: AnyProperty = {
  kind: 'always',
  name: 'one-owner',
  about: 'Under one ring a key that is taken in is held by one instance.',
  broken(cluster: Machines, node: NodeId | undefined) {
    const own = node === undefined ? undefined : cluster.state(node)?.operator;
    if (own === undefined || own.touched === '' || !own.rows.has(own.touched)) return undefined;
    for (const other of cluster.members) {
      const operator = other === node ? undefined : cluster.state(other)?.operator;
      if (operator?.epoch !== own.epoch || !operator.rows.has(own.touched)) continue;
      return `${node} and ${other} both hold ${own.touched} under ring ${own.epoch}`;
    }
    return undefined;
  },
};

/** How many lists of outputs of the sink were looked at, and by name who made them. */
interface Shown {
  lists: number;
  readonly names: Set<string>;
}

/** Lists of the partition, offset, number and value of each output, one after the other. */
type SinkState = { readonly shown: readonly (readonly unknown[])[] };
const fieldsOfOutput = 4;

const timersFireOnce: AnyProperty = {
  kind: 'always',
  name: 'timers-fire-once',
  about: 'The sink shows what a timer had to show once.',
  memory: { lists: 0, names: new Set() } satisfies Shown,
  broken(cluster: Machines, node: NodeId | undefined, memory: Shown) {
    if (node !== (cluster.options as Options).sink) return undefined;
    const { shown = [] } = (cluster.state(node) as unknown as SinkState | undefined) ?? {};
    for (; memory.lists < shown.length; memory.lists++) {
      const outputs = shown[memory.lists] ?? [];
      for (let at = 0; at < outputs.length; at += fieldsOfOutput) {
        const name = `${String(outputs[at])}@${String(outputs[at + 1])}`;
        if (memory.names.has(name)) return `the timer of ${name} has fired twice`;
        memory.names.add(name);
      }
    }
    return undefined;
  },
};

const boundedBuffers: AnyProperty = {
  kind: 'always',
  name: 'bounded-buffers',
  about: 'A parent keeps no more records than its window, however long it is paused.',
  broken(cluster: Machines, node: NodeId | undefined) {
    const { window } = cluster.options as Options;
    const parents = node === undefined ? undefined : cluster.state(node)?.parents;
    for (const { partition, buffer, sent } of parents?.values() ?? []) {
      const kept = buffer.size + sent.size;
      if (kept > window) return `the parent of ${partition} keeps ${kept} records of ${window}`;
    }
    return undefined;
  },
};

/** Longer than any rescale may take: it is given up, or taken over, before. */
const pauseMaxUs = 9_000_000;

const parentsGoOn: AnyProperty = {
  kind: 'always',
  name: 'parents-go-on',
  about: 'No parent is paused for much longer than a rescale may take.',
  memory: new Map(),
  broken(cluster: Machines, node: NodeId | undefined, since: Map<NodeId, number>) {
    if (node === undefined) since.clear(); // Whoever was down or away has an excuse.
    const parents = node === undefined ? undefined : cluster.state(node)?.parents;
    if (node === undefined || parents === undefined) return undefined;
    const epochs = [...parents.values()].map(({ paused }) => paused);
    if (epochs.every((epoch) => epoch === 0)) return void since.delete(node);
    const fromUs = since.get(node) ?? cluster.nowUs;
    since.set(node, fromUs);
    if (cluster.nowUs - fromUs <= pauseMaxUs) return undefined;
    return `the parents at ${node} have been paused for ${(cluster.nowUs - fromUs) / 1_000_000} s`;
  },
};

const rescalesEnd: AnyProperty = {
  kind: 'eventually',
  name: 'rescales-end',
  about: 'In the end nobody is paused or frozen, and all know the same ring.',
  missing(cluster: Machines) {
    const epochs = new Set<number>();
    for (const node of cluster.members) {
      const state = cluster.state(node);
      if (state === undefined) continue;
      epochs.add(state.operator.epoch);
      if (state.operator.frozen > 0) return `${node} is frozen for ring ${state.operator.frozen}`;
      const paused = [...state.parents.values()].find((parent) => parent.paused > 0);
      if (paused !== undefined) return `the parent of ${paused.partition} is paused at ${node}`;
    }
    return epochs.size > 1 ? `nodes are under rings ${[...epochs].join(', ')}` : undefined;
  },
};

const keysMove: AnyProperty = {
  kind: 'sometimes',
  name: 'keys-move',
  about: 'A ring after the first is decided.',
  reached: (cluster: Machines, node: NodeId | undefined) =>
    node !== undefined && (cluster.state(node)?.register?.ring.epoch ?? 1) > 1,
};

export const gooblyProperties: readonly AnyProperty[] = [
  ...[oneOwner, timersFireOnce, boundedBuffers, parentsGoOn, rescalesEnd, keysMove],
];
