// A building block: how tuples go from processor to processor: which one is next, what is worked
// off when, what is acknowledged. What a processor does with an item is its own business.
import type { Message, NodeId } from '../../../node/message.js';
import type { Tuple } from '../topology/operators.js';
import { downstreamOf, type Plan, routeOf, upstreamOf, type Vertex } from '../topology/plan.js';
import {
  type Ack,
  acknowledge,
  arrive,
  type Data,
  type End,
  type InChannel,
  type Item,
  inFrom,
  type Order,
  outTo,
  overtake,
  push,
  pushOnce,
  resend,
  seqNext,
  workedOff,
} from './channels.js';
import type { Flight, JobCtx, JobOptions, JobState, Processor } from './job.js';

/** A processor acknowledges after so many items, or at the next tick. */
const ackEvery = 16;

export function vertexOf({ vertices, vertexOf: of }: Plan, processor: number): Vertex {
  return vertices[of[processor] ?? 0] as Vertex;
}

/** Fresh channels to and from all neighbours, in a new epoch. */
export function openChannels(plan: Plan, processor: Processor, places: readonly NodeId[]): void {
  processor.out.clear();
  processor.in.clear();
  for (const to of downstreamOf(plan, processor.id)) {
    processor.out.set(to, outTo(to, places[to] ?? ''));
  }
  for (const from of upstreamOf(plan, processor.id)) {
    processor.in.set(from, inFrom(from, places[from] ?? ''));
  }
}

/** Goes on with what a snapshot has of the channels: nobody has worked any of it off. */
export function keep(processor: Processor, { ins, outs }: Flight, ctx: JobCtx): void {
  const { e, out } = processor;
  processor.kept = { ...inFrom(-1, '', ins.length), queue: [...ins] };
  for (const item of outs) {
    const channel = out.get(item.to);
    if (channel === undefined) continue;
    push(channel, { ...item, e, seq: seqNext(channel) }, ctx.options.windowMax, ctx);
  }
}

/** Where a record comes from, and how far its descendants have branched. */
interface Origin {
  readonly g: number;
  readonly p: number;
  readonly o: number;
  readonly fan: number;
}

/** Sends the nth output of a tuple to every vertex downstream. */
export function forward(
  { flags, plan }: JobState,
  processor: Processor,
  tuple: Tuple,
  { g, p, o, fan }: Origin,
  ctx: JobCtx,
): void {
  const { key, value } = flags.separators === true ? throughText(tuple) : tuple;
  const { downs } = vertexOf(plan, processor.id);
  const { barriers, windowMax } = ctx.options;
  for (const down of downs) {
    const { place, places } = down;
    const to = routeOf(plan, down, key);
    const channel = processor.out.get(to);
    if (channel === undefined) continue;
    // One literal: this is done for every tuple.
    const item: Data = {
      type: 'data',
      e: processor.e,
      from: processor.id,
      to,
      seq: seqNext(channel),
      g,
      p,
      o,
      fan: fan * places + place,
      key,
      value,
    };
    if (barriers === 'off') pushOnce(channel, item, ctx);
    else push(channel, item, windowMax, ctx);
  }
}

/** BROKEN: what comes of a tuple that is written as fields with a separator between them. */
function throughText({ key, value }: Tuple): Tuple {
  const [first = '', second] = `${key}\u0001${value}`.split('\u0001');
  return { key: first, value: Number(second) };
}

/** Tells everybody downstream that no data of generations below `g` comes any more. */
export function sendEnds(processor: Processor, g: number, ctx: JobCtx): void {
  for (const channel of processor.out.values()) {
    const { to } = channel;
    const seq = seqNext(channel);
    const item: End = { type: 'end', e: processor.e, from: processor.id, to, seq, g };
    if (ctx.options.barriers === 'unaligned') overtake(channel, item, ctx);
    else push(channel, item, ctx.options.windowMax, ctx);
  }
}

/** Whether what it makes of an item finds room. */
function hasRoom({ plan }: JobState, processor: Processor, options: JobOptions): boolean {
  return roomIn(plan, processor, options) > 0;
}

/** How many outputs find room in any case. */
export function roomIn(plan: Plan, { id, out }: Processor, { windowMax }: JobOptions): number {
  let room = Number.POSITIVE_INFINITY;
  for (const { vertex } of vertexOf(plan, id).downs) {
    const { first, count } = plan.vertices[vertex] as Vertex;
    // By number: this is done for every item, and an iterator of a Map is garbage.
    for (let to = first; to < first + count; to++) {
      const channel = out.get(to);
      if (channel !== undefined) room = Math.min(room, windowMax - channel.queue.length);
    }
  }
  return room;
}

/** An item that has come for a processor, and on which channel: no record, it is done for each. */
type Work = (
  state: JobState,
  processor: Processor,
  item: Item,
  channel: InChannel,
  ctx: JobCtx,
) => void;

/** What is done with items: when they come, and when it is their turn. */
export interface Uses {
  readonly came: Work;
  readonly work: Work;
}

/** An item has come for a processor of this node. */
export function receive(
  state: JobState,
  { body, src }: Message<Data | End>,
  { came, work }: Uses,
  ctx: JobCtx,
): void {
  const processor = state.processors.get(body.to);
  if (processor?.ready !== true) return refuse(state, processor, { body, src }, ctx);
  const channel = channelFor(state, processor, body, src);
  if (channel === undefined) return;
  const { options } = ctx;
  const order = orderOf(options);
  if (body.seq < channel.acked) channel.acked = body.seq; // The acknowledgement was lost.
  const known = channel.queue.length;
  arrive(channel, body, order);
  if (options.barriers === 'unaligned') {
    for (const item of channel.queue.slice(known)) came(state, processor, item, channel, ctx);
  }
  workOff(state, processor, channel, work, ctx);
  if (order === 'lossy') return;
  if (workedOff(channel, order) - channel.acked >= ackEvery) sendAck(processor, channel, ctx);
}

/** A processor that is not ready hears nobody; if it has said that it is, it has no port yet. */
function refuse(
  { flags }: JobState,
  processor: Processor | undefined,
  { body, src }: Pick<Message<Data | End>, 'body' | 'src'>,
  ctx: JobCtx,
): void {
  if (flags['late-listen'] !== true || processor?.e !== body.e) return;
  ctx.send(src, { type: 'refused', e: body.e, from: body.to, to: body.from });
}

/** The channel that an item belongs to; undefined: it is of another epoch. */
function channelFor(
  { flags }: JobState,
  processor: Processor,
  body: Data | End,
  src: NodeId,
): InChannel | undefined {
  if (flags['no-epoch'] !== true) {
    return body.e === processor.e ? processor.in.get(body.from) : undefined;
  }
  const known = processor.in.get(body.from);
  if (body.e === processor.e) return known;
  // Whoever connects is heard, from wherever he begins.
  const name = `${body.from}/${src}/${body.e}`;
  const stranger = processor.in.get(name) ?? inFrom(body.from, src, body.seq);
  processor.in.set(name, stranger);
  return stranger;
}

function orderOf({ channels, barriers }: JobOptions): Order {
  if (barriers === 'off') return 'lossy';
  return channels === 'fifo' ? 'fifo' : 'unordered';
}

function workOff(
  state: JobState,
  processor: Processor,
  channel: InChannel,
  work: Work,
  ctx: JobCtx,
): void {
  if (processor.dead) return;
  const { options } = ctx;
  while (channel.queue.length > 0 && hasRoom(state, processor, options)) {
    if (isBlocked(processor, channel, options)) return;
    if (isBehind(processor, channel)) return;
    const item = channel.queue.shift() as Item;
    if (item.type === 'data') channel.seen[item.p] = item.o + 1;
    work(state, processor, item, channel, ctx);
  }
}

/** Aligned barriers: behind a marker nothing is worked off until the snapshot is begun. */
function isBlocked({ g }: Processor, { end }: InChannel, { barriers }: JobOptions): boolean {
  return barriers === 'aligned' && end !== undefined && end.g > g;
}

/** What a snapshot kept of the channels comes before anything that they bring. */
function isBehind({ kept }: Processor, channel: InChannel): boolean {
  return kept.queue.length > 0 && channel !== kept;
}

/** Goes on with what waits for room. */
export function workOn(state: JobState, processor: Processor, work: Work, ctx: JobCtx): void {
  workOff(state, processor, processor.kept, work, ctx);
  for (const channel of processor.in.values()) workOff(state, processor, channel, work, ctx);
}

/** Somebody downstream has worked something off; whether there is room now that was not there. */
export function acked(state: JobState, { body }: Message<Ack>, ctx: JobCtx): Processor | undefined {
  const processor = state.processors.get(body.to);
  if (processor === undefined || body.e !== processor.e) return undefined;
  const channel = processor.out.get(body.from);
  if (channel === undefined) return undefined;
  const moved = acknowledge(channel, body.upTo, ctx.options.windowMax, ctx);
  return moved ? processor : undefined;
}

function sendAck(processor: Processor, channel: InChannel, ctx: JobCtx): void {
  const upTo = workedOff(channel, orderOf(ctx.options));
  channel.acked = upTo;
  const { from } = channel;
  const body: Ack = { type: 'ack', e: processor.e, from: processor.id, to: from, upTo };
  ctx.send(channel.node, body);
}

/** Now and then: acknowledges what is worked off, sends again what may be lost. */
export function tickChannels(processor: Processor, ctx: JobCtx): void {
  const order = orderOf(ctx.options);
  if (order === 'lossy') return;
  for (const channel of processor.in.values()) {
    if (workedOff(channel, order) > channel.acked) sendAck(processor, channel, ctx);
  }
  for (const channel of processor.out.values()) resend(channel, ctx.options.resendUs, ctx);
}
