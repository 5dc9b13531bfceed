// A building block: the links to a node's peers, each with a circuit breaker (Nygard 2007, "Release
// It!", §5.2). What a peer lacks is known from its version vector, so an outbox is bounded by the
// number of origins, and one batch is under way at a time, however much waits behind it.
//
//              2 periods without an answer
//   closed ──────────────────────────────────▶ open ─┐ probe: what do you have?
//     ▲   any message from the peer                  │ every `probeUs`
//     └──────────────────────────────────── half-open┘
//
// Periods of retries double and are cut short by chance. A breaker of a usual library judges by its
// own calls over a window of a second or more; links here fail and heal within less, so the state
// follows from whatever is heard. It knows neither where values come from nor who the peers are.
import { assert } from '../../kernel/assert.js';
import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context, OptionProblem, TimerId } from '../../node/protocol.js';
import { type Have, haveOf, type Logs, lackedBy, type Origin, type Run, union } from './logs.js';

/** Values for a peer; none: a probe. */
export interface Offer extends Body {
  readonly type: 'offer';
  readonly runs: readonly Run[];
}

/** All that the sender has. */
export interface OfferOk extends Body {
  readonly type: 'offer_ok';
  readonly have: Have;
}

/** A batch is due, is due again, or a probe is due. */
export interface LinkTimer {
  readonly type: 'link';
  readonly peer: NodeId;
}

export interface LinkOptions {
  /** How long the first value of a batch waits for others. */
  readonly flushUs: Micros;
  /** The first period; more than a round trip, or healthy messages are sent twice. */
  readonly retryUs: Micros;
  /** How often a link that is open is tried. */
  readonly probeUs: Micros;
}

export const linkDefaults: LinkOptions = { flushUs: 50_000, retryUs: 300_000, probeUs: 500_000 };

/** Periods are at least a millisecond. */
export function linkProblem({ retryUs, probeUs }: LinkOptions): OptionProblem | undefined {
  if (retryUs < 1_000) return { option: 'retryUs', expected: 'at least 1ms' };
  return probeUs < 1_000 ? { option: 'probeUs', expected: 'at least 1ms' } : undefined;
}

/** A link opens when so many periods in a row brought no answer. */
const missesMax = 2;

interface Link {
  /** What the peer is known to have. */
  have: Have;
  breaker: 'closed' | 'open';
  /** Periods in a row without an answer to what is under way. */
  misses: number;
  /** Something is under way, and its answer is awaited. */
  waiting: boolean;
  timer: TimerId | undefined;
}

export type Links = Map<NodeId, Link>;

type Ctx = Context<Offer | OfferOk, LinkTimer, LinkOptions>;

/** Which origins' values go over the link to a peer. */
export type Route = (origin: Origin, peer: NodeId) => boolean;

/** Makes `peers` the peers. A new one is believed to have nothing. */
export function connect(links: Links, peers: readonly NodeId[], ctx: Ctx): void {
  for (const [peer, link] of links) {
    if (peers.includes(peer)) continue;
    if (link.timer !== undefined) ctx.clearTimer(link.timer);
    links.delete(peer);
  }
  for (const peer of peers) {
    if (links.has(peer) || peer === ctx.self) continue;
    const have: Have = new Map();
    links.set(peer, { have, breaker: 'closed', misses: 0, waiting: false, timer: undefined });
  }
}

/** There may be news for the peers: batches are made up for those that lack something. */
export function announce(links: Links, logs: Logs, route: Route, ctx: Ctx): void {
  for (const [peer, link] of links) {
    if (link.timer !== undefined) continue; // A batch is due or under way, or the link is open.
    if (lackedBy(logs, link.have, (origin) => route(origin, peer)).length > 0) {
      link.timer = ctx.setTimer({ type: 'link', peer }, ctx.options.flushUs);
    }
  }
}

/** `peer` said something: the link works in one direction at least. */
export function heard(links: Links, peer: NodeId, logs: Logs, route: Route, ctx: Ctx): void {
  const link = links.get(peer);
  if (link?.breaker !== 'open') return;
  ctx.note(`${peer} is back`);
  link.breaker = 'closed';
  settle(link, ctx);
  announce(links, logs, route, ctx);
}

/** `peer` has these values. */
export function acknowledged(
  links: Links,
  peer: NodeId,
  { have }: OfferOk,
  logs: Logs,
  route: Route,
  ctx: Ctx,
): void {
  const link = links.get(peer);
  if (link === undefined) return;
  link.have = have;
  if (link.waiting) settle(link, ctx);
  announce(links, logs, route, ctx);
}

/** `peer` sent these values, so it has them. */
export function offered(links: Links, peer: NodeId, runs: readonly Run[]): void {
  const link = links.get(peer);
  if (link === undefined) return;
  const sent = runs.map(({ origin, from, values }) => [origin, from + values.length] as const);
  link.have = union(link.have, new Map(sent));
}

/** The handler of the timer. */
export function due(links: Links, { peer }: LinkTimer, logs: Logs, route: Route, ctx: Ctx): void {
  const link = links.get(peer);
  if (link === undefined) return;
  link.timer = undefined;
  if (link.waiting) link.misses += 1;
  if (link.breaker === 'closed' && link.misses >= missesMax) {
    ctx.note(`${peer} is silent`);
    link.breaker = 'open';
  }
  const runs = lackedBy(logs, link.have, (origin) => route(origin, peer));
  link.waiting = runs.length > 0;
  if (!link.waiting) return settle(link, ctx);
  ctx.send(peer, { type: 'offer', runs: link.breaker === 'open' ? [] : runs });
  link.timer = ctx.setTimer({ type: 'link', peer }, periodUs(link, ctx));
}

/** All that this node has, for whoever offered it something. */
export function answer(peer: NodeId, logs: Logs, ctx: Ctx): void {
  ctx.send(peer, { type: 'offer_ok', have: haveOf(logs) });
}

/** What holds of every link: an answer is awaited under a timer; only a silent link is open. */
export function assertSound(links: Readonly<Links>): void {
  for (const [peer, { breaker, misses, waiting, timer }] of links) {
    assert(!waiting || timer !== undefined, 'an answer is awaited under a timer', { peer });
    assert(breaker === 'closed' || misses >= missesMax, 'an open link was silent', { peer });
  }
}

function settle(link: Link, ctx: Ctx): void {
  if (link.timer !== undefined) ctx.clearTimer(link.timer);
  link.timer = undefined;
  link.waiting = false;
  link.misses = 0;
  link.breaker = 'closed';
}

/** Full periods are halved by chance at most: a period shorter than a round trip says nothing. */
function periodUs({ breaker, misses }: Link, ctx: Ctx): Micros {
  const { retryUs, probeUs } = ctx.options;
  const wholeUs = breaker === 'open' ? probeUs : retryUs * (1 << misses);
  return wholeUs - (misses === 0 ? 0 : ctx.random.below(Math.floor(wholeUs / 2) + 1));
}
