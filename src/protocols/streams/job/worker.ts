// A building block: what a node does for its processors: it registers them, follows what the
// negotiator says, and begins each epoch with the parts of the snapshot that is committed. An epoch
// is a set of lives of processors: what belongs to another one is dropped. Rules 1 to 6 and 8 of
// docs/streams.md.
import type { Message, NodeId } from '../../../node/message.js';
import { type Answer, ask, forget } from '../../leaning/asks.js';
import { request } from '../../leaning/session.js';
import type { Keyed } from '../topology/monoids.js';
import { inFrom, type Refused } from './channels.js';
import { offsetIn } from './clocks.js';
import { keep, openChannels, sendEnds, vertexOf } from './flow.js';
import type {
  Aim,
  Bolt,
  Flight,
  JobCtx,
  JobState,
  Master,
  Processor,
  Report,
  Sink,
  Slot,
  Spout,
} from './job.js';
import { pump, report, show } from './processors.js';
import { seek, soughtIn } from './reserving.js';

/** Registers a processor, as soon as nobody else has it. */
export function register(state: JobState, processor: number, ctx: JobCtx): void {
  const value: Report = { node: ctx.self, at: 'booting', e: 0 };
  const path = `/processors/${processor}`;
  const body = { type: 'create', path, value, ephemeral: true };
  request(state, body as never, { do: 'register', processor }, ctx);
}

/** Goes on with the registration of a processor. */
export function registering(
  state: JobState,
  aim: Extract<Aim, { readonly do: 'register' | 'look up' }>,
  answer: Answer,
  ctx: JobCtx,
): void {
  const { processor } = aim;
  if (aim.do === 'register') {
    return answer.ok ? registered(state, processor, ctx) : lookUp(state, processor, ctx);
  }
  const { node, session } = holderOf(answer);
  if (session === undefined) return register(state, processor, ctx);
  if (session === state.session.id) return registered(state, processor, ctx);
  waitFor(state, processor, { node, session }, ctx);
}

/** What a node can have only if no other one has it. */
type Place = JobState['waitsFor'] extends Set<infer P> ? P : never;

/** Looks who has it, and has itself told of what becomes of that. */
export function lookUp(state: JobState, place: Place, ctx: JobCtx): void {
  state.stirred.delete(place);
  const isOffice = place === 'negotiator';
  const aim: Aim = isOffice ? { do: 'rival' } : { do: 'look up', processor: place };
  const path = isOffice ? '/negotiator' : `/processors/${place}`;
  request(state, { type: 'exists', path, watch: true }, aim, ctx);
}

/** Who has something: nothing of that is known where there is nothing. */
interface Holder {
  readonly node: NodeId | undefined;
  readonly session: number | undefined;
}

export function holderOf(answer: Answer): Holder {
  if (!answer.ok) return { node: undefined, session: undefined };
  const { value, stat } = answer.body as { readonly value?: unknown; readonly stat?: unknown };
  const node = (typeof value === 'string' ? value : (value as Report | undefined)?.node) as NodeId;
  return { node, session: (stat as { readonly owner?: number } | undefined)?.owner };
}

/**
 * The watch tells when it is gone. Nobody removes what another one put there, not even a node what
 * is of its life before: that may have ended meanwhile, and what is there now be somebody else's.
 * It ends that session, so that nobody waits until it expires.
 */
export function waitFor(
  state: JobState,
  place: Place,
  { node, session }: Holder,
  ctx: JobCtx,
): void {
  // What became of it has overtaken the answer.
  if (state.stirred.has(place)) return lookUp(state, place, ctx);
  state.waitsFor.add(place);
  if (node !== ctx.self) return;
  const body = { type: 'close', session, seen: 0 };
  ask(state.asks, [ctx.options.coordination, body], { do: 'none' }, ctx);
}

function registered(state: JobState, id: number, ctx: JobCtx): void {
  state.processors.set(id, fresh(state, id));
  const { master } = state;
  const processor = state.processors.get(id);
  if (master !== undefined && processor !== undefined) obey(state, processor, master, ctx);
}

function fresh({ plan }: JobState, id: number): Processor {
  const vertex = vertexOf(plan, id);
  const channels = { out: new Map(), in: new Map(), kept: inFrom(-1, ''), recording: undefined };
  const around = { id, e: 0, g: 0, ready: false, ...channels, dead: false };
  switch (vertex.kind) {
    case 'spout': {
      const rest = { next: 0, buffer: [], fetching: false, flowing: false };
      const partition = id - vertex.first;
      return { kind: 'spout', ...around, partition, ...rest, blocked: undefined, heard: false };
    }
    case 'bolt':
      return { kind: 'bolt', ...around, a: new Map(), b: new Map(), clock: [], saving: undefined };
    case 'sink': {
      const rest = { outputs: new Map(), releases: [], emitted: 0, emitting: false };
      return { kind: 'sink', ...around, ...rest, saving: undefined };
    }
  }
}

/** The negotiator says something new, or what it says was read again. */
export function follow(state: JobState, master: Master, ctx: JobCtx): void {
  state.master = master;
  for (const processor of state.processors.values()) obey(state, processor, master, ctx);
}

function obey(state: JobState, processor: Processor, master: Master, ctx: JobCtx): void {
  if (processor.kind === 'spout') obeySpout(state, processor, master, ctx);
  else if (master.at === 'init' && master.e > processor.e) load(state, processor, master, ctx);
  if (processor.kind === 'sink' && processor.ready) show(state, processor, ctx);
}

type Init = Extract<Master, { readonly at: 'init' }>;
type OfEpoch = Exclude<Master, { readonly at: 'unavailable' }>;

/** Begins an epoch: nothing of the one before is left. */
function enter(
  state: JobState,
  processor: Processor,
  { e, places, commit }: OfEpoch,
  ctx: JobCtx,
): void {
  processor.e = e;
  processor.g = commit?.g ?? 0;
  openChannels(state.plan, processor, places);
  forget(
    state.asks,
    (aim) => 'processor' in aim && 'e' in aim && aim.processor === processor.id,
    ctx,
  );
}

function load(state: JobState, processor: Bolt | Sink, master: Init, ctx: JobCtx): void {
  enter(state, processor, master, ctx);
  processor.ready = false;
  processor.saving = undefined;
  processor.recording = undefined;
  const { id, e } = processor;
  if (ctx.options.barriers === 'off') return startUp(state, processor, ctx);
  const single = state.flags.single === true;
  const name = master.commit?.parts.find(([of]) => of === id)?.[1];
  if (name === undefined && !single) return loaded(state, processor, undefined, ctx);
  const key = single ? String(id) : String(name);
  const aim: Aim = { do: 'load', processor: id, e, g: processor.g };
  ask(state.asks, [ctx.options.store, { type: 'find', key }], aim, ctx);
}

interface Stored {
  readonly part: Keyed | readonly never[];
  readonly slot: Slot;
  readonly flight?: Flight;
}

/** Without snapshots: who lives on goes on with what it has. */
function startUp(state: JobState, processor: Bolt | Sink, ctx: JobCtx): void {
  if (processor.kind === 'sink') {
    processor.outputs.clear();
    processor.emitted = 0;
    processor.emitting = false;
  }
  processor.ready = true;
  report(state, processor, { at: 'loaded' }, ctx);
}

/** A processor has its part, or there is none. */
export function loaded(
  state: JobState,
  processor: Bolt | Sink,
  answer: Answer | undefined,
  ctx: JobCtx,
): void {
  const stored = answer?.ok === true ? (answer.body.value as unknown as Stored) : undefined;
  if (processor.kind === 'bolt') {
    processor.a = new Map((stored?.part as Keyed | undefined) ?? []);
    processor.b = new Map();
    processor.clock = stored?.slot.clock ?? [];
  } else {
    const part = [...((stored?.part as readonly never[] | undefined) ?? [])];
    processor.outputs.clear();
    processor.releases = ctx.options.sinkKind === 'txn' ? part : [];
    if (ctx.options.sinkKind !== 'txn' && part.length > 0) processor.outputs.set(0, [part]);
    processor.emitted = 0;
    processor.emitting = false;
  }
  if (state.flags.single === true) processor.g = stored?.slot.g ?? 0;
  keep(processor, stored?.flight ?? { ins: [], outs: [] }, ctx);
  const slot = stored?.slot ?? { g: 0, clock: [] };
  const fields = { at: 'loaded', ...(state.flags.single === true && { slot }) } as const;
  if (state.flags['late-listen'] === true) {
    const { id, e, g } = processor;
    return report(state, processor, fields, ctx, { do: 'listen', processor: id, e, g });
  }
  report(state, processor, fields, ctx);
  listen(state, processor, ctx);
}

/** Takes from now on what comes. */
export function listen(state: JobState, processor: Bolt | Sink, ctx: JobCtx): void {
  processor.ready = true;
  if (processor.kind === 'sink') show(state, processor, ctx);
}

/** BROKEN, where it is switched on: what fails to connect begins a new life. */
export function refused(state: JobState, { body }: Message<Refused>, ctx: JobCtx): void {
  const { e, to } = body;
  if (state.processors.get(to)?.e !== e) return;
  ctx.note(`finds a port closed, and processor ${to} reboots`);
  state.processors.delete(to);
  const path = `/processors/${to}`;
  request(state, { type: 'remove', path, version: -1 }, { do: 'none' }, ctx);
  register(state, to, ctx);
}

function obeySpout(state: JobState, spout: Spout, master: Master, ctx: JobCtx): void {
  const { flags } = state;
  const first = !spout.heard;
  spout.heard = true;
  if (flags['empty-mvar'] === true && first && master.at === 'rewind') spout.dead = true;
  if (spout.dead) return;
  switch (master.at) {
    case 'unavailable':
      spout.flowing = false;
      return;
    case 'init':
      if (master.e <= spout.e) return;
      reset(state, spout, master, ctx);
      if (flags['stale-pause'] === true) reportPaused(state, spout, 0, ctx);
      return;
    case 'rewind':
      if (master.e > spout.e) reset(state, spout, master, ctx);
      if (ctx.options.barriers === 'off') return seek(state, spout, master.seq, ctx);
      rewind(state, spout, offsetIn(master.clock, spout.partition), ctx);
      reportPaused(state, spout, master.seq, ctx);
      return;
    case 'paused':
      return pause(state, spout, master, ctx);
    case 'flowing':
      return resume(state, spout, master, ctx);
  }
}

function reset(state: JobState, spout: Spout, master: OfEpoch, ctx: JobCtx): void {
  enter(state, spout, master, ctx);
  spout.flowing = false;
  spout.fetching = false;
  spout.blocked = undefined;
  spout.ready = true;
}

/** It is known how far the spout has come. */
export function resumed(
  state: JobState,
  spout: Spout,
  seq: number,
  answer: Answer,
  ctx: JobCtx,
): void {
  rewind(state, spout, soughtIn(answer), ctx);
  reportPaused(state, spout, seq, ctx);
}

function rewind(state: JobState, spout: Spout, next: number, ctx: JobCtx): void {
  forget(state.asks, (aim) => aim.do === 'fetch' && aim.processor === spout.id, ctx);
  spout.fetching = false;
  spout.buffer = [];
  spout.next = next;
}

function pause(
  state: JobState,
  spout: Spout,
  master: Extract<Master, { readonly at: 'paused' }>,
  ctx: JobCtx,
): void {
  if (master.e !== spout.e) return;
  if (state.flags['idle-block'] === true && spout.flowing && spout.buffer.length === 0) {
    spout.blocked = master;
    return;
  }
  halt(state, spout, master.seq, ctx);
}

function halt(state: JobState, spout: Spout, seq: number, ctx: JobCtx): void {
  spout.flowing = false;
  reportPaused(state, spout, seq, ctx);
}

/** Input has come: a spout that waited for it looks up. */
export function unblock(state: JobState, spout: Spout, ctx: JobCtx): void {
  const { blocked } = spout;
  if (blocked === undefined) return;
  spout.blocked = undefined;
  if (blocked.at === 'paused' && blocked.e === spout.e) halt(state, spout, blocked.seq, ctx);
}

function reportPaused(state: JobState, spout: Spout, seq: number, ctx: JobCtx): void {
  const next = state.flags.incl === true ? Math.max(0, spout.next - 1) : spout.next;
  report(state, spout, { at: 'paused', seq, next }, ctx);
}

function resume(
  state: JobState,
  spout: Spout,
  master: Extract<Master, { readonly at: 'flowing' }>,
  ctx: JobCtx,
): void {
  if (master.e > spout.e && state.flags['stale-pause'] === true) reset(state, spout, master, ctx);
  if (master.e !== spout.e) return;
  const { snap } = master;
  if (snap !== undefined && snap.g > spout.g) {
    sendEnds(spout, snap.g, ctx);
    spout.g = snap.g;
    if (ctx.options.barriers !== 'coloured') {
      report(state, spout, { at: 'saved', g: snap.g, next: spout.next }, ctx);
    }
  }
  spout.flowing = true;
  pump(state, spout, ctx);
}
