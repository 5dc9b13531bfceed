// A building block: streams that a negotiator takes through epochs and snapshots. What nodes hold
// and what they say to each other: here the parts are put together.
import type { Body, Message } from '../../../node/message.js';
import type { Protocol } from '../../../node/protocol.js';
import {
  type Answer,
  type AskTimer,
  answered,
  askAgain,
  noAsks,
  replyTypes,
} from '../../leaning/asks.js';
import {
  beginTicks,
  connect,
  noSession,
  request,
  sessionHandlers,
  sessionReplyTypes,
} from '../../leaning/session.js';
import { gateway, passAnswer } from '../gateway.js';
import { topologyOf } from '../topology/named.js';
import { planOf, type TopologySpec } from '../topology/plan.js';
import type { Ack, Data, End } from './channels.js';
import { chiefAnswered, contend, depose, insist, readChildren } from './chief.js';
import { partsRead, pastRead, readCommits, stateOf } from './commits.js';
import { acked, receive, tickChannels, type Uses, workOn } from './flow.js';
import type { Aim, JobBodies, JobCtx, JobOptions, JobState, Master } from './job.js';
import { flagsOf, jobProblem } from './job.js';
import { fetched, marksIn, pump, put, reserved, saved, shown, work } from './processors.js';
import { jobProperties } from './properties.js';
import { came } from './unaligned.js';
import {
  follow,
  listen,
  loaded,
  lookUp,
  refused,
  register,
  registering,
  resumed,
  unblock,
} from './worker.js';

type Timers = AskTimer | { readonly type: 'session' | 'tick' | 'poll' | 'placed' | 'stand by' };

export type JobProtocol = Protocol<JobState, JobBodies, Timers, JobOptions>;

/** A stream of this name, with these options unless a scenario says otherwise. */
export function hailstormLike(
  named: Pick<JobProtocol, 'name' | 'about'> & { readonly options: JobOptions },
): JobProtocol {
  return {
    ...named,
    problem: jobProblem,
    init: (ctx) => begin(ctx),
    on: {
      ...gateway<JobState, JobCtx>(),
      ...Object.fromEntries([...replyTypes, ...sessionReplyTypes].map((type) => [type, replied])),
      notify: session.notify,
      data: arrived,
      end: arrived,
      ack,
      refused,
      commits: readCommits,
      states,
    } as unknown as JobProtocol['on'],
    timers: {
      ask: (state, timer, ctx) => askAgain(state.asks, timer, ctx),
      session: (state, timer, ctx) => session.ticked(state, timer, ctx),
      tick: (state, _, ctx) => tick(state, ctx),
      poll: (state, _, ctx) => poll(state, ctx),
      placed: () => {},
      'stand by': (state, _, ctx) => standIn(state, ctx),
    },
    properties: jobProperties,
    inputsOf: (body) => (body.type === 'data' ? [[(body as Data).p, (body as Data).o]] : []),
    disconnected,
    milestones: {
      negotiating: ({ chief }) => chief !== undefined,
      flowing: ({ chief }) => chief?.phase === 'flowing',
      snapping: ({ chief }) => chief?.phase === 'snapping',
      committing: ({ chief }) => chief?.phase === 'committing',
    },
  };
}

function begin(ctx: JobCtx): JobState {
  const { options } = ctx;
  const plan = planOf(topologyOf(options.topology) as TopologySpec, options.partitions);
  const flags = flagsOf(options);
  const state: JobState = {
    asks: noAsks(ctx),
    ...{ session: noSession(), plan, flags, marks: marksIn(flags) },
    ...placeOf(plan.vertexOf.length, ctx),
    ...{ chief: undefined, master: undefined, insisting: undefined, processors: new Map() },
    ...{ waitsFor: new Set(), stirred: new Set(), readers: [] },
  };
  connect(state, ctx);
  beginTicks(ctx);
  setTimer('tick', options.tickUs, ctx);
  if (state.contends) setTimer('poll', options.pollUs, ctx);
  return state;
}

type Place = Pick<JobState, 'hosts' | 'standsBy' | 'contends'>;

/**
 * Which processors a node has: after the negotiators each node has one, round and round; nodes that
 * are left over stand by for the first ones. It is decided at the first start, and stays so,
 * whoever joins or leaves.
 */
function placeOf(count: number, ctx: JobCtx): Place {
  const known = ctx.store.read('place') as Place | undefined;
  if (known !== undefined) return known;
  const { negotiators } = ctx.options;
  const { length: nodes } = ctx.nodes;
  const at = ctx.nodes.indexOf(ctx.self);
  const all = Array.from({ length: count }, (_, processor) => processor);
  const spare = nodes > negotiators + count;
  const hosts = spare
    ? all.filter((processor) => at >= negotiators && (at - negotiators) % count === processor)
    : all.filter((processor) => (negotiators + processor) % nodes === at);
  const standsBy = spare && at >= negotiators + count;
  const place = { hosts, standsBy, contends: at < negotiators };
  ctx.store.write('place', place);
  ctx.store.sync({ type: 'placed' } as never);
  return place;
}

function setTimer(type: string, delayUs: number, ctx: JobCtx): void {
  ctx.setTimer({ type } as never, delayUs);
}

const session = sessionHandlers<JobState, Aim, JobCtx>({
  of: (state) => state,
  connected(state, ctx) {
    insist(state, ctx);
    if (state.standsBy) setTimer('stand by', ctx.options.sessionUs, ctx);
    else standIn(state, ctx);
    lookAtMaster(state, ctx);
    if (state.contends) contend(state, ctx);
  },
  expired(state) {
    state.processors = new Map();
    state.master = undefined;
    state.waitsFor.clear();
    depose(state);
  },
  resume,
  told(state, { path, change }, ctx) {
    if (path === '/master' || change === 'lost') lookAtMaster(state, ctx);
    if (path === '/processors') readChildren(state, ctx);
    if (change === 'removed' || change === 'changed') stirs(state, path, change, ctx);
    if (change !== 'lost') return;
    state.waitsFor.clear();
    standIn(state, ctx);
    if (state.contends && state.chief === undefined) contend(state, ctx);
  },
});

/** Takes what it should have and does not. */
function standIn(state: JobState, ctx: JobCtx): void {
  for (const id of state.hosts) if (!state.processors.has(id)) register(state, id, ctx);
}

/**
 * Something has become of what somebody else has: perhaps it is to be had. A watch is told of one
 * change, whatever it is: it has to be set again.
 */
function stirs(state: JobState, path: string, change: 'removed' | 'changed', ctx: JobCtx): void {
  const [, processor] = /^\/processors\/(\d+)$/.exec(path) ?? [];
  if (processor === undefined && path !== '/negotiator') return;
  const place = processor === undefined ? 'negotiator' : Number(processor);
  if (!state.waitsFor.delete(place)) state.stirred.add(place);
  else if (change === 'changed') lookUp(state, place, ctx);
  else if (place === 'negotiator') contend(state, ctx);
  else register(state, place, ctx);
}

function lookAtMaster(state: JobState, ctx: JobCtx): void {
  const body = { type: 'look', path: '/master', watch: true };
  request(state, body, { do: 'master' }, ctx);
}

function replied(state: JobState, message: Message, ctx: JobCtx): void {
  if (session.replied(state, message, ctx)) return;
  const found = answered(state.asks, message, ctx);
  if (found !== undefined) resume(state, found.aim, found.answer, ctx);
}

function resume(state: JobState, aim: Aim, answer: Answer, ctx: JobCtx): void {
  switch (aim.do) {
    case 'none':
      return;
    case 'gate':
      return passAnswer(aim, answer, ctx);
    case 'read past':
      return pastRead(state, aim.gate, answer, ctx);
    case 'read commits':
      return partsRead(state, aim, answer, ctx);
    case 'register':
    case 'look up':
      return registering(state, aim, answer, ctx);
    case 'master':
    case 'master exists':
      return masterRead(state, answer, ctx);
    case 'load':
    case 'listen':
    case 'fetch':
    case 'save':
    case 'emit':
    case 'release':
    case 'start':
    case 'reserve':
      return ofProcessor(state, aim, answer, ctx);
    default:
      return chiefAnswered(state, aim.do, answer, ctx);
  }
}

function masterRead(state: JobState, answer: Answer, ctx: JobCtx): void {
  const value = answer.ok ? answer.body.value : undefined;
  if (value !== undefined) return follow(state, value as unknown as Master, ctx);
  if (answer.ok) return; // The watch tells when it is there.
  const body = { type: 'exists', path: '/master', watch: true };
  request(state, body, { do: 'master exists' }, ctx);
}

type ProcessorAim = Extract<Aim, { readonly processor: number; readonly e: number }>;

function ofProcessor(state: JobState, aim: ProcessorAim, answer: Answer, ctx: JobCtx): void {
  const processor = state.processors.get(aim.processor);
  if (processor === undefined || processor.e !== aim.e) return;
  if (processor.kind === 'spout') {
    if (aim.do === 'load') return resumed(state, processor, aim.g, answer, ctx);
    if (aim.do === 'reserve') return reserved(state, processor, answer, ctx);
    if (aim.do !== 'fetch') return;
    fetched(state, processor, answer, ctx);
    const came = answer.ok && (answer.body.records as readonly unknown[]).length > 0;
    return came ? unblock(state, processor, ctx) : undefined;
  }
  switch (aim.do) {
    case 'load':
      return loaded(state, processor, answer, ctx);
    case 'save':
      return saved(state, processor, answer, ctx);
    case 'start':
      return put(state, processor, ctx);
    case 'listen':
      return listen(state, processor, ctx);
    default:
      if (processor.kind === 'sink') shown(state, processor, aim, ctx);
  }
}

const uses: Uses = { work, came };

function arrived(state: JobState, message: Message<Data | End>, ctx: JobCtx): void {
  receive(state, message, uses, ctx);
}

function ack(state: JobState, message: Message<Ack>, ctx: JobCtx): void {
  const processor = acked(state, message, ctx);
  if (processor === undefined) return;
  if (processor.kind === 'spout') pump(state, processor, ctx);
  else workOn(state, processor, work, ctx);
}

function states(state: JobState, message: Message, ctx: JobCtx): void {
  state.readers.push(message);
  tellStates(state, ctx);
}

/** Tells its state once it has one: not while it is registered anew, or loads a snapshot. */
function tellStates(state: JobState, ctx: JobCtx): void {
  const { hosts, processors, readers, waitsFor } = state;
  const isSettled = (id: number): boolean => {
    const processor = processors.get(id);
    if (processor === undefined) return waitsFor.has(id);
    return processor.kind !== 'bolt' || processor.ready;
  };
  if (readers.length > 0 && hosts.every(isSettled)) {
    for (const message of readers.splice(0)) tellState(state, message, ctx);
  }
}

function tellState(state: JobState, message: Message, ctx: JobCtx): void {
  const bolts = [...state.processors.values()].filter((each) => each.kind === 'bolt');
  const held = bolts.flatMap((bolt) => stateOf(state, bolt));
  ctx.reply(message as Message<Body>, { type: 'states_ok', state: held } as never);
}

function tick(state: JobState, ctx: JobCtx): void {
  setTimer('tick', ctx.options.tickUs, ctx);
  tellStates(state, ctx);
  for (const processor of state.processors.values()) {
    if (!processor.ready) continue;
    tickChannels(processor, ctx);
    if (processor.kind === 'spout') pump(state, processor, ctx);
    else workOn(state, processor, work, ctx);
  }
}

function poll(state: JobState, ctx: JobCtx): void {
  setTimer('poll', ctx.options.pollUs, ctx);
  readChildren(state, ctx);
}

/** Items have numbers, which outlive a connection: what is lost with it is sent again. */
function disconnected(state: JobState, peer: string, ctx: JobCtx): void {
  const { chief, flags } = state;
  if (flags['dead-thread'] === true && peer === ctx.options.coordination && chief !== undefined) {
    chief.phase = 'dead';
    ctx.note('negotiates no more, and keeps the office');
  }
  if (flags['silent-death'] !== true) return;
  for (const processor of state.processors.values()) {
    const channels = [...processor.out.values(), ...processor.in.values()];
    if (channels.some(({ node }) => node === peer)) processor.dead = true;
  }
}
