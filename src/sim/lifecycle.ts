// Nodes' lives: start, crash, restart, pause, resume, join, leave. A start is an event; what ends a
// life happens at once.
import { keyOf } from '../kernel/key.js';
import type { LostWrites } from '../nemesis/fault.js';
import { breakConnection, peersOf } from '../network/connections.js';
import type { NodeId } from '../node/message.js';
import { crash as crashDisk } from './disk.js';
import { markOdd } from './parties.js';
import { kinds } from './schedule.js';
import { disconnect } from './transmit.js';
import { type NodeState, touch, type World } from './world.js';

/** The name of the party that sends set-up requests. As a client's, it starts with `c`. */
export const administrator = 'c-admin';

/** Schedules the start of a node, now. Its incarnation counts up when it begins. */
export function scheduleStart(world: World, node: NodeState, cause: number): void {
  const { hi, lo } = keyOf(world.spec.seed, 'start', node.name, node.incarnation + 1);
  world.queue.add(world.queue.nowUs, kinds.start, node.index, 0, hi, lo, cause, undefined);
}

/** Schedules the workload's set-up request (a topology, say) for each of `nodes` that has one. */
export function scheduleSetup(world: World, nodes: readonly NodeId[]): void {
  const { clients, seed } = world.spec;
  const requests = clients?.workload.setup?.(world.members, clients.options);
  if (requests === undefined) return;
  const source = world.partyOf.get(administrator) as number;
  for (const name of nodes) {
    const body = requests.get(name);
    const target = world.parties[world.partyOf.get(name) ?? -1];
    if (body === undefined || target?.node === undefined) continue;
    const { hi, lo } = keyOf(seed, 'setup', name, target.node.incarnation, world.members.join());
    const request = { ...body, msg_id: target.node.incarnation + 1 };
    world.counts.clients.sent++;
    const copy = world.scratch.isolator.copy(request);
    const { nowUs } = world.queue;
    const cause = world.events;
    world.queue.add(nowUs, kinds.deliver, target.index, source, hi, lo, cause, copy);
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
  if (node.status === 'down' || node.status === 'left') return;
  const ids = world.timers.idsOf(node.index);
  const lostWrites = crashDisk(node.disk, lost, hi, lo);
  if (ids.length + lostWrites + node.held.length > 0 || world.roster.hasHandled(node.index)) {
    touch(world, fault);
  }
  node.status = 'down';
  node.downBy = fault;
  world.roster.states[node.index] = undefined;
  node.reached.clear();
  releaseHeld(world, node);
  markOdd(world, node);
  for (const id of ids) world.queue.remove(world.timers.take(node.index, id));
  breakConnections(world, node, hi, lo);
}

/** What waits for the node goes back into the queue, now; the loop then finds it paused, or not. */
export function releaseHeld(world: World, node: NodeState): void {
  const { held } = node;
  node.held = [];
  node.admitted = 0;
  for (const slot of held) world.queue.putBack(slot, world.queue.nowUs);
  markOdd(world, node);
}

/**
 * Whether an event in `slot` has to wait, because its node is paused or busy; then it has been put
 * aside. A slow node serves one event in `serviceUs`; the one let in next is back in the queue.
 */
export function mustWait(world: World, node: NodeState, slot: number): boolean {
  if (node.status === 'paused') {
    if (node.admitted === slot) node.held.unshift(slot);
    else node.held.push(slot);
    node.admitted = 0;
    touchAll(world, node, 'pause');
    return true;
  }
  if (node.status !== 'up' || node.serviceUs === 0) return false;
  const { nowUs } = world.queue;
  if (node.admitted === slot) {
    node.admitted = 0;
  } else if (node.admitted !== 0) {
    node.held.push(slot);
    touchAll(world, node, 'slow-node');
    return true;
  } else if (nowUs < node.busyUntilUs) {
    node.admitted = slot;
    world.queue.putBack(slot, node.busyUntilUs);
    touchAll(world, node, 'slow-node');
    return true;
  }
  node.busyUntilUs = nowUs + node.serviceUs;
  const next = node.held.shift();
  if (next !== undefined) {
    node.admitted = next;
    world.queue.putBack(next, node.busyUntilUs);
  }
  return false;
}

function touchAll(world: World, node: NodeState, f: 'pause' | 'slow-node'): void {
  for (const { fault, what } of node.afflictions) if (what.f === f) touch(world, fault);
}

function breakConnections(world: World, node: NodeState, hi: number, lo: number): void {
  if (world.spec.network.transport !== 'connection') return;
  const { connections } = world.network;
  for (const peer of peersOf(connections, node.index, world.parties.length)) {
    breakConnection(connections, node.index, peer);
    disconnect(world, node.index, peer, hi, lo);
  }
}
