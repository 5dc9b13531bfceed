// Maelstrom's lin-kv: registers that are read, written, and compared and set. Half of each group of
// workers only read. Read answers are judged whatever they say: a null is the value null, and "key
// does not exist" is the observation that nothing was written; Maelstrom takes the first for
// "unknown" and drops the second.
import type { Plain } from '../kernel/plain.js';
import type { Random } from '../kernel/random.js';
import { seconds } from '../kernel/time.js';
import { type KeyGroups, keyFor, noGroups, placeOf } from './key-groups.js';
import { anything, completion } from './reply.js';
import { request } from './request.js';
import type { Invocation, Workload } from './workload.js';

/** Values are 0 … 4, few enough for a compare-and-set to succeed now and then. */
const valueCount = 5;

const keyDoesNotExist = 20;

export const linKv: Workload = {
  name: 'lin-kv',
  about: 'Clients read, write, and compare and set registers, which must be linearizable.',
  options: {},
  workersPerNode: 2,
  // Ten times the mean latency of a link, as in Maelstrom, and not less than a second.
  timeoutUs: (latencyUs) => Math.max(10 * latencyUs, seconds(1)),
  generator: {
    init: noGroups,
    next: (state, ctx) => {
      const { group, size, place } = placeOf(ctx);
      const { key, groups } = keyFor(state as KeyGroups, group, ctx.process);
      const reads = size === 1 ? ctx.random.below(2) === 0 : place < Math.floor(size / 2);
      const op = reads ? { f: 'read', value: [key, null] } : change(key, ctx.random);
      return { op, state: groups };
    },
  },
  request: ({ f, value }) => {
    const [key, argument] = value as readonly Plain[];
    if (f === 'read') return request(f, { key });
    if (f === 'write') return request(f, { key, value: argument });
    const [from, to] = argument as readonly Plain[];
    return request(f, { key, from, to });
  },
  complete: ({ f, value: asked }, reply) => {
    const [key] = asked as readonly Plain[];
    if (f !== 'read') return completion(reply, `${f}_ok`, {}, () => asked);
    return completion(reply, 'read_ok', { value: anything }, ({ value }) => [key, value]);
  },
  failure: ({ f, value }, code, outcome) => {
    if (f !== 'read' || code !== keyDoesNotExist) return outcome;
    return { type: 'ok', value: [(value as readonly Plain[])[0], null] };
  },
  idempotent: ['read'],
  checkers: [{ name: 'linearizable', options: { model: 'kv' } }],
};

/** A write or, twice as often, a compare-and-set. */
function change(key: number, random: Random): Invocation {
  const drawn = (): number => random.below(valueCount);
  if (random.below(3) === 0) return { f: 'write', value: [key, drawn()] };
  return { f: 'cas', value: [key, [drawn(), drawn()]] };
}
