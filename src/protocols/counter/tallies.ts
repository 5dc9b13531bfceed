// A building block: counters as CRDTs. Each life of a node has a tally of its own that only it adds
// to; nodes tell each other all tallies, keep the furthest of each, and read their sum. Source:
// Shapiro et al. 2011, specifications 6 and 7.
import type { Body } from '../../node/message.js';
import type { Protocol } from '../../node/protocol.js';
import {
  type GossipOptions,
  type GossipTimer,
  gossipDefaults,
  gossipProblem,
  planGossip,
  tellAll,
} from '../gossip.js';
import type { ClientBodies } from './bodies.js';

/** What was added and what was taken away. */
type Tally = readonly [up: number, down: number];

interface Gossip extends Body {
  readonly type: 'gossip';
  readonly tallies: readonly (readonly [owner: string, tally: Tally])[];
}

interface State {
  /** By node and incarnation: a node that lost its memory begins another tally. */
  readonly tallies: Map<string, Tally>;
}

type Bodies = ClientBodies | Gossip;

/** What differs between counters. */
interface Kind {
  readonly name: string;
  readonly about: string;
  /** A tally after an add. */
  readonly add: (tally: Tally, delta: number) => Tally;
}

/** A protocol that keeps the larger part of each tally. */
export function tallying({
  name,
  about,
  add,
}: Kind): Protocol<State, Bodies, GossipTimer, GossipOptions> {
  return {
    name,
    about,
    options: gossipDefaults,
    problem: gossipProblem,
    init(ctx) {
      planGossip(ctx);
      return { tallies: new Map() };
    },
    on: {
      add({ tallies }, message, ctx) {
        const own = `${ctx.self}/${ctx.incarnation}`;
        tallies.set(own, add(tallies.get(own) ?? [0, 0], message.body.delta));
        ctx.reply(message, { type: 'add_ok' });
      },
      read({ tallies }, message, ctx) {
        let value = 0;
        for (const [up, down] of tallies.values()) value += up - down;
        ctx.reply(message, { type: 'read_ok', value });
      },
      gossip: ({ tallies }, { body }) => {
        for (const [owner, [up, down]] of body.tallies) {
          const [knownUp, knownDown] = tallies.get(owner) ?? [0, 0];
          tallies.set(owner, [Math.max(up, knownUp), Math.max(down, knownDown)]);
        }
      },
    },
    timers: {
      gossip: ({ tallies }, _, ctx) => tellAll({ type: 'gossip', tallies: [...tallies] }, ctx),
    },
  };
}

/** Adds what is positive to the first part, and the rest to the second. */
export function addApart([up, down]: Tally, delta: number): Tally {
  return delta >= 0 ? [up + delta, down] : [up, down - delta];
}

/** Adds everything to the first part, which is then not the larger the newer it is. */
export function addTogether([up, down]: Tally, delta: number): Tally {
  return [up + delta, down];
}
