// A replicated document with one object of each data type, kept by gossip in one of three forms:
//
//   state      now and then all of it goes to a node drawn by chance, which joins it
//   delta      only what the other has not acknowledged goes there; all of it if that is too much
//              (Almeida, Shoker & Baquero 2018, algorithm 2: causal delta-merging)
//   operation  effects go to everybody, each once, causes first (causal broadcast by vector)
//
// Survives loss, delays, duplicates, reordering, partitions, pauses, and members that join and
// leave. In a crash a node forgets what it has acknowledged and told nobody; replicas still
// converge.

import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context, OptionProblem, Protocol } from '../../node/protocol.js';
import * as causal from './causal-log.js';
import type { Operation, Value } from './crdt.js';
import * as buffer from './delta-buffer.js';
import { same } from './same.js';
import { type AnyCrdt, types } from './types.js';

type ClientBodies =
  | (Body & { readonly type: 'mutate'; readonly crdt: string } & Operation)
  | (Body & { readonly type: 'mutate_ok' })
  | (Body & { readonly type: 'read' })
  | (Body & {
      readonly type: 'read_ok';
      readonly document: readonly (readonly [crdt: string, value: Value])[];
    });

type Bodies =
  | ClientBodies
  | (Body & { readonly type: 'states'; readonly states: buffer.States })
  | buffer.Deltas
  | buffer.DeltasOk
  | causal.Have
  | causal.Effects;

type Timers = { readonly type: 'cycle' };

interface Options {
  readonly cycleUs: Micros;
  readonly form: string;
}

type Ctx = Context<Bodies, Timers, Options>;

interface State {
  readonly objects: Map<string, unknown>;
  /** Operations made in this life. */
  made: number;
  /** The last request of each client: a copy that the network made of it is no second one. */
  readonly served: Map<NodeId, number>;
  readonly deltas: buffer.Buffer;
  readonly log: causal.Log;
}

interface Variant {
  readonly name: string;
  readonly about: string;
  readonly crdts: ReadonlyMap<string, AnyCrdt>;
  readonly acks: 'awaited' | 'assumed';
}

type DocumentProtocol = Protocol<State, Bodies, Timers, Options>;

const forms = ['state', 'delta', 'operation'];

function documentLike({ name, about, ...variant }: Variant): DocumentProtocol {
  return {
    name,
    about,
    options: { cycleUs: 200_000, form: 'delta' },
    problem,
    init: (ctx) => start(variant.crdts, ctx),
    on: { ...clientHandlers(variant.crdts), ...replicaHandlers(variant.crdts) },
    timers: {
      cycle(state, timer, ctx) {
        const others = ctx.nodes.filter((node) => node !== ctx.self);
        if (others.length > 0) gossip(state, ctx.random.pick(others), variant, ctx);
        ctx.setTimer(timer, ctx.options.cycleUs);
      },
    },
  };
}

function start(crdts: Variant['crdts'], ctx: Ctx): State {
  ctx.setTimer({ type: 'cycle' }, 1 + ctx.random.below(ctx.options.cycleUs));
  return {
    objects: new Map([...crdts].map(([type, { bottom }]) => [type, bottom as unknown])),
    made: 0,
    served: new Map(),
    deltas: buffer.emptyBuffer(),
    log: causal.emptyLog(),
  };
}

const clientHandlers = (crdts: Variant['crdts']): DocumentProtocol['on'] => ({
  mutate(state, message, ctx) {
    const { crdt: type, op, arg, msg_id = 0 } = message.body;
    const crdt = crdts.get(type);
    if (crdt === undefined || !crdt.ops.includes(op)) {
      return ctx.reply(message, { type: 'error', code: 10, text: `no ${op} of ${type}` });
    }
    const last = state.served.get(message.src) ?? -1;
    if (msg_id < last) return; // Its client has long gone on to another.
    if (msg_id > last) mutate(state, type, crdt, { op, arg }, ctx);
    state.served.set(message.src, msg_id);
    ctx.reply(message, { type: 'mutate_ok' });
  },
  read({ objects }, message, ctx) {
    const document = [...crdts].map(([type, crdt]) => {
      return [type, crdt.value(objects.get(type))] as const;
    });
    ctx.reply(message, { type: 'read_ok', document });
  },
});

const replicaHandlers = (crdts: Variant['crdts']): DocumentProtocol['on'] => ({
  states: (state, { body }) => void joinAll(state, body.states, crdts),
  deltas(state, { src, body }, ctx) {
    buffer.heard(state.deltas, src, body);
    const answer = buffer.receive(body, ctx);
    if (answer.upTo >= 0) buffer.keep(state.deltas, joinAll(state, body.states, crdts));
    ctx.send(src, answer);
  },
  deltas_ok: (state, { src, body }, ctx) => buffer.acknowledged(state.deltas, src, body, ctx),
  have: ({ log }, { src, body }, ctx) => causal.answer(log, src, body, ctx),
  effects(state, { body }) {
    for (const { type, effect } of causal.deliver(state.log, body.runs)) {
      const crdt = crdts.get(type);
      if (crdt) state.objects.set(type, crdt.apply(state.objects.get(type), effect));
    }
  },
});

function problem({ cycleUs, form }: Options): OptionProblem | undefined {
  if (cycleUs < 1_000) return { option: 'cycleUs', expected: 'at least 1ms' };
  if (forms.includes(form)) return undefined;
  return { option: 'form', expected: `one of ${forms.join(', ')}`, names: forms };
}

function mutate(state: State, type: string, crdt: AnyCrdt, operation: Operation, ctx: Ctx): void {
  const before = state.objects.get(type);
  state.made += 1;
  const actor = `${ctx.self}#${ctx.incarnation}`;
  const dot = { actor, n: state.made, timeUs: ctx.nowUs };
  if (ctx.options.form === 'operation') {
    const effect = crdt.effect(before, operation, dot);
    state.objects.set(type, crdt.apply(before, effect));
    causal.record(state.log, actor, { type, effect });
    return;
  }
  const delta = crdt.delta(before, operation, dot);
  state.objects.set(type, crdt.join(before, delta));
  buffer.keep(state.deltas, [[type, delta]]);
}

function gossip(
  state: State,
  partner: NodeId,
  { crdts, acks }: Pick<Variant, 'crdts' | 'acks'>,
  ctx: Ctx,
): void {
  switch (ctx.options.form) {
    case 'operation':
      return ctx.send(partner, causal.haveOf(state.log));
    case 'delta': {
      const message = buffer.owed(state.deltas, partner, [...state.objects], crdts, ctx);
      if (message === undefined) return;
      ctx.send(partner, message);
      if (acks === 'assumed') buffer.assume(state.deltas, partner, message);
      return;
    }
    default:
      return ctx.send(partner, { type: 'states', states: [...state.objects] });
  }
}

/** Joins what came; returns what of it was new. */
function joinAll(
  { objects }: State,
  states: buffer.States,
  crdts: Variant['crdts'],
): [string, unknown][] {
  return states.flatMap(([type, incoming]): [string, unknown][] => {
    const before = objects.get(type);
    const joined = crdts.get(type)?.join(before, incoming);
    if (joined === undefined || same(joined, before)) return [];
    objects.set(type, joined);
    return [[type, incoming]];
  });
}

export const document: DocumentProtocol = documentLike({
  name: 'crdt/document',
  about: 'Replicates an object of each data type by states, deltas or operations.',
  crdts: types,
  acks: 'awaited',
});

/** A delta that is lost is never sent again, so those after it leave a gap. */
export const hasty: DocumentProtocol = documentLike({
  name: 'crdt/hasty',
  about: 'Broken: takes every delta that it has sent for received.',
  crdts: types,
  acks: 'assumed',
});

const gCounter = types.get('g-counter') as AnyCrdt;
const addUp = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) =>
  new Map([...a, ...[...b].map(([actor, n]) => [actor, n + (a.get(actor) ?? 0)] as const)]);

/** The join is not idempotent: whoever hears of an increment twice counts it twice. */
export const adding: DocumentProtocol = documentLike({
  name: 'crdt/adding',
  about: 'Broken: joins counters by adding up what both have counted.',
  crdts: new Map([...types, ['g-counter', { ...gCounter, join: addUp }]]),
  acks: 'awaited',
});
