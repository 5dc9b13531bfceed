// A building block: what a node still owes each of its peers. A value stays owed until the peer has
// acknowledged it, and is sent again until then. What is acknowledged is the value, not a message,
// so an acknowledgement that comes late, twice or after a restart says nothing false.
//
//   owe ─▶ unsent ─flush─▶ unacked ─acknowledged─▶ gone
//                            ▲   │
//                            └───┘ retry: all that waited a whole period, in one message
//
// Periods double from `retryUs` to `retryMaxUs` while the peer is silent, and each is cut short by
// chance, up to a half, so that links do not retry in step. A silent peer is sent one message a
// period, however many values wait. No clock is read: clocks jump. It knows neither where values
// come from nor who the peers should be.
import { assert } from '../../kernel/assert.js';
import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context, OptionProblem, TimerId } from '../../node/protocol.js';
import type { Value } from './bodies.js';

/** Values for a peer. */
export interface Gossip extends Body {
  readonly type: 'gossip';
  readonly messages: readonly Value[];
}

/** The peer has these values. */
export interface GossipOk extends Body {
  readonly type: 'gossip_ok';
  readonly messages: readonly Value[];
}

/** A batch for this peer is due. */
export interface FlushTimer {
  readonly type: 'flush';
  readonly peer: NodeId;
}

/** What this peer has not acknowledged is due again. */
export interface RetryTimer {
  readonly type: 'retry';
  readonly peer: NodeId;
}

export interface RetryOptions {
  /** The first period; more than a round trip, or healthy messages are sent twice. */
  readonly retryUs: Micros;
  /** The longest period: how long after a heal a peer may wait. */
  readonly retryMaxUs: Micros;
}

export const retryDefaults: RetryOptions = { retryUs: 500_000, retryMaxUs: 2_000_000 };

/** Periods are at least a millisecond, and the longest is not the shorter one. */
export function retryProblem({ retryUs, retryMaxUs }: RetryOptions): OptionProblem | undefined {
  if (retryUs < periodUsMin) return { option: 'retryUs', expected: 'at least 1ms' };
  if (retryMaxUs >= retryUs) return undefined;
  return { option: 'retryMaxUs', expected: 'at least as long as `retry`' };
}

/** However short the periods are meant to be: nobody retries for ever in one instant. */
const periodUsMin: Micros = 1_000;

/** What is owed to one peer. */
interface Link {
  readonly unsent: Set<Value>;
  /** Sent and not acknowledged: the retry timers that each has seen. */
  readonly unacked: Map<Value, number>;
  flushTimer: TimerId | undefined;
  retryTimer: TimerId | undefined;
  /** Retries in a row that nothing answered. */
  silentRetries: number;
}

/** What is owed to all peers. */
export type Outbox = Map<NodeId, Link>;

type Ctx = Context<Gossip | GossipOk, RetryTimer, RetryOptions>;
type FlushCtx = Context<Gossip | GossipOk, FlushTimer | RetryTimer, RetryOptions>;

/** Makes `peers` the peers. A new one is owed all of `values`; one that is gone is owed nothing. */
export function connect(
  outbox: Outbox,
  peers: readonly NodeId[],
  values: Iterable<Value>,
  ctx: Ctx,
): void {
  for (const [peer, link] of outbox) {
    if (peers.includes(peer)) continue;
    if (link.flushTimer !== undefined) ctx.clearTimer(link.flushTimer);
    if (link.retryTimer !== undefined) ctx.clearTimer(link.retryTimer);
    outbox.delete(peer);
  }
  for (const peer of peers) {
    if (outbox.has(peer) || peer === ctx.self) continue;
    const link = newLink(values);
    outbox.set(peer, link);
    flushLink(link, peer, ctx);
  }
}

/**
 * Owes `values` to every peer but those who know them. They are sent after `waitUs`, together with
 * what else is owed by then; now if it is 0.
 */
export function post(
  outbox: Outbox,
  values: readonly Value[],
  knows: (peer: NodeId, value: Value) => boolean,
  waitUs: Micros,
  ctx: FlushCtx,
): void {
  for (const [peer, link] of outbox) {
    for (const value of values) if (!knows(peer, value)) link.unsent.add(value);
    if (waitUs === 0) flushLink(link, peer, ctx);
    else if (link.unsent.size > 0)
      link.flushTimer ??= ctx.setTimer({ type: 'flush', peer }, waitUs);
  }
}

/** `peer` says that it has these values: it hears us. */
export function acknowledged(outbox: Outbox, peer: NodeId, values: readonly Value[]): void {
  const link = outbox.get(peer);
  if (link === undefined) return;
  link.silentRetries = 0;
  forget(link, values);
}

/** `peer` sent these values itself, so it has them; whether it hears us is another matter. */
export function offered(outbox: Outbox, peer: NodeId, values: readonly Value[]): void {
  const link = outbox.get(peer);
  if (link !== undefined) forget(link, values);
}

/** The handler of the flush timer. */
export function flush(outbox: Outbox, { peer }: FlushTimer, ctx: Ctx): void {
  const link = outbox.get(peer);
  if (link === undefined) return;
  link.flushTimer = undefined;
  flushLink(link, peer, ctx);
}

/** The handler of the retry timer. */
export function retry(outbox: Outbox, { peer }: RetryTimer, ctx: Ctx): void {
  const link = outbox.get(peer);
  if (link === undefined) return;
  link.retryTimer = undefined;
  const overdue: Value[] = [];
  for (const [value, periods] of link.unacked) {
    if (periods > 0) overdue.push(value);
    link.unacked.set(value, periods + 1);
  }
  if (overdue.length > 0) {
    if (link.silentRetries === 1) ctx.note(`${peer} is silent, owed: ${overdue.length}`);
    link.silentRetries += 1;
    ctx.send(peer, { type: 'gossip', messages: overdue });
  }
  armRetry(link, peer, ctx);
}

/** What holds of every outbox: only what is held is owed, and what was sent is on a timer. */
export function assertSound(outbox: Readonly<Outbox>, held: ReadonlySet<Value>): void {
  for (const [peer, { unsent, unacked, retryTimer }] of outbox) {
    const owed = unsent.size + unacked.size;
    assert(owed <= held.size, 'no more is owed than is held', { peer, owed, held: held.size });
    const idle = unacked.size === 0;
    assert(idle || retryTimer !== undefined, 'what was sent is on a timer', { peer });
  }
}

function newLink(values: Iterable<Value>): Link {
  return {
    unsent: new Set(values),
    unacked: new Map(),
    flushTimer: undefined,
    retryTimer: undefined,
    silentRetries: 0,
  };
}

function forget(link: Link, values: readonly Value[]): void {
  for (const value of values) {
    link.unsent.delete(value);
    link.unacked.delete(value);
  }
}

/** Sends what is unsent, or leaves it to the next retry if the peer is silent. */
function flushLink(link: Link, peer: NodeId, ctx: Ctx): void {
  if (link.unsent.size === 0) return;
  const silent = link.silentRetries > 0;
  if (!silent) ctx.send(peer, { type: 'gossip', messages: [...link.unsent] });
  for (const value of link.unsent) link.unacked.set(value, silent ? 1 : 0);
  link.unsent.clear();
  armRetry(link, peer, ctx);
}

function armRetry(link: Link, peer: NodeId, ctx: Ctx): void {
  if (link.retryTimer !== undefined || link.unacked.size === 0) return;
  const { retryUs, retryMaxUs } = ctx.options;
  const doubled = retryUs * (1 << Math.min(link.silentRetries, 16));
  const periodUs = Math.max(periodUsMin, Math.min(doubled, retryMaxUs));
  const delayUs = periodUs - ctx.random.below(Math.floor(periodUs / 2) + 1);
  link.retryTimer = ctx.setTimer({ type: 'retry', peer }, delayUs);
}
