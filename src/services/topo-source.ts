// Where the input streams of topos begin, where no client has them: a source that can be asked for
// every record again (`replayable`: a database, a log), or one that pushes each record until it is
// accepted, and then forgets it (`push`: a notification, the firehose). It has a record every
// `interval`, `records` in all.
import type { Micros } from '../kernel/time.js';
import type { Body } from '../node/message.js';
import type { Context, OptionProblem, Protocol } from '../node/protocol.js';

interface Pull extends Body {
  readonly type: 'pull';
  readonly topo: string;
  readonly stream: string;
  readonly from: number;
  readonly max: number;
}

interface PullOk extends Body {
  readonly type: 'pull_ok';
  readonly topo: string;
  readonly stream: string;
  readonly from: number;
  readonly pairs: readonly (readonly [key: string, value: number])[];
}

interface Feed extends Body {
  readonly type: 'feed';
  readonly topo: string;
  readonly stream: string;
  readonly seq: number;
  readonly key: string;
  readonly value: number;
}

interface Ask extends Body {
  readonly type: 'records';
}

interface AskOk extends Body {
  readonly type: 'records_ok';
  readonly records: readonly (readonly [
    ...where: [topo: string, stream: string, seq: number],
    ...what: [key: string, value: number, accepted: 0 | 1],
  ])[];
}

type Bodies = Pull | PullOk | Feed | (Body & { readonly type: 'feed_ok' }) | Ask | AskOk;

type Timers = { readonly type: 'record' } | { readonly type: 'again'; readonly seq: number };

interface State {
  /** Topos and streams that it has been asked for. */
  readonly asked: Map<string, readonly [topo: string, stream: string]>;
  next: number;
  readonly accepted: Set<number>;
}

interface Options {
  readonly kind: string;
  readonly intervalUs: Micros;
  readonly records: number;
  /** To which topo and stream it pushes. */
  readonly topo: string;
  readonly stream: string;
  /** After so long without an answer it pushes to another node. */
  readonly againUs: Micros;
}

type Ctx = Context<Bodies, Timers, Options>;

export const topoSource: Protocol<State, Bodies, Timers, Options> = {
  name: 'topo-source',
  about: 'The beginning of input streams: replayable, or pushed until accepted.',
  options: {
    kind: 'replayable',
    ...{ intervalUs: 100_000, records: 100 },
    ...{ topo: 't0', stream: 'numbers', againUs: 1_000_000 },
  },
  problem,
  init(ctx) {
    ctx.setTimer({ type: 'record' }, ctx.options.intervalUs);
    return { asked: new Map(), next: 0, accepted: new Set() };
  },
  on: {
    pull(state, { src, body }, ctx) {
      const { topo, stream, from, max } = body;
      if (ctx.options.kind === 'push') return;
      state.asked.set(`${topo} ${stream}`, [topo, stream]);
      const count = Math.max(0, Math.min(max, state.next - from));
      if (count === 0) return;
      const pairs = Array.from({ length: count }, (_, at) => pairAt(from + at));
      ctx.send(src, { type: 'pull_ok', topo, stream, from, pairs });
    },
    feed_ok(state, { body }) {
      state.accepted.add((body.in_reply_to ?? 0) - 1);
    },
    records(state, message, ctx) {
      ctx.reply(message, { type: 'records_ok', records: recordsOf(state, ctx) });
    },
  },
  timers: {
    record(state, _, ctx) {
      if (state.next >= ctx.options.records) return;
      const seq = state.next++;
      if (ctx.options.kind === 'push') push(seq, ctx);
      ctx.setTimer({ type: 'record' }, ctx.options.intervalUs);
    },
    again(state, { seq }, ctx) {
      if (!state.accepted.has(seq)) push(seq, ctx);
    },
  },
};

const pairAt = (seq: number): readonly [string, number] => [`k${seq % 3}`, seq];

function push(seq: number, ctx: Ctx): void {
  const { topo, stream, againUs } = ctx.options;
  const [key, value] = pairAt(seq);
  const feed = { type: 'feed', topo, stream, seq, key, value, msg_id: seq + 1 } as const;
  ctx.send(ctx.random.pick(ctx.nodes), feed);
  ctx.setTimer({ type: 'again', seq }, againUs);
}

/** What a replayable source has anybody can have; of what was pushed only some is accepted. */
function recordsOf({ asked, next, accepted }: State, { options }: Ctx): AskOk['records'] {
  const pushes = options.kind === 'push';
  const streams = pushes ? [[options.topo, options.stream] as const] : [...asked.values()];
  return streams.flatMap(([topo, stream]) =>
    Array.from({ length: next }, (_, seq) => {
      const [key, value] = pairAt(seq);
      return [topo, stream, seq, key, value, pushes && !accepted.has(seq) ? 0 : 1] as const;
    }),
  );
}

function problem({ kind, intervalUs }: Options): OptionProblem | undefined {
  const names = ['replayable', 'push'];
  if (!names.includes(kind)) return { option: 'kind', expected: 'replayable or push', names };
  return intervalUs < 1_000 ? { option: 'intervalUs', expected: 'at least 1ms' } : undefined;
}
