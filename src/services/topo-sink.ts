// Where the output streams of topos end: it keeps what arrives under its position, ignores a
// position that it has (dedup), and refuses what comes of an epoch older than one it has seen
// (fence). Without either it shows what such a sink is for. Topos without acking have no positions
// to go by: of those a record counts once.
import type { Body, NodeId } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';

type Epoch = readonly [counter: number, node: NodeId];

interface Emit extends Body {
  readonly type: 'emit';
  readonly topo: string;
  readonly epoch: Epoch;
  readonly position: number;
  readonly record: string;
  readonly value: number;
  readonly loose: boolean;
}

interface EmitOk extends Body {
  readonly type: 'emit_ok';
  readonly topo: string;
  readonly epoch: Epoch;
  readonly position: number;
  readonly fenced: boolean;
}

interface Ask extends Body {
  readonly type: 'arrivals';
}

interface AskOk extends Body {
  readonly type: 'arrivals_ok';
  readonly arrivals: readonly Arrival[];
}

/**
 * `visible`: a reader of the sink sees it; else it came to a position that was taken. Position −1:
 * it has none.
 */
type Arrival = readonly [
  ...at: [topo: string, sink: NodeId, position: number],
  ...what: [record: string, value: number],
  ...how: [epoch: string, visible: 0 | 1],
];

interface State {
  readonly epochs: Map<string, Epoch>;
  /** By topo and position, or by topo and record: what is there. */
  readonly taken: Map<string, string>;
  readonly arrivals: Arrival[];
}

interface Options {
  readonly dedup: boolean;
  readonly fence: boolean;
}

type Bodies = Emit | EmitOk | Ask | AskOk;

export const topoSink: Protocol<State, Bodies, never, Options> = {
  name: 'topo-sink',
  about: 'The end of output streams: each position once, and nothing of an epoch that is over.',
  options: { dedup: true, fence: true },
  init: () => ({ epochs: new Map(), taken: new Map(), arrivals: [] }),
  on: {
    emit(state, message, ctx) {
      const { body } = message;
      const { topo, epoch, position } = body;
      const fenced = ctx.options.fence && isOlder(epoch, state.epochs.get(topo));
      if (!fenced) arrive(state, body, ctx);
      ctx.reply(message, { type: 'emit_ok', topo, epoch, position, fenced });
    },
    arrivals(state, message, ctx) {
      ctx.reply(message, { type: 'arrivals_ok', arrivals: state.arrivals });
    },
  },
};

function isOlder(epoch: Epoch, seen: Epoch | undefined): boolean {
  if (seen === undefined) return false;
  return epoch[0] < seen[0] || (epoch[0] === seen[0] && epoch[1] < seen[1]);
}

function arrive(state: State, emit: Emit, ctx: Context<Bodies, never, Options>): void {
  const { topo, epoch, position, record, value, loose } = emit;
  if (!isOlder(epoch, state.epochs.get(topo))) state.epochs.set(topo, epoch);
  const slot = loose ? `${topo} ${record}` : `${topo} ${position}`;
  const what = `${record}=${value}`;
  const there = state.taken.get(slot);
  if (there === what && ctx.options.dedup) return;
  if (there === undefined) state.taken.set(slot, what);
  const visible = there === undefined || !ctx.options.dedup ? 1 : 0;
  const name = `${epoch[0]} ${epoch[1]}`;
  const place = loose ? -1 : position;
  state.arrivals.push([topo, ctx.self, place, record, value, name, visible]);
}
