// A building block: parents. The parent of a partition reads its records from the log and hands
// each to the instance that owns its key, again and again until that one has it on disk. It keeps
// nothing that it could not read again: what the log has is the back-up upstream (Hwang et al.
// 2005; SEEP, Fernandez et al. 2013), trimmed by nothing but an instance's word that a record is
// durable.
import type { NodeId } from '../../node/message.js';
import { type Answer, ask } from '../leaning/asks.js';
import type { After, Ctx, Mark, Options, Parent, State } from './bodies.js';
import { put } from './disk.js';
import { ownerOf } from './ring.js';

/** How long a fetch waits at the log; less than `askUs`. */
const waitUs = 200_000;

/**
 * The parent of a partition at the start of a node; after a crash it does not know if it may send.
 */
export function parentFrom(partition: number, mark: Mark | undefined, ctx: Ctx): Parent {
  const { low = 0, paused: pausedBefore = 0 } = mark ?? {};
  const fresh = ctx.incarnation === 1;
  return {
    partition,
    ...{ next: low, fetching: false, buffer: new Map(), sent: new Map() },
    ...{ paused: fresh ? 0 : -1, quiet: 0, marked: low, pausedBefore },
    replay: fresh ? 0 : low + aheadMax(ctx),
  };
}

/** How far a parent may be ahead of what its disk knows to be in the state. */
function aheadMax({ options }: Ctx): number {
  return 2 * options.window;
}

/** The partitions whose parents are at `node`. */
export function partitionsOf(
  node: NodeId,
  { nodes, options }: { readonly nodes: readonly NodeId[]; readonly options: Options },
): readonly number[] {
  const all = Array.from({ length: options.partitions }, (_, partition) => partition);
  return all.filter((partition) => nodes[partition % nodes.length] === node);
}

/** Asks the log for more, as far as there is room. */
export function fetchMore({ asks }: State, parent: Parent, ctx: Ctx): void {
  const room = ctx.options.window - parent.buffer.size - parent.sent.size;
  if (parent.fetching || room <= 0) return;
  parent.fetching = true;
  const { partition, next: offset } = parent;
  const body = { type: 'fetch', partition, offset, max: room, waitUs };
  ask(asks, [ctx.options.log, body], { do: 'fetched', partition }, ctx);
}

export function fetched(state: State, partition: number, answer: Answer, ctx: Ctx): void {
  const parent = state.parents.get(partition);
  if (parent === undefined) return;
  parent.fetching = false;
  const records = answer.ok ? (answer.body.records as readonly string[]) : [];
  parent.quiet = records.length > 0 ? 0 : parent.quiet + 1;
  for (const text of records) parent.buffer.set(parent.next++, text);
  sendBuffered(state, parent, ctx);
  if (parent.paused > 0) prepareWatermark(state, parent, ctx);
  fetchMore(state, parent, ctx);
}

/** Sends what was read, unless there is a pause; then only what may have been sent before. */
export function sendBuffered(state: State, parent: Parent, ctx: Ctx): void {
  if (parent.paused < 0) return;
  const { ring } = state.register;
  const untilMark = parent.marked + aheadMax(ctx);
  const until = parent.paused === 0 ? untilMark : Math.min(untilMark, parent.replay);
  for (const [offset, text] of parent.buffer) {
    if (offset >= until) return;
    parent.buffer.delete(offset);
    const to = ownerOf(ring, text, ctx.options.vnodes);
    parent.sent.set(offset, { text, to });
    send(state, parent, offset, ctx);
  }
}

function send({ register }: State, { partition, sent }: Parent, offset: number, ctx: Ctx): void {
  const found = sent.get(offset);
  if (found === undefined) return;
  const { epoch } = register.ring;
  ctx.send(found.to, { type: 'record', partition, offset, text: found.text, epoch });
}

/** Sends again what nobody has acknowledged. */
export function sendAgain(state: State, parent: Parent, ctx: Ctx): void {
  for (const offset of parent.sent.keys()) send(state, parent, offset, ctx);
}

/** There is another ring: what is open goes to whom it gives the keys. */
export function reroute(state: State, parent: Parent, ctx: Ctx): void {
  const { ring } = state.register;
  for (const [offset, found] of parent.sent) {
    found.to = ownerOf(ring, found.text, ctx.options.vnodes);
    send(state, parent, offset, ctx);
  }
}

export function done(state: State, partition: number, offset: number, ctx: Ctx): void {
  const parent = state.parents.get(partition);
  if (parent?.sent.delete(offset) !== true) return; // A copy.
  const low = lowOf(parent);
  if (low - parent.marked >= ctx.options.window) mark(state, parent, 0, ctx);
  if (parent.paused > 0) prepareWatermark(state, parent, ctx);
  sendBuffered(state, parent, ctx);
  fetchMore(state, parent, ctx);
}

/** The first offset that is not known to be in the state. */
export function lowOf({ sent, buffer, next }: Parent): number {
  let low = next;
  for (const offset of sent.keys()) low = Math.min(low, offset);
  for (const offset of buffer.keys()) low = Math.min(low, offset);
  return low;
}

/** Tells all instances how far event time has come here. */
export function tellProgress({ register }: State, parent: Parent, ctx: Ctx): void {
  const { eventUs, idleUs } = ctx.options;
  const { partition, quiet, sent, buffer } = parent;
  const open = sent.size + buffer.size;
  const idle = idleUs > 0 && open === 0 && quiet * waitUs >= idleUs;
  const body = { type: 'progress', partition, lowUs: lowOf(parent) * eventUs, idle } as const;
  for (const node of register.ring.members) ctx.send(node, body);
}

/**
 * Sends nothing new under the ring that is; once all that was sent is acknowledged, says so to each
 * old instance. Copies of it that are still under way are in front of the watermark.
 */
export function pause(state: State, parent: Parent, ctx: Ctx): void {
  const { next, highest } = state.register;
  if (next === null || next.ring.epoch <= highest) return;
  if (parent.paused < 0) return; // It will know when it has read the register.
  parent.paused = next.ring.epoch;
  prepareWatermark(state, parent, ctx);
}

/** Nothing is under way: that there is a pause is written down, and then told. */
function prepareWatermark(state: State, parent: Parent, ctx: Ctx): void {
  const { sent, buffer, next, replay, quiet, paused } = parent;
  const [first = next] = buffer.keys();
  const atEnd = buffer.size === 0 && quiet > 0;
  if (sent.size > 0 || (first < replay && !atEnd)) return;
  parent.replay = 0; // All that may have been sent is; what the log has from now on was not.
  mark(state, parent, paused, ctx);
}

function mark({ disk }: State, parent: Parent, paused: number, ctx: Ctx): void {
  const { partition } = parent;
  const found: Mark = { low: lowOf(parent), paused };
  put(disk, `parent/${partition}`, found, ctx);
  ctx.store.sync({ type: 'saved', after: { do: 'mark', partition, mark: found } });
}

/** The disk has a mark; if it is one of a pause, old instances hear of it. */
export function marked(
  state: State,
  { partition, mark: { low: offset, paused: epoch } }: Extract<After, { readonly do: 'mark' }>,
  ctx: Ctx,
): void {
  const parent = state.parents.get(partition);
  if (parent === undefined) return;
  parent.marked = Math.max(parent.marked, offset);
  if (epoch > 0 && parent.paused === epoch) {
    for (const to of state.register.ring.members) {
      ctx.send(to, { type: 'watermark', epoch, partition, offset });
    }
  }
  sendBuffered(state, parent, ctx);
}

/** After a crash: whether there is a pause is in the register. */
export function pauseKnown(state: State, ctx: Ctx): void {
  const { next } = state.register;
  for (const parent of state.parents.values()) {
    if (parent.paused >= 0) continue;
    parent.paused = next === null ? 0 : next.ring.epoch;
    // Watermarks were sent before the crash, so nothing beyond the mark was.
    if (parent.paused > 0 && parent.pausedBefore === parent.paused) parent.replay = 0;
    sendBuffered(state, parent, ctx);
  }
}
