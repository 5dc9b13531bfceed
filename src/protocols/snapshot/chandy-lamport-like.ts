// A building block: Chandy & Lamport 1985, "Distributed Snapshots: Determining Global States of
// Distributed Systems", §3. Whoever starts a snapshot records its state and sends a marker on every
// channel before anything else. Whoever gets its first marker does the same, and records from then
// on what comes on each other channel until a marker comes there. Many may run at once.
//
//   n0  ──●──m──────────▶        ●  state recorded, markers (m) sent
//   n1  ─$──────●──m────▶        $  sent before n1's marker, received after n0's ●: channel n1→n0
//
// Channels must be reliable and first-in, first-out: a payment that overtakes the marker in front
// of it is taken in before the receiver records and sent after the sender did, which is no cut.
import type { Body, NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import { type Asker, answer, askerOf } from '../calls.js';
import type { Account, Channel, ClientBodies, Cut, Payment } from './bodies.js';
import { snapshotProperties } from './properties.js';
import {
  accountOf,
  assertTeller,
  type MoneyOptions,
  moneyDefaults,
  moneyProblem,
  pay,
  payee,
  receive,
  refusal,
  type Teller,
  tellerWith,
} from './teller.js';

interface Money extends Body {
  readonly type: 'money';
  readonly payment: Payment;
}

interface Marker extends Body {
  readonly type: 'marker';
  readonly id: string;
}

/** What a node has recorded, for whoever started. */
interface Part extends Body {
  readonly type: 'part';
  readonly id: string;
  readonly account: Account;
  readonly channels: readonly Channel[];
}

type Bodies = ClientBodies | Money | Marker | Part;

type Timers = { readonly type: 'markers'; readonly id: string };

/** A snapshot in which this node has recorded itself and not yet all of its channels. */
interface Recording {
  readonly account: Account;
  /** Channels without a marker so far, and what has come on them since. */
  readonly open: Map<NodeId, Payment[]>;
  readonly channels: Channel[];
}

/** A snapshot that this node has started. */
interface Collecting {
  readonly asker: Asker;
  readonly parts: Map<NodeId, Part>;
}

interface State extends Teller {
  readonly recordings: Map<string, Recording>;
  /** Ids of all that this node has taken part in. */
  readonly known: Set<string>;
  readonly collecting: Map<string, Collecting>;
  started: number;
  /** The last snapshot that this node has put together. */
  cut: Cut | undefined;
}

type Ctx = Context<Bodies, Timers, MoneyOptions>;

type Snapshots = Protocol<State, Bodies, Timers, MoneyOptions>;

interface Variant {
  readonly name: string;
  readonly about: string;
  /** When markers go out once a node has recorded its state. */
  readonly markers: 'before anything else' | 'a little later';
  /** Whether what comes before a channel's marker is recorded. */
  readonly channels: 'recorded' | 'forgotten';
}

/** How late a late marker is. */
const laterUs = 60_000;

/** A protocol that differs from others made here in `Variant` alone. */
export function chandyLamportLike({ name, about, ...variant }: Variant): Snapshots {
  return {
    name,
    about,
    options: moneyDefaults,
    problem: moneyProblem,
    init: ({ options }) => ({
      recordings: new Map(),
      ...{ known: new Set(), collecting: new Map(), started: 0, cut: undefined },
      ...tellerWith(options.initial),
    }),
    on: {
      transfer(state, message, ctx) {
        const to = payee(ctx);
        const payment = to === undefined ? undefined : pay(state, to, message.body.amount);
        if (to === undefined || payment === undefined) return ctx.reply(message, refusal);
        ctx.send(to, { type: 'money', payment });
        ctx.reply(message, { type: 'transfer_ok', to });
      },
      money(state, { src, body: { payment } }) {
        if (!receive(state, src, payment)) return;
        for (const { open } of state.recordings.values()) open.get(src)?.push(payment);
      },
      snapshot(state, message, ctx) {
        state.started += 1;
        const id = `${ctx.self}/${ctx.incarnation}.${state.started}`;
        state.collecting.set(id, { asker: askerOf(message), parts: new Map() });
        record(state, id, variant, ctx);
      },
      marker(state, { src, body: { id } }, ctx) {
        if (!state.known.has(id)) record(state, id, variant, ctx);
        close(state, id, { peer: src, variant }, ctx);
      },
      part: (state, { src, body }, ctx) => collect(state, src, body, ctx),
    },
    timers: { markers: (_, { id }, ctx) => sendMarkers(id, ctx) },
    invariant: assertTeller,
    milestones: { recording: ({ recordings }) => recordings.size > 0 },
    properties: snapshotProperties,
  };
}

type Rules = Pick<Variant, 'markers' | 'channels'>;

/** The marker-sending rule. */
function record(state: State, id: string, { markers }: Rules, ctx: Ctx): void {
  const others = ctx.nodes.filter((node) => node !== ctx.self);
  state.known.add(id);
  state.recordings.set(id, {
    account: accountOf(state, ctx.self),
    open: new Map(others.map((node) => [node, []])),
    channels: [],
  });
  if (markers === 'before anything else') sendMarkers(id, ctx);
  else ctx.setTimer({ type: 'markers', id }, laterUs);
  finish(state, id, ctx); // Where there is nobody else.
}

function sendMarkers(id: string, ctx: Ctx): void {
  for (const node of ctx.nodes) if (node !== ctx.self) ctx.send(node, { type: 'marker', id });
}

/** The marker-receiving rule, of a node that has recorded itself. */
function close(
  state: State,
  id: string,
  { peer, variant }: { readonly peer: NodeId; readonly variant: Rules },
  ctx: Ctx,
): void {
  const recording = state.recordings.get(id);
  const payments = recording?.open.get(peer);
  if (recording === undefined || payments === undefined) return; // A copy of a marker.
  recording.open.delete(peer);
  if (variant.channels === 'recorded' && payments.length > 0) {
    recording.channels.push({ from: peer, to: ctx.self, payments });
  }
  finish(state, id, ctx);
}

/** Tells whoever started once every channel is closed. */
function finish(state: State, id: string, ctx: Ctx): void {
  const recording = state.recordings.get(id);
  if (recording === undefined || recording.open.size > 0) return;
  state.recordings.delete(id);
  const { account, channels } = recording;
  const part: Part = { type: 'part', id, account, channels };
  const initiator = id.slice(0, id.lastIndexOf('/'));
  if (initiator === ctx.self) collect(state, ctx.self, part, ctx);
  else ctx.send(initiator, part);
}

function collect(state: State, src: NodeId, part: Part, ctx: Ctx): void {
  const { id } = part;
  const collecting = state.collecting.get(id);
  if (collecting === undefined) return;
  collecting.parts.set(src, part);
  if (ctx.nodes.some((node) => !collecting.parts.has(node))) return;
  state.collecting.delete(id);
  const parts = [...collecting.parts.values()];
  const channels = parts.flatMap((found) => found.channels);
  state.cut = { id, accounts: parts.map(({ account }) => account), channels };
  answer<Bodies>(collecting.asker, { type: 'snapshot_ok', cut: state.cut }, ctx);
}
