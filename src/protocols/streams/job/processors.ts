// A building block: what a spout, a bolt and a sink do with what comes to them, and when a bolt or
// a sink begins a snapshot. A bolt has two states: A takes in records up to the snapshot that comes
// next, B those after it. Which is which a record's generation tells (Lai and Yang's colours), so a
// bolt need not know the snapshot's clock, and a late notice of it does no harm. When end markers
// have come on all channels, A is the snapshot; then A takes B in. That needs no blocking, since
// merging is commutative. Source: Hailstorm's slides, "Bolts"; docs/streams.md, rules 6 to 8.
import { type Answer, ask } from '../../leaning/asks.js';
import { request } from '../../leaning/session.js';
import { type Monoid, take, takeAll } from '../topology/monoids.js';
import type { Operator, Tuple } from '../topology/operators.js';
import { monoidOf, nameOf, operatorOf } from '../topology/plan.js';
import { type Data, hasEnded, type InChannel, type Item, lowWaterMark } from './channels.js';
import { offsetIn } from './clocks.js';
import { forward, roomIn, sendEnds, vertexOf } from './flow.js';
import type {
  Aim,
  Bolt,
  Flags,
  JobCtx,
  JobState,
  Part,
  Processor,
  Report,
  Sink,
  Slot,
  Spout,
} from './job.js';
import { reserve } from './reserving.js';

/** One item, worked off. */
export function work(
  state: JobState,
  processor: Processor,
  item: Item,
  channel: InChannel,
  ctx: JobCtx,
): void {
  if (processor.kind === 'spout') return;
  if (item.type === 'end') channel.end = { g: item.g, seq: item.seq };
  else if (processor.kind === 'sink') sinkData(state, processor, item, ctx);
  else boltData(state, processor, item, ctx);
  const { barriers } = ctx.options;
  if (barriers === 'unaligned' || barriers === 'off') return;
  if (processor.kind === 'sink') considerSink(state, processor, channel, ctx);
  else considerBolt(state, processor, { item, channel }, ctx);
}

function boltData(state: JobState, bolt: Bolt, item: Data, ctx: JobCtx): void {
  const operator = operatorOf(state.plan, bolt.id);
  const monoid = monoidOf(operator);
  const held = monoid === undefined ? 0 : takeIn(state, bolt, item, { operator, monoid }, ctx);
  const outputs = operator.emit(item, held);
  const { g, p, o } = item;
  for (let nth = 0; nth < outputs.length; nth++) {
    const fan = item.fan * operator.fanMax + nth;
    forward(state, bolt, outputs[nth] as Tuple, { g, p, o, fan }, ctx);
  }
}

/**
 * Takes a record in. Returns what an output may show of the state under its key: one of a record
 * before the snapshot A only, one of a record after it A and B.
 */
function takeIn(
  state: JobState,
  bolt: Bolt,
  item: Data,
  { operator, monoid }: { readonly operator: Operator; readonly monoid: Monoid },
  ctx: JobCtx,
): number {
  const { key } = item;
  const { a, b } = bolt;
  const isLater = isAfter(state, bolt, item, ctx);
  const taken = take(isLater ? b : a, key, operator.amount(item), monoid);
  if (!isLater && state.flags['transform-all'] !== true) return taken ?? 0;
  const other = (isLater ? a : b).get(key);
  if (taken === undefined || other === undefined) return taken ?? other ?? 0;
  return isLater ? monoid.merge(other, taken) : monoid.merge(taken, other);
}

/** Whether a record belongs behind the snapshot that comes next. */
function isAfter({ flags, master }: JobState, bolt: Bolt, item: Data, ctx: JobCtx): boolean {
  const { barriers } = ctx.options;
  if (barriers !== 'coloured' && barriers !== 'aligned') return false;
  if (flags['zk-clock'] !== true) return item.g > bolt.g;
  const snap = master?.at === 'flowing' && master.e === bolt.e ? master.snap : undefined;
  if (snap === undefined || snap.g <= bolt.g) return false;
  const limit = offsetIn(snap.clock, item.p);
  return flags.incl === true ? item.o > limit : item.o >= limit;
}

/** An item that is worked off, and the channel that it came by. */
interface Arrival {
  readonly item: Item;
  readonly channel: InChannel;
}

/** Begins a snapshot if everything that belongs into it has come. */
function considerBolt(state: JobState, bolt: Bolt, came: Arrival, ctx: JobCtx): void {
  if (!isComplete(state, bolt, came, ctx)) return;
  const g = bolt.g + 1;
  const { flags, master } = state;
  if (master?.at === 'flowing' && master.snap?.g === g) bolt.clock = master.snap.clock;
  save(state, bolt, { g, part: flags.alias === true ? bolt.a : new Map(bolt.a) }, ctx);
  sendEnds(bolt, g, ctx);
  const monoid = monoidOf(operatorOf(state.plan, bolt.id));
  if (monoid !== undefined) takeAll(bolt.a, bolt.b, monoid);
  bolt.b = new Map();
  bolt.g = g;
}

/** Whether the snapshot that comes next is to be taken now that an item is worked off. */
function isComplete(state: JobState, bolt: Bolt, { item, channel }: Arrival, ctx: JobCtx): boolean {
  const { flags, marks } = state;
  // Clocks of one payload have one partition: with more, no mark is ever past the clock.
  if (flags['payload-lwm'] === true) {
    return ctx.options.partitions === 1 && isOfLater(state, bolt, item, ctx);
  }
  const isWhole = marks.length > 0 ? marksPass(state, bolt) : allEnded(state, bolt, channel);
  if (!isWhole) return false;
  return flags['save-on-payload'] !== true || isOfLater(state, bolt, item, ctx);
}

/** Whether it is a record, and one that belongs behind the snapshot that comes next. */
function isOfLater(state: JobState, bolt: Bolt, item: Item, ctx: JobCtx): boolean {
  return item.type === 'data' && isAfter(state, bolt, item, ctx);
}

type Passes = (mark: number, limit: number) => boolean;

/** Rules that others have for when a snapshot is complete: what the low-water mark must be. */
const markRules: ReadonlyMap<string, Passes> = new Map<string, Passes>([
  ['lwm-equal', (mark, limit) => mark === limit],
  ['lwm-at-least', (mark, limit) => mark >= limit],
  ['lwm-beyond', (mark, limit) => mark > limit],
]);

/** Names of those rules that a node keeps to. */
export function marksIn(flags: Flags): readonly string[] {
  return [...markRules.keys()].filter((name) => flags[name] === true);
}

/** Whether the low-water mark is where such rules want it, in every partition. */
function marksPass({ marks: rules, master }: JobState, bolt: Bolt): boolean {
  const snap = master?.at === 'flowing' && master.e === bolt.e ? master.snap : undefined;
  if (snap?.g !== bolt.g + 1) return false;
  const marks = lowWaterMark([...bolt.in.values()].map(({ seen }) => seen));
  return rules.every((name) =>
    snap.clock.every(([p, limit]) => markRules.get(name)?.(marks[p] ?? 0, limit)),
  );
}

/** Whether what belongs into the snapshot that comes next has come on all channels. */
function allEnded({ flags }: JobState, processor: Processor, latest: InChannel): boolean {
  const g = processor.g + 1;
  // Mostly no marker has come on the channel of the latest item: nothing else is asked then.
  if (!isMarked(latest, g)) return false;
  for (const channel of processor.in.values()) {
    if (!isMarked(channel, g)) return false;
    if (flags['fifo-assumed'] !== true && !hasEnded(channel, g)) return false;
  }
  return processor.in.size > 0;
}

/** A list of outputs that grows beyond this is copied again and again: another one is begun. */
const fieldsMax = 4_096;

function sinkData(state: JobState, sink: Sink, { g, p, o, fan, key }: Data, ctx: JobCtx): void {
  const { ids } = vertexOf(state.plan, sink.id);
  const { sinkKind } = ctx.options;
  const generation = sinkKind === 'txn' ? g : 0;
  let lists = sink.outputs.get(generation);
  if (lists === undefined) {
    lists = [];
    sink.outputs.set(generation, lists);
  }
  let outputs = lists[lists.length - 1];
  if (outputs === undefined || outputs.length >= fieldsMax) {
    outputs = [];
    lists.push(outputs);
  }
  if (ids) outputs.push(p, o, fan, key);
  else outputs.push(null, null, null, key);
  if (sinkKind !== 'txn') show(state, sink, ctx);
}

function isMarked({ end }: InChannel, g: number): boolean {
  return end !== undefined && end.g >= g;
}

function considerSink(state: JobState, sink: Sink, channel: InChannel, ctx: JobCtx): void {
  const g = sink.g + 1;
  if (!allEnded(state, sink, channel)) return;
  save(state, sink, { g, part: sinkPart(state, sink, g, ctx) }, ctx);
  sink.g = g;
}

/** What a snapshot has of a sink: outputs that may not be shown before it is committed. */
export function sinkPart({ plan }: JobState, sink: Sink, g: number, ctx: JobCtx): unknown[] {
  if (ctx.options.sinkKind !== 'txn') return joined(sink.outputs.get(0));
  const lists = [...sink.outputs].flatMap(([of, some]) => (of < g ? some : []));
  // Nobody adds to them any more: frozen, they are what the store has, and what the world sees.
  const outputs = Object.freeze(joined(lists));
  for (const of of [...sink.outputs.keys()]) if (of < g) sink.outputs.delete(of);
  const txn = `${nameOf(plan, sink.id)}/${sink.e}/${g}`;
  if (outputs.length > 0) sink.releases.push({ txn, g, outputs });
  return [...sink.releases];
}

function joined(lists: readonly (readonly unknown[])[] = []): unknown[] {
  return ([] as unknown[]).concat(...lists);
}

/** Shows what need not wait: all at once, where sinks are direct; else what is committed. */
export function show(state: JobState, sink: Sink, ctx: JobCtx): void {
  if (sink.emitting) return;
  const source = nameOf(state.plan, sink.id);
  const of = { processor: sink.id, e: sink.e, g: 0 };
  if (ctx.options.sinkKind !== 'txn') {
    const outputs = joined(sink.outputs.get(0));
    if (outputs.length === 0) return;
    sink.outputs.delete(0);
    sink.emitting = true;
    const body = { type: 'emit', source, epoch: sink.e, seq: sink.emitted++, outputs };
    return ask(state.asks, [ctx.options.sink, body], { do: 'emit', ...of }, ctx);
  }
  const { master } = state;
  const committed = master === undefined || master.at === 'unavailable' ? undefined : master.commit;
  const first = sink.releases[0];
  if (first === undefined || first.g > (committed?.g ?? 0)) return;
  if (state.flags['each-notice'] === true && first.g !== committed?.g) return;
  sink.emitting = true;
  const txn = state.flags['random-txn'] === true ? `${first.txn}#${sink.e}` : first.txn;
  const body = { type: 'commit', txn, source, epoch: sink.e, outputs: first.outputs };
  ask(state.asks, [ctx.options.sink, body], { do: 'release', ...of, txn: first.txn }, ctx);
}

export function shown(state: JobState, sink: Sink, aim: Aim, ctx: JobCtx): void {
  sink.emitting = false;
  if (aim.do === 'release') sink.releases = sink.releases.filter(({ txn }) => txn !== aim.txn);
  show(state, sink, ctx);
}

/** Puts a part of a snapshot into the store; what is told of it waits until it is there. */
export function save(state: JobState, processor: Bolt | Sink, part: Part, ctx: JobCtx): void {
  processor.saving = part;
  const { flags } = state;
  const { g } = part;
  if (flags['ack-early'] === true) reportSaved(state, processor, partKey(flags, processor), ctx);
  if (flags.alias !== true) return put(state, processor, ctx);
  // By the time at which it is written the live state has gone on.
  const { id, e } = processor;
  const aim: Aim = { do: 'start', processor: id, e, g };
  ask(state.asks, [ctx.options.store, { type: 'find', key: '' }], aim, ctx);
}

export function put(state: JobState, processor: Bolt | Sink, ctx: JobCtx): void {
  const { id, e, saving } = processor;
  if (saving === undefined) return;
  const { g, part, flight } = saving;
  const key = partKey(state.flags, processor);
  const slot: Slot = { g, clock: processor.kind === 'bolt' ? processor.clock : [] };
  const aim: Aim = { do: 'save', processor: id, e, g };
  const value = flight === undefined ? { part, slot } : { part, slot, flight };
  ask(state.asks, [ctx.options.store, { type: 'put', key, value }], aim, ctx);
}

function partKey(flags: Flags, { id, e, saving }: Bolt | Sink): string {
  return flags.single === true ? String(id) : `${id}/${e}/${saving?.g ?? 0}`;
}

/** The store has answered a put. */
export function saved(state: JobState, processor: Bolt | Sink, answer: Answer, ctx: JobCtx): void {
  if (!answer.ok) return put(state, processor, ctx);
  const { flags } = state;
  const name = flags.single === true ? Number(answer.body.version) : partKey(flags, processor);
  if (flags['ack-early'] !== true) reportSaved(state, processor, name, ctx);
  processor.saving = undefined;
}

function reportSaved(
  state: JobState,
  processor: Bolt | Sink,
  name: string | number,
  ctx: JobCtx,
): void {
  const g = processor.saving?.g ?? processor.g;
  ctx.note(`saved ${g}`);
  report(state, processor, { at: 'saved', g, name }, ctx);
}

/** Tells the negotiator, in the processor's own node of the tree. */
export function report(
  state: JobState,
  { id, e }: Processor,
  fields: Omit<Report, 'node' | 'e'>,
  ctx: JobCtx,
  aim: Aim = { do: 'none' },
): void {
  const value = { node: ctx.self, e, ...fields };
  const body = { type: 'set', path: `/processors/${id}`, value, version: -1 };
  request(state, body as never, aim, ctx);
}

/** Emits what it has read, as far as there is room, and reads on. */
export function pump(state: JobState, spout: Spout, ctx: JobCtx): void {
  if (!spout.flowing || spout.dead) return;
  if (spout.fetching && ctx.options.barriers === 'off') return; // It is not noted yet.
  emitAll(state, spout, ctx);
  if (spout.buffer.length === 0) fetch(state, spout, ctx);
}

function emitAll(state: JobState, spout: Spout, ctx: JobCtx): void {
  const operator = operatorOf(state.plan, spout.id);
  const { options } = ctx;
  let [taken, room] = [0, 0];
  while (taken < spout.buffer.length) {
    // Every output takes room in one channel for each edge; it is looked up when it may be gone.
    if (room <= 0) room = roomIn(state.plan, spout, options);
    if (room <= 0) break;
    const text = spout.buffer[taken++] as string;
    const outputs = operator.emit({ key: text, value: 0 }, 0);
    room -= outputs.length;
    for (let nth = 0; nth < outputs.length; nth++) {
      const origin = { g: spout.g, p: spout.partition, o: spout.next, fan: nth };
      forward(state, spout, outputs[nth] as Tuple, origin, ctx);
    }
    spout.next += 1;
  }
  if (taken > 0) spout.buffer.splice(0, taken);
}

function fetch(state: JobState, spout: Spout, ctx: JobCtx): void {
  if (spout.fetching) return;
  spout.fetching = true;
  const { log, fetchMax, askUs } = ctx.options;
  const offset = spout.next + spout.buffer.length;
  const more = { max: fetchMax, waitUs: Math.floor(askUs / 2) };
  const body = { type: 'fetch', partition: spout.partition, offset, ...more };
  const aim: Aim = { do: 'fetch', processor: spout.id, e: spout.e, g: 0 };
  ask(state.asks, [log, body], aim, ctx);
}

/** The log has answered. */
export function fetched(state: JobState, spout: Spout, answer: Answer, ctx: JobCtx): void {
  spout.fetching = false;
  if (!answer.ok) {
    if (state.flags.earliest === true) {
      spout.next = Number(/starts at (\d+)/.exec(answer.text)?.[1] ?? spout.next);
      return pump(state, spout, ctx);
    }
    spout.dead = true;
    return ctx.note(`stands still, since exactly-once cannot be kept: ${answer.text}`);
  }
  const offset = Number(answer.body.offset);
  const from = spout.next + spout.buffer.length - offset;
  const records = answer.body.records as readonly string[];
  if (from >= 0)
    for (let i = from; i < records.length; i++) spout.buffer.push(records[i] as string);
  const next = spout.next + spout.buffer.length;
  const notes = ctx.options.barriers === 'off' && spout.buffer.length > 0;
  if (!notes) return pump(state, spout, ctx);
  if (state.flags['reserve-late'] === true) emitAll(state, spout, ctx);
  reserve(state, spout, next, ctx);
}

/** It is noted that what was read is sent: so it is. */
export function reserved(state: JobState, spout: Spout, answer: Answer, ctx: JobCtx): void {
  if (!answer.ok) return ctx.note(`stands still: ${answer.text}`);
  spout.fetching = false;
  pump(state, spout, ctx);
}
