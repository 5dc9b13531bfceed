// The one loop. Takes the next event, lets its node handle it, applies what the handler recorded,
// and chains the event into the digest. Everything that happens in a world happens in `step`.
import { A, B, CAUSE, KEY_HI, KEY_LO, KIND, noSlot, slotWords } from '../kernel/queue.js';
import { breakConnection, epochOf } from '../network/connections.js';
import { cutOf } from '../network/network.js';
import type { Message } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import { applyEffects, type SyncPayload } from './apply.js';
import { beginFinal, opDue, receive, timedOut } from './clients.js';
import { forget, makeDurable } from './disk.js';
import { endAllFaults, endFault, strike, strikeByEdit } from './faults.js';
import { handle } from './handle.js';
import { crashNode, mustWait } from './lifecycle.js';
import { observe } from './observe.js';
import { kindOf, tagOf } from './schedule.js';
import { startNode } from './start.js';
import { kinds, type NodeState, type Party, touch, type World } from './world.js';

/**
 * Runs one event. False when the run is over (`world.end` says why). Throws `DeterminismError` in
 * strict mode; what protocols throw is recorded, not thrown.
 */
export function step(world: World): boolean {
  const slot = next(world);
  if (slot === noSlot) return false;
  const { queue, scratch } = world;
  const { words } = queue;
  const at = slot * slotWords;
  const tag = words[at + KIND] as number;
  const a = words[at + A] as number;
  const b = words[at + B] as number;
  const cause = words[at + CAUSE] as number;
  const payload = queue.payloads[slot];
  scratch.hi = words[at + KEY_HI] as number;
  scratch.lo = words[at + KEY_LO] as number;
  queue.release(slot);
  scratch.isolator.hash = 0;
  scratch.outcome = '';
  const kind = kindOf(tag);
  dispatch(world, kind, tagOf(tag), a, b, payload);
  if (world.edits !== undefined) strikeByEdit(world);
  conclude(world, kind, a, b);
  if (world.trace !== undefined) {
    world.trace.push(queue.nowUs, kind, a, b, cause, world.digest.lo);
  }
  if (world.observer !== undefined) observe(world, kind, a, b, cause, payload);
  world.events++;
  return true;
}

/** Runs up to `count` events; true while the run goes on. */
export function advance(world: World, count: number): boolean {
  for (let i = 0; i < count; i++) if (!step(world)) return false;
  return true;
}

/** The slot of the next event that can happen now; those that have to wait are put aside. */
function next(world: World): number {
  const { queue, spec } = world;
  const { limits } = spec;
  if (world.end !== undefined) return noSlot;
  if (world.events >= limits.eventsMax) world.end = 'events-limit';
  if (queue.size > limits.pendingMax) world.end = 'pending-limit';
  if (world.end !== undefined) return noSlot;
  for (;;) {
    const slot = queue.take();
    if (slot === noSlot) {
      world.end = 'done';
      return noSlot;
    }
    const tag = queue.words[slot * slotWords + KIND] as number;
    if (!waits(kindOf(tag))) return slot;
    const party = queue.words[slot * slotWords + A] as number;
    if (!world.roster.isOdd(party)) return slot;
    if (!mustWait(world, nodeAt(world, party), slot)) return slot;
  }
}

/** Whether events of this kind happen at a node and can be made to wait there. */
function waits(kind: number): boolean {
  return kind >= kinds.deliver && kind <= kinds.disconnected;
}

function nodeAt(world: World, party: number): NodeState {
  return world.parties[party]?.node as NodeState;
}

function dispatch(
  world: World,
  kind: number,
  tag: number,
  a: number,
  b: number,
  payload: unknown,
): void {
  switch (kind) {
    case kinds.deliver:
      return deliver(world, tag, a, b, payload as Message);
    case kinds.timer:
      return fire(world, a, b, payload as Timer);
    case kinds.synced:
      return synced(world, tag, a, payload as SyncPayload);
    case kinds.disconnected:
      return disconnected(world, tag, a, b);
    case kinds.start:
      return startNode(world, nodeAt(world, a));
    case kinds.invoke:
      return opDue(world, a);
    case kinds.timeout:
      return timedOut(world, a, b);
    case kinds.fault:
      return plannedFault(world, a);
    case kinds.faultEnd:
      return endFault(world, a);
    case kinds.phase:
      return turnPhase(world);
  }
}

function deliver(
  world: World,
  epoch: number,
  target: number,
  source: number,
  message: Message,
): void {
  const { counts, roster } = world;
  const toClient = roster.isClient(target);
  const count = toClient || roster.isClient(source) ? counts.clients : counts.servers;
  if (!world.network.quiet && !passes(world, epoch, target, source, message)) {
    if (world.scratch.outcome !== 'held') count.dropped++;
    return;
  }
  if (roster.isOdd(target) && isAway(world, target)) {
    count.dropped++;
    return;
  }
  count.delivered++;
  if (toClient) return receive(world, world.parties[target] as Party, message);
  const handler = world.program.on.get(message.body.type);
  if (handler !== undefined) return handle(world, target, handler, message);
  const { type } = message.body;
  world.unhandled.set(type, (world.unhandled.get(type) ?? 0) + 1);
}

/** Whether a message meets nobody, because its node is down or has left. */
function isAway(world: World, target: number): boolean {
  const node = nodeAt(world, target);
  if (node.status === 'up') return false;
  world.scratch.outcome = node.status === 'left' ? 'the node has left' : 'the node is down';
  touch(world, node.downBy);
  return true;
}

/** Whether the link is still open when the message arrives, and its connection alive. */
function passes(
  world: World,
  epoch: number,
  target: number,
  source: number,
  message: Message,
): boolean {
  const { network, scratch } = world;
  const connected = network.spec.transport === 'connection' && epoch > 0;
  if (connected && epochOf(network.connections, source, target) !== epoch) {
    scratch.outcome = 'its connection broke';
    return false;
  }
  const { roster } = world;
  const toClient = roster.isClient(source) || roster.isClient(target);
  if (toClient && network.spec.clients === 'instant') return true;
  const cut = cutOf(network, source, target);
  if (cut === undefined) return true;
  touch(world, cut.fault);
  const { hi, lo } = scratch;
  if (cut.does.kind === 'hold') {
    scratch.outcome = 'held';
    world.heldMessages.push({ source, target, message, hi, lo, cause: world.events });
    return false;
  }
  scratch.outcome = 'the link is cut';
  if (connected) breakConnection(network.connections, source, target);
  return false;
}

function fire(world: World, index: number, id: number, timer: Timer): void {
  world.timers.take(index, id);
  const handler = world.program.timers.get(timer.type);
  if (handler !== undefined) return handle(world, index, handler, timer);
  world.unhandled.set(timer.type, (world.unhandled.get(timer.type) ?? 0) + 1);
}

function synced(
  world: World,
  incarnation: number,
  index: number,
  { done, count, refused }: SyncPayload,
): void {
  const node = nodeAt(world, index);
  if (node.status !== 'up' || node.incarnation !== incarnation) {
    world.scratch.outcome = 'the node is down';
    return;
  }
  const error = syncError(world, node, refused);
  if (error === 'failed') forget(node.disk, count);
  else makeDurable(node.disk, count);
  const handler = world.program.timers.get(done.type);
  if (error === undefined) {
    if (handler !== undefined) handle(world, index, handler, done);
    return;
  }
  world.scratch.outcome = error;
  const { diskFailed } = world.program.protocol;
  if (diskFailed === undefined) {
    const { hi, lo } = world.scratch;
    return crashNode(world, node, 'none', -1, hi, lo);
  }
  handle(world, index, (state, failed, ctx) => diskFailed(state, failed, error, ctx), done);
}

function syncError(
  world: World,
  node: NodeState,
  refused: boolean,
): 'full' | 'failed' | undefined {
  for (const { fault, what } of node.afflictions) {
    if (what.f !== 'disk-fail') continue;
    if (!world.scratch.random.rekey(world.scratch.hi, world.scratch.lo).chance(what.ppm)) continue;
    touch(world, fault);
    return 'failed';
  }
  return refused ? 'full' : undefined;
}

function disconnected(world: World, incarnation: number, index: number, peer: number): void {
  const node = nodeAt(world, index);
  const { disconnected: handler } = world.program.protocol;
  if (handler === undefined || node.status !== 'up' || node.incarnation !== incarnation) return;
  handle(world, index, handler, world.roster.names[peer]);
}

function plannedFault(world: World, number: number): void {
  const omitted = world.edits?.omittedFaults.get(world.faults[number]?.id ?? '');
  if (omitted !== undefined) world.applied.add(omitted);
  else if (world.phase === 'main') strike(world, number);
}

/** main → recovery (all faults end, all members start) → final reads → done. */
function turnPhase(world: World): void {
  if (world.phase === 'main') {
    world.phase = 'recovery';
    for (const worker of world.workers) worker.backlog = [];
    endAllFaults(world);
  } else {
    world.phase = 'final';
    beginFinal(world);
  }
}

/** Chains the event into the digest. */
function conclude(world: World, kind: number, a: number, b: number): void {
  const { digest, queue, scratch } = world;
  const { hi, lo, isolator, outcome } = scratch;
  const key = hi ^ Math.imul(lo, 0x9e3779b9);
  digest.words(kind ^ (a << 4) ^ (b << 20), queue.nowUs | 0, key, isolator.hash ^ outcome.length);
}
