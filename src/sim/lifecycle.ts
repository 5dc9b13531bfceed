// Nodes' lives: start, crash, restart, pause, resume, join, leave. A start is an event; what ends a
// life happens at once.
import { drawBits, Key, keyOf } from '../kernel/key.js';
import { noSlot } from '../kernel/queue.js';
import type { LostWrites } from '../nemesis/fault.js';
import { breakConnection, peersOf } from '../network/connections.js';
import { type NodeId, numbered } from '../node/message.js';
import { crash as crashDisk } from './disk.js';
import { choiceAt } from './edit-index.js';
import { markOdd, programAt } from './parties.js';
import { kinds } from './schedule.js';
import { disconnect, transmit } from './transmit.js';
import { type NodeState, touch, type World } from './world.js';

/** Words that go into keys: of a set-up request, and of what a crash does to a disk. */
const setupWord = 0x7b;
const diskWord = 0x7c;

/** The name of the party that sends set-up requests. As a client's, it starts with `c`. */
export const administrator = 'c-admin';

/** Schedules the start of a node, now. Its incarnation counts up when it begins. */
export function scheduleStart(world: World, node: NodeState, cause: number): void {
  const { queue, spec } = world;
  const { hi, lo } = keyOf(spec.seed, 'start', node.name, node.incarnation + 1);
  node.starting = queue.add(queue.nowUs, kinds.start, node.index, 0, hi, lo, cause, undefined);
}

/** Schedules the workload's set-up request (a topology, say) for each of `nodes` that has one. */
export function scheduleSetup(world: World, nodes: readonly NodeId[]): void {
  const { clients } = world.spec;
  const requests = clients?.workload.setup?.(world.members, clients.options);
  if (requests === undefined) return;
  const source = world.partyOf.get(administrator) as number;
  const { isolator, key, hi, lo } = world.scratch;
  for (const name of nodes) {
    const body = requests.get(name);
    const target = world.parties[world.partyOf.get(name) ?? -1];
    if (body === undefined || target?.node === undefined) continue;
    if (target.node.status === 'down') continue; // It gets one when it starts.
    const request = numbered(body, target.node.incarnation + 1);
    const copy = isolator.copy(request);
    const { index } = target;
    key.derive(hi, lo, setupWord, world.roster.keyHi(index), world.roster.keyLo(index));
    const cause = world.events;
    transmit(world, { source, target: index, body: copy, hi: key.hi, lo: key.lo, cause });
  }
}

/** Ends a node's life at once. `fault` is the one to blame; −1: the node itself. */
export function crashNode(
  world: World,
  node: NodeState,
  lost: LostWrites,
  fault: number,
  hi: number,
  lo: number,
): void {
  if (node.status === 'left' || node.status === 'down') {
    return stayDown(world, node, fault);
  }
  const ids = world.timers.idsOf(node.index);
  const { roster } = world;
  const key = new Key();
  key.derive(hi, lo, diskWord, roster.keyHi(node.index), roster.keyLo(node.index));
  const lostWrites = crashDisk(node.disk, lost, (pending) => {
    const forced = choiceAt(world, `survivors/${node.name}`);
    return forced === undefined ? drawBits(key.hi, key.lo, 0) % pending : Number(forced);
  });
  if (ids.length + lostWrites + node.held.length > 0 || roster.hasHandled(node.index)) {
    touch(world, fault);
  }
  programAt(world, node.index).protocol.hosted?.ended(node.name);
  node.status = 'down';
  node.downBy = fault < 0 ? [] : [fault];
  roster.states[node.index] = undefined;
  node.reached.clear();
  for (const id of ids) withdraw(world, node, world.timers.take(node.index, id));
  turnAway(world, node);
  markOdd(world, node);
  breakConnections(world, node, hi, lo);
}

/** A crash strikes a node that is down: it stays down for as long as that one lasts, too. */
function stayDown(world: World, node: NodeState, fault: number): void {
  if (fault < 0 || node.status === 'left') return;
  if (node.downBy.length > 0 || node.starting !== noSlot) node.downBy.push(fault);
  if (node.starting !== noSlot) world.queue.remove(node.starting);
  node.starting = noSlot;
}

/** What waits for a node that has crashed goes back into the queue, now, and finds it down. */
function turnAway(world: World, node: NodeState): void {
  const { queue } = world;
  const { admitted, held } = node;
  node.admitted = 0;
  node.held = [];
  if (admitted !== noSlot) queue.move(admitted, queue.nowUs);
  for (const slot of held) queue.putBack(slot, queue.nowUs);
}

/**
 * Whether an event in `slot` has to wait, because its node is paused or busy, or others wait for
 * it already; then it has been put aside. A node serves what waits in the order of arrival, one in
 * `serviceUs`: the first of them is in the queue again, the others are in `held`.
 */
export function mustWait(world: World, node: NodeState, slot: number): boolean {
  const isFirst = node.admitted === slot;
  if (isFirst) node.admitted = noSlot;
  if (node.status === 'paused') {
    if (isFirst) node.held.unshift(slot);
    else node.held.push(slot);
    touchAll(world, node, 'pause');
    return true;
  }
  if (node.status !== 'up') return false;
  const { nowUs } = world.queue;
  if (node.admitted !== noSlot || (!isFirst && nowUs < node.busyUntilUs)) {
    node.held.push(slot);
    touchAll(world, node, 'slow-node');
    letIn(world, node);
    return true;
  }
  if (node.serviceUs > 0) node.busyUntilUs = nowUs + node.serviceUs;
  letIn(world, node);
  if (isFirst) markOdd(world, node);
  return false;
}

/** Lets in the first of those that wait, as soon as the node is free, if it is up at all. */
export function letIn(world: World, node: NodeState): void {
  if (node.status !== 'up' || node.admitted !== noSlot) return;
  const first = node.held.shift();
  if (first === undefined) return;
  node.admitted = first;
  world.queue.putBack(first, Math.max(world.queue.nowUs, node.busyUntilUs));
}

/** Removes an event that may wait for the node: a timer that is cleared. */
export function withdraw(world: World, node: NodeState, slot: number): void {
  const waiting = node.held.indexOf(slot);
  if (waiting >= 0) {
    node.held.splice(waiting, 1);
    world.queue.release(slot);
    return;
  }
  world.queue.remove(slot);
  if (node.admitted !== slot) return;
  node.admitted = noSlot;
  letIn(world, node);
}

function touchAll(world: World, node: NodeState, f: 'pause' | 'slow-node'): void {
  for (const { fault, what } of node.afflictions) if (what.f === f) touch(world, fault);
}

function breakConnections(world: World, node: NodeState, hi: number, lo: number): void {
  if (world.spec.network.transport !== 'connection') return;
  const { connections } = world.network;
  for (const peer of peersOf(connections, node.index, world.parties.length)) {
    breakConnection(connections, node.index, peer);
    // Of the two, one that is down hears of nothing; the node itself is.
    if (world.parties[peer]?.node?.status === 'down') continue;
    disconnect(world, node.index, peer, hi, lo);
  }
}
