// Maelstrom's seq-kv: a sequentially consistent store that likes to be behind. States 0, 1, 2 … of
// the store follow each other, one for each change. Every client has a place among them that only
// moves forward:
//
//   state       0 ─── 1 ─── 2 ─── 3 ─── 4 (newest)
//   client              ▲ n1        ▲ n2
//
// A request is tried at a state drawn from the client's place to the newest. If it changes nothing
// there, that is its answer, and the client is now there. If it does, it is done at the newest
// state instead, and so is the client. Why this is sequential: put each request that changed
// nothing right behind the change that made its state, those at one state by arrival, and changes
// in their order. In that order each answer is right, and the requests of a client come as it sent
// them, since its place never moves back.
//
// Maelstrom keeps the last 32 states in a ring and finds a client's place in it by its number
// modulo 32, so that a client that lags further reads a newer state than the one noted for it, and
// later an older one: that is not sequential. Here such a client is moved up to the oldest state
// kept.
import type { Plain } from '../kernel/plain.js';
import type { Message, NodeId } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';
import { type Found, type KvBodies, perform, type Request, slotOf } from './kv/requests.js';

/** A value of a key, and the number of the state that it came with. */
interface Version extends Found {
  readonly since: number;
}

interface State {
  /** The number of the newest state. */
  newest: number;
  /** Values of each key that are in one of the states kept, oldest first. */
  readonly versions: Map<Plain, Version[]>;
  /** The state that each client saw last. */
  readonly places: Map<NodeId, number>;
}

interface Options {
  /** How many states are kept: a client lags at most one less. 1 makes it linearizable. */
  readonly statesMax: number;
}

type Ctx = Context<KvBodies, never, Options>;

export const seqKv: Protocol<State, KvBodies, never, Options> = {
  name: 'seq-kv',
  about: 'A sequentially consistent key-value store, whose clients see the past.',
  options: { statesMax: 32 },
  problem: ({ statesMax }) =>
    statesMax < 1 ? { option: 'statesMax', expected: 'at least 1' } : undefined,
  init: () => ({ newest: 0, versions: new Map(), places: new Map() }),
  on: { read: serve, write: serve, cas: serve },
};

function serve(state: State, message: Message<Request>, ctx: Ctx): void {
  const { src, body } = message;
  const { statesMax } = ctx.options;
  const from = Math.max(state.places.get(src) ?? 0, oldestOf(state, statesMax));
  const drawn = from + ctx.random.below(state.newest - from + 1);
  const slot = slotOf(body.key);
  const there = perform(body, valueAt(state, slot, drawn));
  if (there.change === undefined) {
    state.places.set(src, drawn);
    ctx.reply(message, there.reply);
    return;
  }
  const { reply, change } = perform(body, valueAt(state, slot, state.newest));
  if (change !== undefined) put(state, slot, change, statesMax);
  state.places.set(src, state.newest);
  ctx.reply(message, reply);
}

function valueAt({ versions }: State, slot: Plain, at: number): Found | undefined {
  return versions.get(slot)?.findLast(({ since }) => since <= at);
}

/** The oldest state that is kept. */
function oldestOf({ newest }: State, statesMax: number): number {
  return Math.max(0, newest - statesMax + 1);
}

/** Makes the next state, and forgets what only states that are no longer kept had. */
function put(state: State, slot: Plain, { value }: Found, statesMax: number): void {
  state.newest += 1;
  const oldest = oldestOf(state, statesMax);
  const before = state.versions.get(slot) ?? [];
  const first = before.findLastIndex(({ since }) => since <= oldest);
  const kept = before.slice(Math.max(0, first));
  state.versions.set(slot, [...kept, { value, since: state.newest }]);
}
