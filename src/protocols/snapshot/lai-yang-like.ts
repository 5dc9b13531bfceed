// A building block: Lai & Yang 1987, "On Distributed Snapshots". Every message has its sender's
// colour: white before the sender has recorded its state, red after. A white node that receives a
// red message records its state first, so nothing red is in it; what a red node receives that is
// white was under way. Each node's record says how many payments it had sent, so that whoever
// started knows when the last white one has come. No marker, so no order is needed; channels must
// be reliable. The originals' one snapshot becomes many by a colour for each: a message has, for
// each node that has started snapshots, how many of those its sender has taken part in.
import type { Body, Message, NodeId } from '../../node/message.js';
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

/** How many snapshots of each initiator a node has taken part in. */
type Colours = readonly (readonly [initiator: NodeId, count: number])[];

interface Money extends Body {
  readonly type: 'money';
  readonly payment: Payment;
  readonly colours: Colours;
}

/** For those who receive no money: turn red, and say what you have so far. */
interface Turn extends Body {
  readonly type: 'turn';
  readonly count: number;
}

/** What a node had recorded and what white payments it has received since. */
interface Part extends Body {
  readonly type: 'part';
  readonly count: number;
  readonly account: Account;
  readonly channels: readonly Channel[];
}

type Bodies = ClientBodies | Money | Turn | Part;

/** Parts may have been lost, or may be late. */
type Timers = { readonly type: 'again'; readonly count: number; readonly tries: number };

/** A snapshot that this node has taken part in. */
interface Taken {
  readonly account: Account;
  /** White payments since, by sender. */
  readonly late: Map<NodeId, Payment[]>;
}

interface Collecting {
  readonly asker: Asker;
  readonly parts: Map<NodeId, Part>;
}

interface State extends Teller {
  /** By initiator, in the order of its snapshots; those that are long over are undefined. */
  readonly taken: Map<NodeId, (Taken | undefined)[]>;
  /** By number, what this node has started. */
  readonly collecting: Map<number, Collecting>;
  cut: Cut | undefined;
}

type Ctx = Context<Bodies, Timers, MoneyOptions>;

type Snapshots = Protocol<State, Bodies, Timers, MoneyOptions>;

interface Variant {
  readonly name: string;
  readonly about: string;
  /** What a white node does about a red message. */
  readonly red: 'records first' | 'does not look at the colour';
  /** When a snapshot is complete. */
  readonly complete: 'all that was sent has come' | 'everybody has recorded';
}

type Rules = Pick<Variant, 'red' | 'complete'>;

const againUs = 100_000;
/** After so many tries money must have been lost. */
const triesMax = 40;
/** A node remembers so many snapshots of each initiator. */
const rememberedMax = 16;

/** A protocol that differs from others made here in `Variant` alone. */
export function laiYangLike({ name, about, ...rules }: Variant): Snapshots {
  return {
    name,
    about,
    options: moneyDefaults,
    problem: moneyProblem,
    init: ({ options }) => ({
      taken: new Map(),
      ...{ collecting: new Map(), cut: undefined },
      ...tellerWith(options.initial),
    }),
    on: {
      transfer(state, message, ctx) {
        const to = payee(ctx);
        const payment = to === undefined ? undefined : pay(state, to, message.body.amount);
        if (to === undefined || payment === undefined) return ctx.reply(message, refusal);
        ctx.send(to, { type: 'money', payment, colours: coloursOf(state) });
        ctx.reply(message, { type: 'transfer_ok', to });
      },
      money: (state, message, ctx) => takeIn(state, message, rules, ctx),
      snapshot: (state, message, ctx) => begin(state, message, rules, ctx),
      turn(state, { src, body: { count } }, ctx) {
        turn(state, src, count, ctx);
        sendPart(state, src, count, ctx);
      },
      part: (state, message, ctx) => collect(state, message.src, message.body, { rules, ctx }),
    },
    timers: {
      again(state, { count, tries }, ctx) {
        if (!state.collecting.has(count)) return;
        if (tries >= triesMax) return void state.collecting.delete(count);
        ask(state, count, rules, ctx);
        ctx.setTimer({ type: 'again', count, tries: tries + 1 }, againUs);
      },
    },
    invariant: assertTeller,
    milestones: { collecting: ({ collecting }) => collecting.size > 0 },
    properties: snapshotProperties,
  };
}

function coloursOf({ taken }: State): Colours {
  return [...taken].map(([initiator, list]) => [initiator, list.length]);
}

/** Turns red for the snapshots of `initiator` up to the one with this number. */
function turn(state: State, initiator: NodeId, count: number, ctx: Ctx): void {
  const list = state.taken.get(initiator) ?? [];
  state.taken.set(initiator, list);
  while (list.length < count) list.push({ account: accountOf(state, ctx.self), late: new Map() });
  if (count > rememberedMax) list[count - rememberedMax - 1] = undefined;
}

function takeIn(state: State, { src, body }: Message<Money>, { red }: Rules, ctx: Ctx): void {
  const { payment, colours } = body;
  if (red === 'records first') {
    for (const [initiator, count] of colours) turn(state, initiator, count, ctx);
  }
  if (!receive(state, src, payment)) return;
  const theirs = new Map(colours);
  for (const [initiator, list] of state.taken) {
    for (let count = (theirs.get(initiator) ?? 0) + 1; count <= list.length; count++) {
      const late = list[count - 1]?.late;
      late?.set(src, [...(late.get(src) ?? []), payment]);
    }
  }
}

function begin(state: State, message: Message, rules: Rules, ctx: Ctx): void {
  const count = (state.taken.get(ctx.self)?.length ?? 0) + 1;
  state.collecting.set(count, { asker: askerOf(message), parts: new Map() });
  turn(state, ctx.self, count, ctx);
  ask(state, count, rules, ctx);
  ctx.setTimer({ type: 'again', count, tries: 1 }, againUs);
}

function ask(state: State, count: number, rules: Rules, ctx: Ctx): void {
  for (const node of ctx.nodes) if (node !== ctx.self) ctx.send(node, { type: 'turn', count });
  const part = partOf(state, ctx.self, count, ctx);
  if (part !== undefined) collect(state, ctx.self, part, { rules, ctx });
}

function partOf(state: State, initiator: NodeId, count: number, ctx: Ctx): Part | undefined {
  const taken = state.taken.get(initiator)?.[count - 1];
  if (taken === undefined) return undefined;
  const channels = [...taken.late].map(([from, payments]) => ({ from, to: ctx.self, payments }));
  return { type: 'part', count, account: taken.account, channels };
}

function sendPart(state: State, initiator: NodeId, count: number, ctx: Ctx): void {
  const part = partOf(state, initiator, count, ctx);
  if (part !== undefined) ctx.send(initiator, part);
}

interface Place {
  readonly rules: Rules;
  readonly ctx: Ctx;
}

function collect(state: State, src: NodeId, part: Part, { rules, ctx }: Place): void {
  const { count } = part;
  const collecting = state.collecting.get(count);
  if (collecting === undefined) return;
  const { parts, asker } = collecting;
  if (sizeOf(part) < sizeOf(parts.get(src))) return; // An older one, overtaken.
  parts.set(src, part);
  if (ctx.nodes.some((node) => !parts.has(node))) return;
  if (rules.complete === 'all that was sent has come' && !complete([...parts.values()])) return;
  state.collecting.delete(count);
  const accounts = [...parts.values()].map(({ account }) => account);
  const channels = [...parts.values()].flatMap((found) => found.channels);
  state.cut = { id: `${ctx.self}/${ctx.incarnation}.${count}`, accounts, channels };
  answer<Bodies>(asker, { type: 'snapshot_ok', cut: state.cut }, ctx);
}

function sizeOf(part: Part | undefined): number {
  let size = 0;
  for (const { payments } of part?.channels ?? []) size += payments.length;
  return size;
}

/** Whether each payment that had been sent is in an account or in a channel. */
function complete(parts: readonly Part[]): boolean {
  return parts.every(({ account: { node: from, sent } }) =>
    sent.every(({ to, count }) => {
      const part = parts.find(({ account }) => account.node === to);
      const received = part?.account.received.find((entry) => entry.from === from);
      const late = part?.channels.find((channel) => channel.from === from)?.payments.length ?? 0;
      return (received?.upTo ?? 0) + (received?.beyond.length ?? 0) + late >= count;
    }),
  );
}
