// Maelstrom's lww-kv: replicas that hear from each other by chance, where the last writer wins.
// Each request first merges a random replica into a random one and then runs at a random one, so a
// client may miss what it wrote itself. Replicas have Lamport clocks; a value is as late as the
// clock of the replica that wrote it, and where two are as late the one that is merged in wins.
import type { Plain } from '../kernel/plain.js';
import type { Message } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';
import { type Found, type KvBodies, perform, type Request, slotOf } from './kv/requests.js';

interface Stamped extends Found {
  readonly at: number;
}

interface Replica {
  clock: number;
  readonly values: Map<Plain, Stamped>;
}

interface State {
  readonly replicas: readonly Replica[];
}

interface Options {
  /** Maelstrom has 2; its text says 5. */
  readonly replicas: number;
  /** Whether cas honours `create_if_not_exists`; Maelstrom's does not, and answers 20. */
  readonly casCreates: boolean;
}

type Ctx = Context<KvBodies, never, Options>;

export const lwwKv: Protocol<State, KvBodies, never, Options> = {
  name: 'lww-kv',
  about: 'An eventually consistent key-value store, where the last writer wins.',
  options: { replicas: 2, casCreates: true },
  problem: ({ replicas }) =>
    replicas < 1 ? { option: 'replicas', expected: 'at least 1' } : undefined,
  init: ({ options }) => ({
    replicas: Array.from({ length: options.replicas }, () => ({ clock: 0, values: new Map() })),
  }),
  on: { read: serve, write: serve, cas: serve },
};

function serve({ replicas }: State, message: Message<Request>, ctx: Ctx): void {
  const { random, options } = ctx;
  merge(random.pick(replicas), random.pick(replicas));
  const replica = random.pick(replicas);
  const { body } = message;
  const request =
    body.type === 'cas' && !options.casCreates ? { ...body, create_if_not_exists: false } : body;
  const slot = slotOf(request.key);
  const { reply, change } = perform(request, replica.values.get(slot));
  if (change !== undefined) {
    replica.clock += 1;
    replica.values.set(slot, { value: change.value, at: replica.clock });
  }
  ctx.reply(message, reply);
}

/** O(keys). */
function merge(source: Replica, target: Replica): void {
  if (source === target) return;
  target.clock = Math.max(target.clock, source.clock);
  for (const [slot, value] of source.values) {
    if (value.at >= (target.values.get(slot)?.at ?? 0)) target.values.set(slot, value);
  }
}
