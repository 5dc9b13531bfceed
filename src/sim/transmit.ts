// From a sender to the queue: counts a message, asks the network for its fate, and schedules what
// is left of it to arrive.
import { hex64 } from '../kernel/mix.js';
import { deepFreeze } from '../kernel/plain.js';
import { KEY_HI, KEY_LO, slotAt } from '../kernel/queue.js';
import type { Micros } from '../kernel/time.js';
import { epochOf } from '../network/connections.js';
import { type Decision, type Forced, lose, route } from '../network/network.js';
import { linkOf } from '../network/rules.js';
import type { Body } from '../node/message.js';
import { programAt } from './parties.js';
import { kinds, tagged } from './schedule.js';
import type { Fate } from './step.js';
import { type Envelope, type Party, touch, type World } from './world.js';

/** The word that goes into the key of a copy made by the network. */
export const copyWord = 0x7f;

/** Sends what is in the envelope, now, and counts it. The envelope may be reused afterwards. */
export function transmit(world: World, envelope: Envelope): void {
  countOf(world, envelope).sent++;
  if (world.edits !== undefined) {
    const { hi, lo, body } = envelope;
    envelope.body = bodyOf(world, hi, lo) ?? body;
  }
  if (world.spec.strict) deepFreeze(envelope.body, world.scratch.immutables);
  if (world.edits === undefined || !waits(world, envelope)) forward(world, envelope);
}

/** An edit lets a message wait for an event. */
function waits({ awaiting, edits, network }: World, envelope: Envelope): boolean {
  if (edits === undefined || edits.waits.size === 0) return false;
  const event = edits.waits.get(hex64(envelope.hi, envelope.lo));
  if (event === undefined) return false;
  awaiting.set(event, [...(awaiting.get(event) ?? []), { ...envelope }]);
  network.decision.outcome = 'waits';
  return true;
}

/**
 * Messages that wait for the event in `slot`, which was taken just now: they are due before it,
 * which is put back. False: there are none. O(waiting events) if there are some.
 */
export function sendAhead(world: World, slot: number): boolean {
  const { awaiting, queue } = world;
  const at = slotAt(slot);
  const key = hex64(queue.words[at + KEY_HI] as number, queue.words[at + KEY_LO] as number);
  const envelopes = awaiting.get(key);
  if (envelopes === undefined) return false;
  awaiting.delete(key);
  const { nowUs } = queue;
  const others = queue.waiting().filter((other) => queue.timeOf(other) === nowUs).length;
  for (const envelope of envelopes) forward(world, envelope);
  queue.putBack(slot, nowUs);
  // Whatever else is due now lines up behind them again.
  for (let left = others; left > 0; left--) queue.putBack(queue.take(), nowUs);
  return true;
}

/** Sends on what a cut has held, or what has waited; it was counted when it was sent first. */
export function forward(world: World, envelope: Envelope): void {
  const { source, target, body, hi, lo } = envelope;
  const decision = decide(world, envelope);
  if (decision.touched.length > 0) for (const fault of decision.touched) touch(world, fault);
  if (decision.outcome === 'sent') {
    const connected = world.spec.network.transport === 'connection';
    const epoch = connected ? epochOf(world.network.connections, source, target) : 0;
    arrive(world, envelope, epoch, decision.delayUs, body, hi, lo);
    if (decision.copyDelayUs >= 0) arriveAgain(world, envelope, epoch, decision.copyDelayUs);
  } else if (decision.outcome === 'held') {
    world.heldMessages.push({ ...envelope });
  } else {
    countOf(world, envelope).dropped++;
    if (decision.broke) disconnect(world, source, target, hi, lo);
  }
}

/** Whether Maelstrom counts a message as a client's: a client stands at either end. */
function countOf(world: World, { source, target }: Envelope): World['counts']['clients'] {
  const { counts, roster } = world;
  return roster.isClient(source) || roster.isClient(target) ? counts.clients : counts.servers;
}

/** What was decided about the message sent last, for the observer. */
export function fateOf(world: World): Fate {
  const { outcome, why, delayUs, copyDelayUs } = world.network.decision;
  if (outcome === 'lost') return { fate: 'lost', why };
  if (outcome === 'held' || outcome === 'waits') return { fate: outcome };
  const copies = copyDelayUs >= 0 ? 2 : 1;
  return { fate: 'sent', arrivesUs: world.queue.nowUs + delayUs, copies };
}

/** A message to a name that nobody has: counted, and lost. */
export function transmitNowhere(world: World): void {
  world.counts.servers.sent++;
  world.counts.servers.dropped++;
  const { decision } = world.network;
  decision.outcome = 'lost';
  decision.why = 'there is no such node';
}

/**
 * Tells both ends, if they are nodes, that their connection is broken: once in an event, however
 * often it breaks there. A node that talks to itself has one end.
 */
export function disconnect(
  world: World,
  source: number,
  target: number,
  hi: number,
  lo: number,
): void {
  const [one, other] = [world.parties[source] as Party, world.parties[target] as Party];
  if (one.node === undefined || other.node === undefined) return;
  if (!isFirstBreak(world, source, target)) return;
  const { key } = world.scratch;
  const { nowUs } = world.queue;
  for (const [end, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    if (programAt(world, end.index).protocol.disconnected === undefined) continue;
    const { roster } = world;
    key.derive(hi, lo, kinds.disconnected, roster.keyHi(end.index), roster.keyLo(end.index));
    const [peerHi, peerLo] = [roster.keyHi(peer.index), roster.keyLo(peer.index)];
    key.derive(key.hi, key.lo, kinds.disconnected, peerHi, peerLo);
    const kind = tagged(kinds.disconnected, end.node?.incarnation ?? 0);
    const cause = world.events;
    world.queue.add(nowUs, kind, end.index, peer.index, key.hi, key.lo, cause, undefined);
    if (one === other) return;
  }
}

/** Whether this pair has not been told of a break at the event at hand. */
function isFirstBreak({ events, scratch }: World, a: number, b: number): boolean {
  const { breaks } = scratch;
  if (breaks.event !== events) breaks.pairs.clear();
  breaks.event = events;
  const pair = a < b ? linkOf(a, b) : linkOf(b, a);
  if (breaks.pairs.has(pair)) return false;
  breaks.pairs.add(pair);
  return true;
}

function arrive(
  world: World,
  { source, target, cause }: Envelope,
  epoch: number,
  delayUs: Micros,
  body: Body,
  hi: number,
  lo: number,
): void {
  const atUs = world.queue.nowUs + delayUs;
  world.queue.add(atUs, tagged(kinds.deliver, epoch), target, source, hi, lo, cause, body);
}

/** A copy of its own, with a key of its own, for the duplicate. */
function arriveAgain(world: World, envelope: Envelope, epoch: number, delayUs: Micros): void {
  countOf(world, envelope).duplicated++;
  const { key, isolator } = world.scratch;
  key.derive(envelope.hi, envelope.lo, copyWord, 0, 0);
  const forced = world.edits === undefined ? undefined : forcedOf(world, key.hi, key.lo);
  if (forced?.loss === true) {
    countOf(world, envelope).dropped++;
    return;
  }
  const afterUs = forced?.now === true ? 0 : delayUs + (forced?.moreUs ?? 0);
  const altered = world.edits && bodyOf(world, key.hi, key.lo);
  const copy = altered ?? isolator.copy(envelope.body);
  arrive(world, envelope, epoch, afterUs, copy, key.hi, key.lo);
}

function decide(world: World, envelope: Envelope): Decision {
  const { source, target, hi, lo } = envelope;
  const forced = world.edits === undefined ? undefined : forcedOf(world, hi, lo);
  const { network, roster } = world;
  const toClient = roster.isClient(source) || roster.isClient(target);
  if (toClient && (network.spec.clients === 'instant' || isSetup(world, source))) {
    return instant(world, envelope, forced);
  }
  const { passage } = world.scratch;
  passage.source = source;
  passage.target = target;
  passage.body = envelope.body;
  passage.nowUs = world.queue.nowUs;
  passage.hi = hi;
  passage.lo = lo;
  passage.forced = forced;
  return route(network, passage);
}

/** Set-up requests come from nobody's client: the network leaves them alone. */
function isSetup({ parties, roster }: World, source: number): boolean {
  return roster.isClient(source) && (parties[source] as Party).worker < 0;
}

/** Clients' messages take no time and are never lost, but for edits. */
function instant(world: World, envelope: Envelope, forced: Forced | undefined): Decision {
  const { decision } = world.network;
  decision.outcome = 'sent';
  decision.touched.length = 0;
  decision.delayUs = forced?.latencyUs ?? 0;
  decision.copyDelayUs = -1;
  decision.broke = false;
  if (forced === undefined) return decision;
  if (forced.now !== true) decision.delayUs += forced.moreUs ?? 0;
  if (forced.loss === true) {
    lose(world.network, envelope.source, envelope.target, 'dropped by an edit');
  }
  const after = forced.copyAfterUs ?? (forced.duplicate === true ? 0 : -1);
  if (after >= 0) decision.copyDelayUs = decision.delayUs + after;
  return decision;
}

/** What an edit says that a message says: a copy, which the digest covers. */
function bodyOf(world: World, hi: number, lo: number): Body | undefined {
  const bodies = world.edits?.bodies;
  if (bodies === undefined || bodies.size === 0) return undefined;
  const found = bodies.get(hex64(hi, lo));
  if (found === undefined) return undefined;
  world.applied.add(found.position);
  return world.scratch.isolator.copy(found.body);
}

function forcedOf(world: World, hi: number, lo: number): Forced | undefined {
  const messages = world.edits?.messages;
  if (messages === undefined || messages.size === 0) return undefined;
  const found = messages.get(hex64(hi, lo));
  if (found === undefined) return undefined;
  for (const position of found.positions) world.applied.add(position);
  return found;
}
