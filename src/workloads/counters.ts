// A building block: Maelstrom's two counters. They differ in what is added: -5 … 4 to a pn-counter;
// a g-counter's generator is the same without the negative ones. Neither client handles errors:
// whatever is no good reply is an `info`. Source: Maelstrom, workload/pn_counter.clj and
// g_counter.clj.
import type { Random } from '../kernel/random.js';
import { completion, whole } from './reply.js';
import { asInfo, type Invocation, type Workload } from './workload.js';

const read: Invocation = { f: 'read', value: undefined };

/** What the next add adds; undefined: a read is next. */
type DrawAdd = (random: Random) => number | undefined;

/** Half of the operations are adds. */
export const anyAdd: DrawAdd = (random) =>
  random.below(2) === 0 ? random.below(10) - 5 : undefined;

/** Without the negative half of the adds a third of what is left are adds. */
export const positiveAdd: DrawAdd = (random) =>
  random.below(3) === 0 ? random.below(5) : undefined;

type Flavour = Pick<Workload, 'name' | 'about' | 'checkers'> & { readonly draw: DrawAdd };

export function counting({ draw, ...rest }: Flavour): Workload {
  return {
    ...rest,
    options: {},
    generator: {
      init: undefined,
      next: (state, { random }) => {
        const delta = draw(random);
        return { op: delta === undefined ? read : { f: 'add', value: delta }, state };
      },
    },
    final: () => [read],
    request: (op) => (op.f === 'read' ? { type: 'read' } : { type: 'add', delta: op.value }),
    complete: (op, reply) =>
      op.f === 'read'
        ? completion(reply, 'read_ok', { value: whole }, ({ value }) => value)
        : completion(reply, 'add_ok', {}, () => op.value),
    failure: asInfo,
    idempotent: ['read'],
  };
}
