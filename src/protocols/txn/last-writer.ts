// A building block: transactions over registers that are done where they arrive, at once, and told
// to the others later. Of two writes the one with the later stamp stays: a Lamport clock, then the
// node's name. Nodes tell each other all registers, between transactions, so that what is heard is
// always whole.
import type { Body, ErrorBody, Message } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import {
  type GossipOptions,
  type GossipTimer,
  gossipDefaults,
  gossipProblem,
  planGossip,
  tellAll,
} from '../gossip.js';
import type { ClientBodies, Key, Micro } from './bodies.js';

/** A value, and when it was written: all that one transaction writes has one stamp. */
interface Register {
  readonly value: unknown;
  readonly at: number;
  readonly by: string;
}

interface Gossip extends Body {
  readonly type: 'gossip';
  readonly registers: readonly (readonly [Key, Register])[];
}

interface State {
  clock: number;
  readonly registers: Map<Key, Register>;
}

type Bodies = ClientBodies | Gossip;
type Ctx = Context<Bodies, GossipTimer, GossipOptions>;

/** What differs. */
interface Kind {
  readonly name: string;
  readonly about: string;
  /** Whether a transaction that writes a key twice is refused, after it has written. */
  readonly refusesLate: boolean;
}

const abort: ErrorBody = { type: 'error', code: 14, text: 'it writes a key twice' };

export function lastWriter({
  name,
  about,
  refusesLate,
}: Kind): Protocol<State, Bodies, GossipTimer, GossipOptions> {
  return {
    name,
    about,
    options: gossipDefaults,
    problem: gossipProblem,
    init(ctx) {
      planGossip(ctx);
      return { clock: 0, registers: new Map() };
    },
    on: {
      txn(state, message, ctx) {
        const results = run(state, message, ctx);
        if (refusesLate && writesTwice(message.body.txn)) return ctx.reply(message, abort);
        ctx.reply(message, { type: 'txn_ok', txn: results });
      },
      gossip(state, { body }) {
        for (const [key, register] of body.registers) {
          state.clock = Math.max(state.clock, register.at);
          const known = state.registers.get(key);
          if (known === undefined || isLater(register, known)) state.registers.set(key, register);
        }
      },
    },
    timers: {
      gossip: ({ registers }, _, ctx) =>
        tellAll({ type: 'gossip', registers: [...registers] }, ctx),
    },
  };
}

function run(state: State, { body }: Message<ClientBodies>, ctx: Ctx): readonly Micro[] {
  state.clock += 1;
  const stamp = { at: state.clock, by: `${ctx.self}/${ctx.incarnation}` };
  return body.txn.map((micro): Micro => {
    const [f, key, value] = micro;
    if (f === 'r') return ['r', key, state.registers.get(key)?.value ?? null];
    state.registers.set(key, { value, ...stamp });
    return micro;
  });
}

function isLater(one: Register, other: Register): boolean {
  return one.at !== other.at ? one.at > other.at : one.by > other.by;
}

function writesTwice(micros: readonly Micro[]): boolean {
  const written = micros.filter(([f]) => f !== 'r').map(([, key]) => key);
  return new Set(written).size < written.length;
}
