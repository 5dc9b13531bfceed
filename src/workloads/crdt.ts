// A document of conflict-free replicated data types: clients mutate its objects at any node and
// read it all; in the end all nodes must show the same.
import { completion, list } from './reply.js';
import type { Invocation, Workload } from './workload.js';

const read: Invocation = { f: 'read', value: undefined };

/** Elements of sets from which things are removed: few, so that adds and removes meet. */
const elements = 6;

const kinds = ['g-set', 'two-phase-set', 'or-set', 'g-counter', 'pn-counter', 'lww-register'];

export const crdt: Workload = {
  name: 'crdt',
  about:
    'Clients mutate sets, counters and registers at any node; all nodes must agree in the end.',
  options: {},
  generator: {
    init: 0,
    next: (state, { random }) => {
      if (random.below(2) === 1) return { op: read, state };
      const number = Number(state);
      const type = random.pick(kinds);
      const [op, arg] = mutationOf(type, number, random.below(elements), random.below(3) > 0);
      return { op: { f: 'mutate', value: [type, op, arg] }, state: number + 1 };
    },
  },
  final: () => [read],
  request: ({ f, value }) => {
    if (f === 'read') return { type: 'read' };
    const [type, op, arg] = value as readonly (string | number)[];
    return { type: 'mutate', crdt: type, op, arg } as { type: string };
  },
  complete: (op, reply) =>
    op.f === 'read'
      ? completion(reply, 'read_ok', { document: list }, ({ document }) => document)
      : completion(reply, 'mutate_ok', {}, () => op.value),
  idempotent: ['read'],
  checkers: ['convergence'],
};

/** An operation of a type, with its argument; `more`: one that adds. */
function mutationOf(type: string, number: number, element: number, more: boolean) {
  switch (type) {
    case 'g-set':
      return ['add', number] as const;
    case 'g-counter':
      return ['increment', element] as const;
    case 'pn-counter':
      return [more ? 'increment' : 'decrement', element] as const;
    case 'lww-register':
      return ['write', number] as const;
    default:
      return [more ? 'add' : 'remove', element] as const;
  }
}
