// What each kind of event is: a message arrives, a timer fires, a sync completes, a connection
// breaks, a node starts, an operation is due or timed out, a fault begins or ends, a phase turns.
import { drawBits } from '../kernel/key.js';
import { hex64 } from '../kernel/mix.js';
import { share } from '../kernel/random.js';
import { breakConnection, epochOf } from '../network/connections.js';
import { cutOf } from '../network/network.js';
import type { Body } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import type { SyncPayload } from './apply.js';
import { beginFinal, opDue, receive, timedOut } from './clients.js';
import { forget, makeDurable } from './disk.js';
import { choiceAt } from './edit-index.js';
import { endAllFaults, endFault, strike } from './faults.js';
import { handle } from './handle.js';
import { crashNode } from './lifecycle.js';
import { messageOf, programAt } from './parties.js';
import { handlerOf, timerHandlerOf } from './program.js';
import { kinds } from './schedule.js';
import { startNode } from './start.js';
import { disconnect } from './transmit.js';
import { type HeldMessage, type NodeState, type Party, touch, type World } from './world.js';

/** Beyond the draws of the handler that is told: see the network's salts. */
const diskFailSalt = 0x4000_0010;

function nodeAt(world: World, party: number): NodeState {
  return world.parties[party]?.node as NodeState;
}

/**
 * Lets the event happen that the queue gave out: its kind, its tag, and what it is about. What it
 * leads to is in the queue afterwards, what became of it in `scratch.outcome`.
 */
export function happen(
  world: World,
  kind: number,
  tag: number,
  a: number,
  b: number,
  payload: unknown,
): void {
  switch (kind) {
    case kinds.deliver:
      return deliver(world, tag, a, b, payload as Body);
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

function deliver(world: World, epoch: number, target: number, source: number, body: Body): void {
  const { counts, journal, roster, scratch } = world;
  const toClient = roster.isClient(target);
  const count = toClient || roster.isClient(source) ? counts.clients : counts.servers;
  const arrives = reaches(world, epoch, target, source, body);
  if (journal !== undefined) {
    const { hi, lo, outcome } = scratch;
    const { src, dest } = messageOf(world, source, target, body);
    journal.arrived({ src, dest, body, hi, lo, atUs: world.queue.nowUs }, outcome);
  }
  if (!arrives) {
    if (scratch.outcome !== 'held') count.dropped++;
    return;
  }
  count.delivered++;
  if (toClient) return receive(world, world.parties[target] as Party, body);
  const handler = handlerOf(programAt(world, target), body.type);
  if (handler === undefined) return unhandled(world, body.type);
  handle(world, target, handler, messageOf(world, source, target, body));
}

/** Whether a message comes to somebody; if it does not, `scratch.outcome` says why. */
function reaches(world: World, epoch: number, target: number, source: number, body: Body): boolean {
  if (!world.network.quiet && !passes(world, epoch, target, source, body)) return false;
  if (!world.roster.isOdd(target) || !isAway(world, target)) return true;
  if (epoch > 0) breakUp(world, source, target); // Refused, as a machine without a listener does.
  return false;
}

/** The protocol has no handler for it: counted, and nothing happens. */
function unhandled(world: World, type: string): void {
  world.unhandled.set(type, (world.unhandled.get(type) ?? 0) + 1);
}

/** Whether a message meets nobody, because its node is down or has left. */
function isAway(world: World, target: number): boolean {
  const node = nodeAt(world, target);
  if (node.status === 'up') return false;
  world.scratch.outcome = node.status === 'left' ? 'the node has left' : 'the node is down';
  touch(world, node.downBy[0] ?? -1);
  return true;
}

/** Whether the link is still open when the message arrives, and its connection alive. */
function passes(world: World, epoch: number, target: number, source: number, body: Body): boolean {
  const { network, scratch } = world;
  if (world.edits !== undefined && isForced(world)) return true;
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
    hold(world, { source, target, body, hi, lo, cause: world.events, epoch });
    return false;
  }
  scratch.outcome = 'the link is cut';
  if (connected) breakUp(world, source, target);
  return false;
}

/** Breaks a connection and tells both ends. */
function breakUp(world: World, source: number, target: number): void {
  const { hi, lo } = world.scratch;
  breakConnection(world.network.connections, source, target);
  disconnect(world, source, target, hi, lo);
}

/** An edit says that this message is delivered, whatever the network would do to it. */
function isForced({ edits, scratch }: World): boolean {
  if (edits === undefined || edits.messages.size === 0) return false;
  return edits.messages.get(hex64(scratch.hi, scratch.lo))?.now === true;
}

/**
 * Keeps a message that was on its way. One of a connection goes ahead of those that were sent later
 * and held at once.
 */
function hold({ heldMessages }: World, message: HeldMessage): void {
  const { source, target, epoch } = message;
  const isLater = (other: HeldMessage): boolean =>
    other.epoch === undefined && other.source === source && other.target === target;
  const later = epoch === 0 ? -1 : heldMessages.findIndex(isLater);
  if (later < 0) heldMessages.push(message);
  else heldMessages.splice(later, 0, message);
}

function fire(world: World, index: number, id: number, timer: Timer): void {
  world.timers.take(index, id);
  const handler = timerHandlerOf(programAt(world, index), timer.type);
  if (handler === undefined) return unhandled(world, timer.type);
  handle(world, index, handler, timer);
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
  const program = programAt(world, index);
  const error = syncError(world, node, refused);
  if (error === 'failed') forget(node.disk, count);
  else makeDurable(node.disk, count);
  const handler = program.timers.get(done.type);
  if (error === undefined) {
    if (handler !== undefined) handle(world, index, handler, done);
    return;
  }
  world.scratch.outcome = error;
  const { diskFailed } = program.protocol;
  if (diskFailed === undefined) {
    const { hi, lo } = world.scratch;
    return crashNode(world, node, 'none', -1, hi, lo);
  }
  handle(world, index, (state, failed, ctx) => diskFailed(state, failed, error, ctx), done);
}

function syncError(world: World, node: NodeState, refused: boolean): 'full' | 'failed' | undefined {
  const forced = choiceAt(world, 'disk-fail');
  if (forced !== undefined) return forced === true ? 'failed' : refused ? 'full' : undefined;
  const { hi, lo } = world.scratch;
  let left = share(drawBits(hi, lo, diskFailSalt), 1_000_000);
  for (const { fault, what } of node.afflictions) {
    if (what.f !== 'disk-fail') continue;
    if (left < what.ppm) {
      touch(world, fault);
      return 'failed';
    }
    left -= what.ppm;
  }
  return refused ? 'full' : undefined;
}

function disconnected(world: World, incarnation: number, index: number, peer: number): void {
  const node = nodeAt(world, index);
  const { disconnected: handler } = programAt(world, index).protocol;
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
