// A building block: the cluster of seed 000. Any node takes a topo; n nodes seed it, one owns it,
// all work on it. Each rule has a file:
//
//   spec, code                   what a topo is
//   submission, register, ring   how its seeds are chosen
//   seats                        a seed's duty
//   claims, ownership            who owns it
//   log, machine                 what an owner decides
//   replication, progress        how that is committed
//   units, worker, choking       who computes it, and who is served
//   sources, sinks, acker        what goes in and comes out
//   repair                       replacement of seeds, hand-off, the end
//   gossip, notes                who knows what
//   journal, durable             what survives a crash
//
// Here are the handlers that call on them. `seeding` is the sound one; variants differ in `Rules`.
import type { Body, Message } from '../../node/message.js';
import type { OptionProblem, Protocol } from '../../node/protocol.js';
import * as acker from './acker.js';
import type { AckerNews, Bodies, Saying } from './bodies.js';
import * as choking from './choking.js';
import * as claims from './claims.js';
import { deployed } from './code.js';
import * as gossip from './gossip.js';
import * as journal from './journal.js';
import * as ownership from './ownership.js';
import { advance } from './progress.js';
import { properties } from './properties/properties.js';
import type { Settled } from './proposal.js';
import * as questions from './questions.js';
import * as register from './register.js';
import * as repair from './repair.js';
import * as replication from './replication.js';
import { mistakes, type Rules, sound } from './rules.js';
import * as seats from './seats.js';
import * as sinks from './sinks.js';
import * as sources from './sources.js';
import { start } from './start.js';
import { type Ctx, type Env, type Options, type State, say, type Timers } from './state.js';
import * as submission from './submission.js';
import { tick } from './tick.js';
import * as units from './units.js';
import * as worker from './worker.js';

export type SeedingProtocol = Protocol<State, Bodies, Timers, Options>;

interface Variant {
  readonly name: string;
  readonly about: string;
  /** By default; empty: there is none, and none can be chosen. */
  readonly mistake: string;
}

const defaults = {
  r: 3,
  founders: '',
  workers: 2,
  mode: 'pool',
  queueSlots: 4,
  homes: 3,
  tickUs: 50_000,
  gossipUs: 250_000,
  retryUs: 200_000,
  takeOverUs: 1_000_000,
  suspectUs: 1_500_000,
  reserveUs: 2_000_000,
  repairUs: 3_000_000,
  leaseUs: 2_000_000,
  workUs: 10_000,
  ackUs: 5_000_000,
  ageUs: 10_000_000,
  uploads: 4,
  chokeUs: 10_000_000,
  upgradeUs: 0,
} satisfies Omit<Options, 'mistake'>;

type Handler<K extends Bodies['type']> = (env: Env, message: Message<Saying<K>>) => void;

/** A protocol that differs from others made here in `Rules` alone. */
export function seedingLike({ name, about, mistake }: Variant): SeedingProtocol {
  const options: Options = mistake === '' ? defaults : { ...defaults, mistake };
  const on = Object.fromEntries(
    Object.entries(handlers).map(([type, handle]) => [
      type,
      (state: State, message: Message, ctx: Ctx) => {
        const env: Env = { state, ctx, rules: rulesOf(ctx) };
        (handle as (env: Env, message: Message) => void)(env, message);
        goOn(env, message.body);
      },
    ]),
  );
  return {
    name,
    about,
    options,
    problem,
    init: (ctx) => start(rulesOf(ctx), ctx),
    on: on as SeedingProtocol['on'],
    timers,
    diskFailed: (state, done, _, ctx) => {
      if (done.type === 'synced') journal.failed(state, ctx);
    },
    properties,
    milestones: {
      owning: ({ owns }) => owns.size > 0,
      emitting: ({ owns }) => [...owns.values()].some((own) => own.settled.outputs.size > 0),
      'handing-off': ({ owns }) => [...owns.values()].some((own) => own.handOff !== undefined),
      claiming: ({ claim }) => claim !== undefined,
    },
  };
}

const rulesByMistake: ReadonlyMap<string, Rules> = new Map(
  [...mistakes].map(([name, mistake]) => [name, { ...sound, ...mistake }]),
);

function rulesOf({ options: { mistake = '' } }: Ctx): Rules {
  return rulesByMistake.get(mistake) ?? sound;
}

/** After every message: what it has made possible is done, and what was said is sent. */
function goOn(env: Env, body: Body): void {
  const { topo } = body as Body & { readonly topo?: string };
  const own = topo === undefined ? undefined : env.state.owns.get(topo);
  if (own !== undefined) advance(env, own);
  journal.flush(env.state, env.ctx);
}

const within =
  <T>(act: (env: Env, timer: T) => void) =>
  (state: State, timer: T, ctx: Ctx) => {
    act({ state, ctx, rules: rulesOf(ctx) }, timer);
    journal.flush(state, ctx);
  };

const timers: NonNullable<SeedingProtocol['timers']> = {
  tick: within((env) => {
    for (const settled of tick(env)) settle(env, settled);
    for (const own of [...env.state.owns.values()]) advance(env, own);
    env.ctx.setTimer({ type: 'tick' }, env.ctx.options.tickUs);
  }),
  computed: within<Extract<Timers, { type: 'computed' }>>((env, { lease, attempt }) => {
    worker.computed(env, lease, attempt);
    worker.want(env);
  }),
  upgrade: within(({ state }) => {
    for (const [name, { next }] of deployed) state.modules.set(name, next);
  }),
  rewrite: within(({ state, ctx }) => journal.rewrite(state, ctx)),
  synced: (state, done, ctx) => journal.synced(state, done, ctx),
};

/** A change at a home has been settled: whoever asked for it goes on. */
function settle(env: Env, settled: Settled | undefined): void {
  switch (settled?.then.kind) {
    case 'submission':
      return submission.goOn(env, settled);
    case 'claim':
      return claims.homeRead(env, settled);
    case 'expiry':
      return seats.expired(env, settled);
    case 'published':
      return repair.published(env, settled);
    case 'finished':
      return repair.finished(env, settled);
  }
}

function take(env: Env, elected: claims.Elected | undefined): void {
  if (elected !== undefined) ownership.own(env, elected);
}

function offered(env: Env, body: Saying<'offer'>): void {
  if (env.rules.offer === 'invites a claim') return claims.invited(env, body);
  if (!claims.isFree(env)) return;
  const { topo, spec, config, epoch } = body;
  const log = env.state.durable.seats.get(topo)?.log ?? [];
  const own = [epoch[0] + 1, env.ctx.self] as const;
  const untilUs = env.ctx.nowUs;
  const claim = { topo, spec, config, epoch: own, votes: new Map(), sentUs: untilUs, untilUs };
  take(env, { claim, log, configs: [config] });
}

function heardAck(env: Env, body: Saying<'ack'> & AckerNews): void {
  const own = env.state.owns.get(body.topo);
  if (own === undefined) return;
  const root = acker.heard(env, own, body);
  if (root !== undefined) ownership.append(env, own, { kind: 'complete', root });
}

function fenced(env: Env, body: Saying<'fenced'>): void {
  const { topo, epoch, promised } = body;
  claims.refused(env, body);
  worker.fencedWork(env, topo, promised);
  const own = env.state.owns.get(topo);
  if (own !== undefined && own.epoch[0] === epoch[0] && own.epoch[1] === epoch[1]) {
    ownership.stepDown(env, topo, `epoch ${promised[0]} of ${promised[1]} has begun`);
  }
}

const handlers: { readonly [K in Bodies['type']]?: Handler<K> } = {
  submit: (env, message) => submission.submit(env, message),
  feed: (env, message) => sources.feed(env, message),
  close: (env, message) => questions.close(env, message),
  'hand-off': (env, message) => questions.handOff(env, message),
  resize: (env, message) => questions.resize(env, message),
  topos: (env, message) => questions.topos(env, message),
  outputs: (env, message) => questions.ask(env, message, message.body.sink, 'arrivals'),
  inputs: (env, message) => questions.ask(env, message, message.body.source, 'records'),
  arrivals_ok: (env, { body }) => {
    questions.answered(env, body, { type: 'outputs_ok', outputs: body.arrivals });
  },
  records_ok: (env, { body }) => {
    questions.answered(env, body, { type: 'inputs_ok', inputs: body.records });
  },
  prepare: (env, { src, body }) => register.prepare(env, src, body),
  prepared: (env, { src, body }) => settle(env, register.prepared(env, src, body)),
  accept: (env, { src, body }) => register.accept(env, src, body),
  accepted: (env, { src, body }) => settle(env, register.accepted(env, src, body)),
  refused: (env, { src, body }) => settle(env, register.refused(env, src, body)),
  'seed-req': (env, { body }) => seats.seedRequest(env, body),
  'seed-req_ok': (env, { src, body }) => {
    if (body.round < 0) repair.inherits(env, src, body);
    else submission.seated(env, src, body);
  },
  'no-seat': (env, { body }) => submission.noSeat(env, body),
  confirm: (env, { body }) => seats.confirm(env, body.topo, body.config),
  release: (env, { body }) => seats.release(env, body),
  drop: (env, { src, body }) => {
    seats.drop(env, body);
    const { topo } = body;
    if (!env.state.durable.seats.has(topo)) say(env, src, { type: 'dropped', topo });
  },
  relieve: (env, { src, body }) => repair.relieved(env, src, body.topo),
  stray: (env, { src, body }) => repair.stray(env, src, body),
  dropped: (env, { src, body }) => repair.dropped(env, src, body),
  invite: (env, { body }) => claims.invited(env, body),
  offer: (env, { body }) => offered(env, body),
  'hand-over': (env, { body }) => {
    const own = env.state.owns.get(body.topo);
    if (own !== undefined) repair.beginHandOff(env, own);
  },
  claim: (env, { src, body }) => claims.claimed(env, src, body),
  vote: (env, { src, body }) => take(env, claims.voted(env, src, body)),
  fenced: (env, { body }) => fenced(env, body),
  replicate: (env, { src, body }) => replication.replicated(env, src, body),
  replicated: (env, { src, body }) => replication.followed(env, src, body),
  gap: (env, { src, body }) => replication.followed(env, src, body),
  put: (env, { body }) => sources.put(env, body),
  put_ok: (env, { body }) => sources.putOk(env, body.id),
  'put-refused': (env, { body }) => sources.putRefused(env, body),
  want: (env, { src, body }) => units.wanted(env, src, body),
  grant: (env, { src, body }) => worker.granted(env, src, body),
  fetch: (env, { src, body }) => choking.fetch(env, src, body),
  fetch_ok: (env, { body }) => worker.fetched(env, body),
  choked: (env, { body }) => worker.choked(env, body),
  done: (env, { src, body }) => units.done(env, src, body),
  nack: (env, { src, body }) => units.nacked(env, src, body),
  ack: (env, { body }) => heardAck(env, body),
  'code-want': (env, { src, body }) => choking.codeWanted(env, src, body),
  'code-chunk': (env, { body }) => worker.chunk(env, body),
  emit_ok: (env, { src, body }) => sinks.emitted(env, src, body),
  pull_ok: (env, { src, body }) => sources.pulled(env, src, body),
  syn: (env, { src, body }) => gossip.syn(env, src, body),
  syn_ok: (env, { src, body }) => gossip.synOk(env, src, body),
  notes: (env, { body }) => gossip.hear(env, body.notes),
};

function problem(options: Options): OptionProblem | undefined {
  const { r, workers, mode, homes, tickUs, retryUs, mistake } = options;
  if (mistake !== undefined && !mistakes.has(mistake)) {
    const names = [...mistakes.keys()];
    return { option: 'mistake', expected: names.join(', '), names };
  }
  if (r < 1) return { option: 'r', expected: 'at least 1' };
  if (workers < 1) return { option: 'workers', expected: 'at least 1' };
  if (mode !== 'pool' && mode !== 'priority') {
    return { option: 'mode', expected: 'pool or priority', names: ['pool', 'priority'] };
  }
  if (homes < 1) return { option: 'homes', expected: 'at least 1' };
  if (tickUs < 1_000) return { option: 'tickUs', expected: 'at least 1ms' };
  return retryUs < tickUs ? { option: 'retryUs', expected: 'no shorter than `tick`' } : undefined;
}
