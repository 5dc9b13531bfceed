// Maelstrom's broadcast: values go in at any node and must come out at every node. Clients
// broadcast 0, 1, 2 … and read, half and half; after recovery each worker reads once more.
import { completion, list } from './reply.js';
import { topologies, topologyOf } from './topology.js';
import type { Invocation, Workload } from './workload.js';

const read: Invocation = { f: 'read', value: undefined };

export const broadcast: Workload = {
  name: 'broadcast',
  about: 'Clients broadcast numbers and read; every number must be on every node in the end.',
  options: { topology: 'grid' },
  problem: ({ topology }) => {
    if (topologies.has(String(topology))) return undefined;
    const names = [...topologies.keys()];
    return { option: 'topology', expected: `one of ${names.join(', ')}`, names };
  },
  setup: (nodes, options) => {
    const topology = Object.fromEntries(topologyOf(String(options.topology), nodes));
    const request = { type: 'topology', topology };
    return new Map(nodes.map((node) => [node, request]));
  },
  generator: {
    init: 0,
    next: (state, ctx) => {
      const value = Number(state);
      if (ctx.random.below(2) === 1) return { op: read, state };
      return { op: { f: 'broadcast', value }, state: value + 1 };
    },
  },
  final: () => [read],
  request: (op) => (op.f === 'read' ? { type: 'read' } : { type: 'broadcast', message: op.value }),
  complete: (op, reply) =>
    op.f === 'read'
      ? completion(reply, 'read_ok', { messages: list }, ({ messages }) => messages)
      : completion(reply, 'broadcast_ok', {}, () => op.value),
  idempotent: ['read'],
  checkers: ['set-full'],
};
