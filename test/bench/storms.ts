// The workloads of the bench, as protocols of the public API.
//   W1 ping storm: four messages in flight a node; a delivery sends one to a random peer, 1–10 ms
//   W2 timers: a periodic tick re-arms an election timer (one fire, one clear, two sets a tick)
//   W3 flood: values flooded over a grid with 100 ms links
import { ms } from '../../src/kernel/time.js';
import type { Body } from '../../src/node/message.js';
import type { Context, Protocol, Timer } from '../../src/node/protocol.js';

interface Ping extends Body {
  readonly type: 'ping';
  readonly hop: number;
}

/** W1. */
export const pingStorm: Protocol<{ received: number }, Ping, Timer, { perNode: number }> = {
  name: 'ping-storm',
  about: 'Messages in flight for ever, each to a random peer.',
  options: { perNode: 4 },
  init(ctx) {
    for (let i = 0; i < ctx.options.perNode; i++) ping(0, ctx);
    return { received: 0 };
  },
  on: {
    ping(state, message, ctx) {
      state.received++;
      ping(message.body.hop + 1, ctx);
    },
  },
};

function ping(hop: number, ctx: Context<Ping, Timer, { perNode: number }>): void {
  const { nodes } = ctx;
  ctx.send(nodes[ctx.random.below(nodes.length)] as string, { type: 'ping', hop });
}

const tickUs = ms(10);
const electionUs = ms(150);

type Beat = { readonly type: 'tick' } | { readonly type: 'election' };

/** W2. */
export const tickers: Protocol<{ ticks: number; election: number }, Body, Beat, object> = {
  name: 'tickers',
  about: 'A periodic tick that re-arms an election timer.',
  options: {},
  init(ctx) {
    ctx.setTimer({ type: 'tick' }, tickUs + ctx.random.below(tickUs));
    return { ticks: 0, election: ctx.setTimer({ type: 'election' }, electionUs) };
  },
  on: {},
  timers: {
    tick(state, _timer, ctx) {
      state.ticks++;
      ctx.clearTimer(state.election);
      state.election = ctx.setTimer(
        { type: 'election' },
        electionUs + ctx.random.below(electionUs),
      );
      ctx.setTimer({ type: 'tick' }, tickUs);
    },
    election() {},
  },
};

interface Flood extends Body {
  readonly type: 'flood';
  readonly value: number;
}

interface FloodState {
  readonly peers: string[];
  readonly seen: Set<number>;
  next: number;
}

/** W3: every node originates a value every 100 ms; the grid is Maelstrom's. */
export const gridFlood: Protocol<FloodState, Flood, { readonly type: 'originate' }, object> = {
  name: 'grid-flood',
  about: 'Values flooded over a grid.',
  options: {},
  init(ctx) {
    ctx.setTimer({ type: 'originate' }, ctx.random.below(ms(100)));
    const self = ctx.nodes.indexOf(ctx.self);
    return { peers: gridPeers(ctx.nodes, self), seen: new Set(), next: self };
  },
  on: {
    flood(state, message, ctx) {
      const { value } = message.body;
      if (state.seen.has(value)) return;
      state.seen.add(value);
      for (const peer of state.peers) {
        if (peer !== message.src) ctx.send(peer, { type: 'flood', value });
      }
    },
  },
  timers: {
    originate(state, timer, ctx) {
      const value = state.next;
      state.next += ctx.nodes.length;
      state.seen.add(value);
      for (const peer of state.peers) ctx.send(peer, { type: 'flood', value });
      ctx.setTimer(timer, ms(100));
    },
  },
};

function gridPeers(nodes: readonly string[], self: number): string[] {
  const side = Math.ceil(Math.sqrt(nodes.length));
  const column = self % side;
  const peers: string[] = [];
  for (const [peer, fits] of [
    [self + side, true],
    [self - side, true],
    [self + 1, column + 1 < side],
    [self - 1, column > 0],
  ] as const) {
    const name = nodes[peer];
    if (fits && name !== undefined) peers.push(name);
  }
  return peers;
}
