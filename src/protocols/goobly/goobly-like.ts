// A building block: a stateful operator that is scaled up and down while records flow, after
// Goobly's recipe: pause work, send a watermark, checkpoint state, tell the parents, scale, resume.
// Records come from a log; instances count them by key and show each at the sink when its timer is
// due; a register says which ring is valid. What makes a rescale safe is one of two things, and
// either is enough: *drain*, an old instance saves its state only when all that was sent to it has
// come; or *fence*, it refuses what was sent to it under a ring that is over. See `Rules` for what
// can be left out. Not here: members that come and go for good.
import { assert } from '../../kernel/assert.js';
import type { Message } from '../../node/message.js';
import type { OptionProblem, Protocol } from '../../node/protocol.js';
import { answered, ask, askAgain, askDefaults, noAsks, replyTypes } from '../leaning/asks.js';
import { gateOf, gateway, gatewayDefaults, passAnswer, passOn } from '../streams/gateway.js';
import type {
  Aim,
  Bodies,
  Ctx,
  Mark,
  Options,
  Register,
  Row,
  Rules,
  State,
  Timers,
} from './bodies.js';
import { inputsOfBody } from './bodies.js';
import * as coordinator from './coordinator.js';
import { recover } from './disk.js';
import * as moving from './moving.js';
import * as operator from './operator.js';
import * as parents from './parents.js';
import { gooblyProperties } from './properties.js';
import { copyOf } from './rows.js';

export type GooblyProtocol = Protocol<State, Bodies, Timers, Options>;

interface Variant extends Rules {
  readonly name: string;
  readonly about: string;
}

const defaults: Options = {
  ...askDefaults,
  ...gatewayDefaults,
  register: 'lin-kv',
  partitions: 2,
  operators: 2,
  vnodes: 256,
  buckets: 0,
  window: 32,
  retryUs: 200_000,
  lookUs: 250_000,
  rescaleUs: 500_000,
  rescales: 5,
  abortUs: 2_000_000,
  takeOverUs: 3_000_000,
  timers: 'processing',
  lagUs: 300_000,
  eventUs: 20_000,
  idleUs: 1_000_000,
};

/** A protocol that differs from others made here in `Variant` alone. */
export function gooblyLike({ name, about, ...rules }: Variant): GooblyProtocol {
  return {
    name,
    about,
    options: defaults,
    problem,
    init: (ctx) => start(rules, ctx),
    on: { ...clientHandlers(), ...recordHandlers(rules), ...scaleHandlers(rules) },
    timers: timersOf(rules),
    invariant: assertState,
    properties: gooblyProperties,
    inputsOf: inputsOfBody,
    milestones: {
      frozen: ({ operator: { frozen } }) => frozen > 0,
      checkpointing: ({ scaling }) => scaling?.phase === 'checkpoint',
      restoring: ({ scaling }) => scaling?.phase === 'restore',
      deciding: ({ scaling }) => scaling?.phase === 'decide',
      paused: (state) => [...state.parents.values()].some(({ paused }) => paused > 0),
    },
  };
}

type Handlers = GooblyProtocol['on'];

function clientHandlers(): Partial<Handlers> {
  return {
    ...gateway<State, Ctx>(),
    commits({ asks }, message, ctx) {
      const gate = gateOf(message, 'commits_ok');
      if (ctx.nodes[0] !== ctx.self) return passOn(gate, { commits: [] }, ctx);
      ask(
        asks,
        [ctx.options.register, { type: 'read', key: 'ring' }],
        { do: 'register', gate },
        ctx,
      );
    },
    states(state, message, ctx) {
      const counts = [...state.operator.rows].map(([word, { count }]) => [`count/${word}`, count]);
      ctx.reply(message, { type: 'states_ok', state: counts } as never);
    },
  } as Partial<Handlers>;
}

function recordHandlers(rules: Rules): Partial<Handlers> {
  return {
    record: (state, message, ctx) => operator.takeRecord(state, message, rules, ctx),
    done: (state, { body }, ctx) => parents.done(state, body.partition, body.offset, ctx),
    refused(state, { body }, ctx) {
      moving.learn(state, body.register, rules, ctx);
    },
    progress(state, { body: { partition, lowUs, idle } }, ctx) {
      const before = state.operator.progress.get(partition)?.lowUs ?? 0;
      state.operator.progress.set(partition, { lowUs: Math.max(before, lowUs), idle });
      operator.eventTime(state, rules, ctx);
    },
  };
}

function scaleHandlers(rules: Rules): Partial<Handlers> {
  const replies = [...replyTypes, 'archive_ok', 'read_ok', 'cas_ok'] as const;
  const resume = (state: State, message: Message, ctx: Ctx): void => {
    const found = answered(state.asks, message, ctx);
    if (found !== undefined) goOn(state, found, rules, ctx);
  };
  return {
    ...(Object.fromEntries(replies.map((type) => [type, resume])) as Partial<Handlers>),
    pause(state, { body }, ctx) {
      moving.learn(state, body.register, rules, ctx);
      for (const parent of state.parents.values()) parents.pause(state, parent, ctx);
    },
    watermark: (state, message) => moving.takeWatermark(state, message),
    checkpoint: (state, message, ctx) => moving.checkpoint(state, message, rules, ctx),
    checkpointed: (state, message, ctx) => coordinator.partCame(state, message, rules, ctx),
    restore: (state, message, ctx) => moving.restore(state, message, rules, ctx),
    ready: (state, message, ctx) => coordinator.readyCame(state, message, rules, ctx),
    adopt: (state, { body }, ctx) => moving.learn(state, body.register, rules, ctx),
  };
}

type Answered = NonNullable<ReturnType<typeof answered<Aim>>>;

/** An answer of a service has come. */
function goOn(state: State, { aim, answer }: Answered, rules: Rules, ctx: Ctx): void {
  switch (aim.do) {
    case 'gate':
      return passAnswer(aim, answer, ctx);
    case 'fetched':
      return parents.fetched(state, aim.partition, answer, ctx);
    case 'emitted':
      return operator.emitted(state, aim.key, aim.id, ctx);
    case 'looked':
      return coordinator.looked(state, answer, rules, ctx);
    case 'changed':
      return coordinator.changed(state, aim.want, { answer, rules }, ctx);
    case 'compared':
      return coordinator.compared(state, aim.want, { answer, rules }, ctx);
    case 'recorded':
      return coordinator.recorded(state, aim.epoch, answer, ctx);
    case 'checkpointed':
      return moving.checkpointed(state, aim, answer, ctx);
    case 'found':
      return moving.found(state, aim, { answer, rules }, ctx);
    case 'register': {
      const versions = answer.ok ? (answer.body.value as Register).commits : [];
      if (versions.length === 0) return passOn(aim.gate, { commits: [] }, ctx);
      const body = { type: 'archive', names: versions };
      return ask(state.asks, [ctx.options.store, body], { do: 'archived', gate: aim.gate }, ctx);
    }
    case 'archived':
      return passOn(aim.gate, { commits: answer.ok ? answer.body.values : [] }, ctx);
  }
}

function timersOf(rules: Rules): NonNullable<GooblyProtocol['timers']> {
  return {
    ask: (state, timer, ctx) => askAgain(state.asks, timer, ctx),
    look: (state, _, ctx) => coordinator.look(state, ctx),
    scale: (state, timer, ctx) => coordinator.scale(state, timer, rules, ctx),
    due: (state, timer, ctx) => operator.due(state, timer, rules, ctx),
    parents(state, _, ctx) {
      for (const parent of state.parents.values()) {
        parents.sendAgain(state, parent, ctx);
        if (ctx.options.timers === 'event') parents.tellProgress(state, parent, ctx);
      }
      ctx.setTimer({ type: 'parents' }, ctx.options.retryUs);
    },
    wall(state, _, ctx) {
      operator.wallClock(state, rules, ctx);
      ctx.setTimer({ type: 'wall' }, ctx.options.retryUs);
    },
    saved: (state, { after }, ctx) => saved(state, after, ctx),
  };
}

function saved(state: State, after: Extract<Timers, { type: 'saved' }>['after'], ctx: Ctx): void {
  switch (after.do) {
    case 'ack': {
      const { partition, offset } = after;
      return ctx.send(after.to, { type: 'done', partition, offset });
    }
    case 'mark':
      return parents.marked(state, after, ctx);
    case 'emit':
      return operator.emit(state, after.key, after.id, ctx);
    case 'frozen':
      return moving.saveCheckpoint(state, after.epoch, after.by, ctx);
    case 'staged':
      return ctx.send(after.by, { type: 'ready', epoch: after.epoch });
    case 'nothing':
  }
}

function problem(options: Options): OptionProblem | undefined {
  const { partitions, operators, vnodes, buckets, window, timers } = options;
  for (const [option, value] of Object.entries({ partitions, operators, vnodes, window })) {
    if (value < 1) return { option, expected: 'at least 1' };
  }
  if (vnodes > 4_096) return { option: 'vnodes', expected: 'at most 4096' };
  if (buckets < 0 || (buckets > 0 && buckets < operators)) {
    return { option: 'buckets', expected: 'no fewer than `operators`, or 0 for tokens' };
  }
  const names = ['event', 'processing'];
  return names.includes(timers)
    ? undefined
    : { option: 'timers', expected: names.join(' or '), names };
}

/** What the disk has; everything else comes again from the log, the store and the register. */
function start(rules: Rules, ctx: Ctx): State {
  const { disk, values } = recover(ctx);
  const first = coordinator.firstRegister(ctx.nodes, ctx.options);
  const known = values.get('register') as
    | { readonly register: Register; readonly epoch: number; readonly frozen: number }
    | undefined;
  const register = known?.register ?? first;
  const instance = operator.emptyOperator(known?.epoch ?? first.ring.epoch);
  instance.frozen = known?.frozen ?? 0;
  for (const [name, value] of values) {
    if (name.startsWith('row/')) instance.rows.set(name.slice(4), copyOf(value as Row));
  }
  const staged = values.get('staged') as { epoch: number; rows: Map<string, Row> } | undefined;
  if (staged !== undefined && staged.epoch > instance.epoch) {
    Object.assign(instance.staged, { epoch: staged.epoch, whole: true });
    for (const [key, row] of staged.rows) instance.staged.rows.set(key, copyOf(row));
  }
  const own = parents.partitionsOf(ctx.self, ctx).map((partition) => {
    const mark = values.get(`parent/${partition}`) as Mark | undefined;
    return [partition, parents.parentFrom(partition, mark, ctx)] as const;
  });
  const state: State = {
    asks: noAsks<Aim>(ctx),
    ...{ disk, register, looks: 0, parents: new Map(own) },
    ...{ operator: instance, scaling: undefined },
  };
  for (const parent of state.parents.values()) parents.fetchMore(state, parent, ctx);
  operator.awaken(state, [...instance.rows.keys()], rules, ctx);
  ctx.setTimer({ type: 'parents' }, ctx.options.retryUs);
  if (rules.clock === 'wall') ctx.setTimer({ type: 'wall' }, ctx.options.retryUs);
  coordinator.look(state, ctx);
  return state;
}

function assertState({ parents: all, operator: { frozen, epoch } }: Readonly<State>): void {
  for (const { sent, buffer, next } of all.values()) {
    for (const offset of sent.keys()) {
      assert(offset < next && !buffer.has(offset), 'a record is sent or waits', { offset, next });
    }
  }
  assert(frozen === 0 || frozen > epoch, 'a checkpoint is for a later ring', { frozen, epoch });
}
