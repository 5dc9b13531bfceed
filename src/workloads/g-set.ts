// Maelstrom's g-set: numbers go into a grow-only set at any node and must be in it everywhere in
// the end. Its client handles no errors: whatever is no good reply is an `info`. The reply's field
// is `value`; Maelstrom's text calls it `elements`, its schema does not.
import { completion, list } from './reply.js';
import { asInfo, type Invocation, type Workload } from './workload.js';

const read: Invocation = { f: 'read', value: undefined };

export const gSet: Workload = {
  name: 'g-set',
  about: 'Clients add numbers to a set and read it; every number must be on every node in the end.',
  /** The share of adds that add what was added before; Maelstrom adds each once. */
  options: { repeatPpm: 0 },
  generator: {
    init: 0,
    next: (state, { random, options }) => {
      const value = Number(state);
      if (random.below(2) === 1) return { op: read, state };
      if (value > 0 && random.chance(Number(options.repeatPpm))) {
        return { op: { f: 'add', value: random.below(value) }, state };
      }
      return { op: { f: 'add', value }, state: value + 1 };
    },
  },
  final: () => [read],
  request: (op) => (op.f === 'read' ? { type: 'read' } : { type: 'add', element: op.value }),
  complete: (op, reply) =>
    op.f === 'read'
      ? completion(reply, 'read_ok', { value: list }, ({ value }) => value)
      : completion(reply, 'add_ok', {}, () => op.value),
  failure: asInfo,
  idempotent: ['read'],
  checkers: ['set-full'],
};
