// A building block: a materialized view and those who follow it. The first member counts the
// records of the log; every change of its table has a number. Who subscribes gets the table as of
// one number and every later change: "a tailing iterator for the table of the stream at its current
// offset" (seed 001, of MillWheel). The last member follows, and tells clients what it sees. The
// table is made again from the log after a crash, in another life, whose numbers have nothing to do
// with those before.
import type { Body, ErrorBody, Message, NodeId } from '../../node/message.js';
import type { Context, OptionProblem, Protocol } from '../../node/protocol.js';
import {
  type Asks,
  type AskTimer,
  answered,
  ask,
  askAgain,
  askDefaults,
  noAsks,
  replyTypes,
} from '../leaning/asks.js';
import {
  type ClientBodies,
  type Gate,
  gateOf,
  gateway,
  gatewayDefaults,
  passAnswer,
  passOn,
} from '../streams/gateway.js';

type Counts = readonly (readonly [word: string, count: number])[];

/** Of a table, or as far as a follower has come. */
interface At {
  /** The life of the node that has the table, and how many changes there were in it. */
  readonly life: number;
  readonly number: number;
}

interface Subscribe extends Body {
  readonly type: 'subscribe' | 'copy';
}

/** The table; every later change follows, if that was asked for. */
interface Table extends Body, At {
  readonly type: 'table';
  readonly counts: Counts;
}

interface Change extends Body, At {
  readonly type: 'change';
  readonly word: string;
}

interface Reply extends Body {
  readonly type: 'append_ok' | 'where_ok' | 'fetch_ok' | 'shown_ok';
}

type Bodies =
  | ClientBodies
  | ErrorBody
  | Reply
  | Table
  | Change
  | (Subscribe & { readonly type: 'subscribe' })
  | (Subscribe & { readonly type: 'copy' });

type Aim = Gate | { readonly do: 'fetch'; readonly partition: number };

type Timers = AskTimer | { readonly type: 'follow' };

interface State {
  readonly asks: Asks<Aim>;
  /** The table, or what is seen of it. */
  readonly counts: Map<string, number>;
  at: At;
  readonly offsets: Map<number, number>;
  readonly followers: Set<NodeId>;
}

interface Options {
  readonly log: string;
  readonly sink: string;
  readonly store: string;
  readonly askUs: number;
  readonly partitions: number;
  /** A follower begins anew after so long, at most. */
  readonly followUs: number;
}

type Ctx = Context<Bodies, Timers, Options>;

interface Variant {
  readonly name: string;
  readonly about: string;
  /** How a follower comes by the table and by what happens to it afterwards. */
  readonly begins: 'at one number' | 'with a copy, then subscribes';
}

const waitUs = 100_000;
const never: At = { life: 0, number: 0 };

export type ViewProtocol = Protocol<State, Bodies, Timers, Options>;

/** A protocol that differs from others made here in `Variant` alone. */
export function viewLike({ name, about, begins }: Variant): ViewProtocol {
  const resume = (state: State, message: Message, ctx: Ctx): void => {
    const found = answered(state.asks, message, ctx);
    if (found?.aim.do === 'fetch') fetched(state, found.aim.partition, found.answer, ctx);
    else if (found !== undefined) passAnswer(found.aim, found.answer, ctx);
  };
  return {
    name,
    about,
    options: { ...askDefaults, ...gatewayDefaults, partitions: 2, followUs: 700_000 },
    problem: ({ partitions }): OptionProblem | undefined =>
      partitions >= 1 ? undefined : { option: 'partitions', expected: 'at least 1' },
    init: start,
    on: {
      ...gateway<State, Ctx>(),
      ...Object.fromEntries(replyTypes.map((type) => [type, resume])),
      commits: (_, message, ctx) => passOn(gateOf(message, 'commits_ok'), { commits: [] }, ctx),
      states(state, message, ctx) {
        const last = ctx.nodes.at(-1) === ctx.self;
        const counts = last ? [...state.counts].map(([word, n]) => [`count/${word}`, n]) : [];
        ctx.reply(message, { type: 'states_ok', state: counts } as never);
      },
      subscribe(state, { src }, ctx) {
        state.followers.add(src);
        if (begins === 'at one number') sendTable(state, src, ctx);
      },
      copy: (state, { src }, ctx) => sendTable(state, src, ctx),
      table(state, { src, body }, ctx) {
        if (isOlder(body, state.at)) return;
        state.at = { life: body.life, number: body.number };
        state.counts.clear();
        for (const [word, count] of body.counts) state.counts.set(word, count);
        if (begins !== 'at one number') ctx.send(src, { type: 'subscribe' });
      },
      change: (state, message, ctx) => changed(state, message, begins, ctx),
    } as ViewProtocol['on'],
    timers: {
      ask: (state, timer, ctx) => askAgain(state.asks, timer, ctx),
      follow(state, _, ctx) {
        const [source = ''] = ctx.nodes;
        if (begins !== 'at one number') return ctx.send(source, { type: 'copy' });
        ctx.send(source, { type: 'subscribe' });
        ctx.setTimer({ type: 'follow' }, 1 + ctx.random.below(ctx.options.followUs));
      },
    },
  };
}

function changed(
  state: State,
  { src, body }: Parameters<NonNullable<ViewProtocol['on']['change']>>[1],
  begins: Variant['begins'],
  ctx: Ctx,
): void {
  const { at } = state;
  const next = body.life === at.life && body.number === at.number + 1;
  if (begins === 'at one number' && !next) {
    // A copy of one that is known; or some are missing, and the table comes again.
    if (!isOlder(body, at)) ctx.send(src, { type: 'subscribe' });
    return;
  }
  state.at = { life: body.life, number: body.number };
  count(state, body.word);
}

function start(ctx: Ctx): State {
  const has = ctx.nodes[0] === ctx.self;
  const state: State = {
    asks: noAsks<Aim>(ctx),
    ...{ counts: new Map(), offsets: new Map(), followers: new Set() },
    at: has ? { life: ctx.incarnation, number: 0 } : never,
  };
  if (!has) ctx.setTimer({ type: 'follow' }, 1 + ctx.random.below(ctx.options.followUs));
  for (let partition = 0; has && partition < ctx.options.partitions; partition++) {
    fetch(state, partition, ctx);
  }
  return state;
}

function isOlder(a: At, b: At): boolean {
  return a.life < b.life || (a.life === b.life && a.number <= b.number && b.number > 0);
}

function fetch({ asks, offsets }: State, partition: number, ctx: Ctx): void {
  const body = { type: 'fetch', partition, offset: offsets.get(partition) ?? 0, max: 20, waitUs };
  ask(asks, [ctx.options.log, body], { do: 'fetch', partition }, ctx);
}

type Fetched = NonNullable<ReturnType<typeof answered<Aim>>>['answer'];

function fetched(state: State, partition: number, answer: Fetched, ctx: Ctx): void {
  const words = answer.ok ? (answer.body.records as readonly string[]) : [];
  for (const word of words) {
    count(state, word);
    state.at = { life: state.at.life, number: state.at.number + 1 };
    for (const to of state.followers) ctx.send(to, { type: 'change', ...state.at, word });
  }
  state.offsets.set(partition, (state.offsets.get(partition) ?? 0) + words.length);
  fetch(state, partition, ctx);
}

function count({ counts }: State, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

function sendTable({ at, counts }: State, to: NodeId, ctx: Ctx): void {
  ctx.send(to, { type: 'table', ...at, counts: [...counts] });
}
