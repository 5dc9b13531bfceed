// A building block: channels between processors. Each is reliable: messages are numbered, kept
// until they are acknowledged and sent again. A `fifo` channel hands them over in order; an
// `unordered` one as they come, each once. A window bounds what is under way; an acknowledgement
// says what the receiver has worked off, so a slow receiver slows its senders down.
//
//   out: queue  [ acknowledged | sent … | waiting … ]          in: next, early, queue ─▶ worked off
import type { Micros } from '../../../kernel/time.js';
import type { Body, NodeId } from '../../../node/message.js';

/** What goes through a channel. */
export type Item = Data | End;

export interface Data extends Body {
  readonly type: 'data';
  /** The epoch. */
  readonly e: number;
  readonly from: number;
  readonly to: number;
  readonly seq: number;
  /** The generation of the record that it comes from. */
  readonly g: number;
  /** Partition and offset of that record, and which of its descendants this is. */
  readonly p: number;
  readonly o: number;
  readonly fan: number;
  readonly key: string;
  readonly value: number;
}

/** No more data of generations below `g` comes on this channel. */
export interface End extends Body {
  readonly type: 'end';
  readonly e: number;
  readonly from: number;
  readonly to: number;
  readonly seq: number;
  readonly g: number;
}

export interface Ack extends Body {
  readonly type: 'ack';
  readonly e: number;
  /** The receiver of what is acknowledged, and its sender. */
  readonly from: number;
  readonly to: number;
  readonly upTo: number;
}

/** Nobody listens there yet: only where processors say too early that they are ready. */
export interface Refused extends Body {
  readonly type: 'refused';
  readonly e: number;
  readonly from: number;
  readonly to: number;
}

export interface OutChannel {
  readonly to: number;
  readonly node: NodeId;
  /** The number of `queue[0]`: all before is acknowledged. */
  acked: number;
  /** All before is sent. */
  sent: number;
  queue: Item[];
  /** When anything was last acknowledged, or sent for the first time after that. */
  movedUs: Micros;
}

export interface InChannel {
  readonly from: number;
  node: NodeId;
  /** All before has come. */
  next: number;
  /** What came out of turn, by number; where order does not matter only the numbers. */
  readonly early: Map<number, Item | undefined>;
  /** What has come and is not worked off. */
  queue: Item[];
  acked: number;
  /** By partition the offset behind the last record seen: the channel's low-water mark. */
  readonly seen: number[];
  /** The last end marker, and its number. */
  end: { readonly g: number; readonly seq: number } | undefined;
}

/** In order, each once; as they come, each once; or as they come, each once at most. */
export type Order = 'fifo' | 'unordered' | 'lossy';

/** What a channel needs of a context. */
interface Sender {
  readonly nowUs: Micros;
  send(dest: NodeId, body: never): void;
}

export function outTo(to: number, node: NodeId): OutChannel {
  return { to, node, acked: 0, sent: 0, queue: [], movedUs: 0 };
}

export function inFrom(from: number, node: NodeId, next = 0): InChannel {
  const around = { early: new Map(), queue: [], acked: next, seen: [], end: undefined };
  return { from, node, next, ...around };
}

/** The number that the next item gets. */
export function seqNext({ acked, queue }: OutChannel): number {
  return acked + queue.length;
}

export function push(out: OutChannel, item: Item, windowMax: number, ctx: Sender): void {
  out.queue.push(item);
  sendMore(out, windowMax, ctx);
}

/** Sends an item once: nobody acknowledges it, and nobody sends it again. */
export function pushOnce(out: OutChannel, item: Item, ctx: Sender): void {
  ctx.send(out.node, item as never);
  out.sent += 1;
  out.acked = out.sent;
}

/** Sends an item at once, ahead of all that waits for room. */
export function overtake(out: OutChannel, item: Item, ctx: Sender): void {
  const { queue, sent, acked } = out;
  const at = sent - acked;
  if (sent === acked) out.movedUs = ctx.nowUs;
  const marker = { ...item, seq: sent };
  const behind = queue.slice(at).map((each) => ({ ...each, seq: each.seq + 1 }));
  queue.splice(at, queue.length - at, marker, ...behind);
  ctx.send(out.node, marker as never);
  out.sent += 1;
}

/** What waits for room: nobody else has seen it. */
export function waiting({ queue, sent, acked }: OutChannel): readonly Item[] {
  return queue.slice(sent - acked);
}

/** The other end has worked off all before `upTo`. */
export function acknowledge(
  out: OutChannel,
  upTo: number,
  windowMax: number,
  ctx: Sender,
): boolean {
  const count = upTo - out.acked;
  if (count <= 0 || upTo > out.sent) return false;
  out.queue.splice(0, count);
  out.acked = upTo;
  out.movedUs = ctx.nowUs;
  sendMore(out, windowMax, ctx);
  return true;
}

function sendMore(out: OutChannel, windowMax: number, ctx: Sender): void {
  const end = Math.min(out.acked + windowMax, seqNext(out));
  if (out.sent === out.acked && out.sent < end) out.movedUs = ctx.nowUs;
  while (out.sent < end) {
    ctx.send(out.node, out.queue[out.sent - out.acked] as never);
    out.sent += 1;
  }
}

/** Sends again what has been under way for too long. */
export function resend(out: OutChannel, resendUs: Micros, ctx: Sender): void {
  const waitedUs = ctx.nowUs - out.movedUs;
  if (out.sent === out.acked || (waitedUs >= 0 && waitedUs < resendUs)) return;
  out.movedUs = ctx.nowUs;
  for (const item of out.queue.slice(0, out.sent - out.acked)) ctx.send(out.node, item as never);
}

/** Takes in what has come, unless it was there before. */
export function arrive(channel: InChannel, item: Item, order: Order): void {
  const { seq } = item;
  if (seq < channel.next || channel.early.has(seq)) return;
  if (order === 'lossy') return arriveOnce(channel, item);
  if (order === 'unordered') channel.queue.push(item);
  if (seq > channel.next) {
    channel.early.set(seq, order === 'fifo' ? item : undefined);
    return;
  }
  if (order === 'fifo') channel.queue.push(item);
  channel.next += 1;
  while (channel.early.size > 0 && channel.early.has(channel.next)) {
    const next = channel.early.get(channel.next);
    channel.early.delete(channel.next);
    if (next !== undefined) channel.queue.push(next);
    channel.next += 1;
  }
}

/** What comes later than so many that were sent after it is taken for a copy. */
const lateMax = 256;

/** Takes in what has not come before; what is missing is missing. */
function arriveOnce(channel: InChannel, item: Item): void {
  const { early, queue } = channel;
  queue.push(item);
  early.set(item.seq, undefined);
  channel.next = Math.max(channel.next, item.seq + 1 - lateMax);
  channel.acked = channel.next;
  for (const seq of early.keys()) if (seq < channel.next) early.delete(seq);
}

/** All before this number is worked off. */
export function workedOff({ next, queue, acked }: InChannel, order: Order): number {
  if (queue.length === 0) return next;
  return order === 'fifo' ? next - queue.length : acked;
}

/** Whether the end marker of generation `g` has come, and all that was sent before it. */
export function hasEnded({ end, next, queue }: InChannel, g: number): boolean {
  if (end === undefined || end.g < g || next < end.seq) return false;
  return queue.length === 0 || queue.every(({ seq }) => seq > end.seq);
}

/**
 * The low-water mark of a processor: of each partition the lowest of its channels' marks. Records
 * below it do not come any more. Hailstorm, slides, "Low water mark"; paper, figure 3.
 */
export function lowWaterMark(
  marks: readonly (readonly (number | undefined)[])[],
): (number | undefined)[] {
  const partitions = marks.reduce((most, mark) => Math.max(most, mark.length), 0);
  return Array.from({ length: partitions }, (_, p) => {
    const known = marks.flatMap((mark) => mark[p] ?? []);
    return known.length === 0 ? undefined : Math.min(...known);
  });
}
