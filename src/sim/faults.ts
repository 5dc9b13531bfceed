// What each fault does to a world when it strikes and when it ends. Link faults become rules of the
// network, node faults afflictions of nodes; what a node is like is derived from all that lie on
// it, so overlapping faults end each on its own.
import { unreachable } from '../kernel/assert.js';
import { Key } from '../kernel/key.js';
import { hex64 } from '../kernel/mix.js';
import { noSlot } from '../kernel/queue.js';
import type { Micros } from '../kernel/time.js';
import { type Fault, instantaneous, type LostWrites } from '../nemesis/fault.js';
import { setRules } from '../network/network.js';
import type { Rule } from '../network/rules.js';
import type { NodeId } from '../node/message.js';
import { addDrift } from './clock.js';
import { crashNode, letIn, scheduleSetup, scheduleStart } from './lifecycle.js';
import { relink, ruleOf } from './links.js';
import { addNode, markOdd, nodeNamed } from './parties.js';
import { kinds, tagged } from './schedule.js';
import { forward } from './transmit.js';
import { type FaultState, faultState, type NodeState, touch, type World } from './world.js';

/** The fault with this number strikes now. */
export function strike(world: World, number: number): void {
  const state = world.faults[number] as FaultState;
  const { hi, lo } = world.scratch;
  state.startUs = world.queue.nowUs;
  if (world.watch !== undefined) world.watch.struck = true;
  begin(world, number, state.fault);
  if (instantaneous.has(state.fault.f)) state.endUs = world.queue.nowUs;
  if (state.forUs === undefined || state.endUs !== undefined) return;
  const key = new Key();
  key.derive(hi, lo, kinds.faultEnd, 0, 0);
  const atUs = world.queue.nowUs + state.forUs;
  world.queue.add(atUs, kinds.faultEnd, number, 0, key.hi, key.lo, world.events, undefined);
}

function begin(world: World, number: number, fault: Fault): void {
  switch (fault.f) {
    case 'partition':
    case 'cut':
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'slow-link':
      setRules(world.network, [...world.network.rules, ruleOf(world, number, fault)]);
      return;
    case 'heal':
      heal(world, number);
      return;
    case 'crash':
      for (const node of nodesOf(world, fault.nodes)) crash(world, node, number, fault.lost);
      return;
    case 'restart':
      for (const node of nodesOf(world, fault.nodes)) restart(world, node, number);
      return;
    case 'resume':
      for (const node of nodesOf(world, fault.nodes)) resume(world, node, number);
      return;
    case 'clock-jump':
      for (const node of nodesOf(world, fault.nodes)) jump(world, node, number, fault.byUs);
      return;
    case 'join':
      join(world, fault.nodes, number);
      return;
    case 'leave':
      leave(world, fault.nodes, number);
      return;
    case 'pause':
    case 'slow-node':
    case 'clock-offset':
    case 'clock-drift':
    case 'disk-slow':
    case 'disk-full':
    case 'disk-fail':
      for (const node of nodesOf(world, fault.nodes)) afflict(world, node, number, fault);
      return;
    default:
      unreachable(fault);
  }
}

/** The fault with this number ends now, if it has not already. */
export function endFault(world: World, number: number): void {
  const state = world.faults[number] as FaultState;
  if (state.startUs === undefined || state.endUs !== undefined) return;
  state.endUs = world.queue.nowUs;
  const { fault } = state;
  switch (fault.f) {
    case 'partition':
    case 'cut':
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'slow-link':
      removeRules(world, (rule) => rule.fault === number);
      return;
    case 'crash':
      for (const node of nodesOf(world, fault.nodes)) revive(world, node, number);
      return;
    case 'join':
      if (state.touched > 0) leave(world, fault.nodes, -1);
      return;
    case 'leave':
      if (state.touched > 0) join(world, fault.nodes, -1);
      return;
    case 'heal':
    case 'restart':
    case 'resume':
    case 'clock-jump':
      return;
    default:
      for (const node of nodesOf(world, fault.nodes)) relieve(world, node, number);
  }
}

/** Edits may put a fault right after the event at hand. */
export function strikeByEdit(world: World): void {
  if (world.edits?.faults.size === 0) return;
  const { hi, lo } = world.scratch;
  for (const { fault, forUs, position } of world.edits?.faults.get(hex64(hi, lo)) ?? []) {
    if (world.applied.has(position)) continue;
    world.applied.add(position);
    const number = world.faults.length;
    world.faults.push(faultState(`edit-${position}`, fault, forUs));
    strike(world, number);
  }
}

/** The main phase is over: every fault ends, every service and every member is up. */
export function endAllFaults(world: World): void {
  for (let number = 0; number < world.faults.length; number++) {
    const { f } = (world.faults[number] as FaultState).fault;
    if (f !== 'join' && f !== 'leave') endFault(world, number);
  }
  for (const name of [...world.spec.services.map((service) => service.name), ...world.members]) {
    const node = nodeNamed(world, name);
    if (node?.status === 'down') restart(world, node, -1);
  }
}

function removeRules(world: World, ended: (rule: Rule) => boolean): void {
  setRules(
    world.network,
    world.network.rules.filter((rule) => !ended(rule)),
  );
  releaseMessages(world);
}

/** Ends every fault of links; the heal is effective if there was one. */
function heal(world: World, number: number): void {
  const active = new Set(world.network.rules.map((rule) => rule.fault));
  if (active.size > 0) touch(world, number);
  for (const fault of active) (world.faults[fault] as FaultState).endUs = world.queue.nowUs;
  removeRules(world, () => true);
}

/**
 * Messages that no cut holds any longer go on, in the order in which they were sent. Those that
 * were on their way already when the link was cut arrive at once, if nothing else stops them.
 */
function releaseMessages(world: World): void {
  const { heldMessages, queue } = world;
  world.heldMessages = [];
  for (const waiting of heldMessages) {
    const { source, target, body, hi, lo, cause, epoch } = waiting;
    if (epoch === undefined) forward(world, { ...waiting });
    else queue.add(queue.nowUs, tagged(kinds.deliver, epoch), target, source, hi, lo, cause, body);
  }
}

function crash(world: World, node: NodeState, number: number, lost: LostWrites): void {
  const { hi, lo } = world.scratch;
  crashNode(world, node, lost, number, hi, lo);
}

function jump(world: World, node: NodeState, number: number, byUs: Micros): void {
  node.clock.offsetUs += byUs;
  node.jumps.push(number);
  markOdd(world, node);
}

/** A crash is over; the node starts again unless another one keeps it down. */
function revive(world: World, node: NodeState, number: number): void {
  const others = node.downBy.filter((fault) => fault !== number);
  if (others.length === node.downBy.length) return;
  node.downBy = others;
  if (others.length === 0) restart(world, node, -1);
}

function restart(world: World, node: NodeState, number: number): void {
  if (node.status !== 'down' || node.starting !== noSlot) return;
  touch(world, number);
  node.downBy = [];
  scheduleStart(world, node, world.events);
}

function resume(world: World, node: NodeState, number: number): void {
  if (node.status === 'paused') touch(world, number);
  for (const { fault, what } of [...node.afflictions]) {
    if (what.f === 'pause') relieve(world, node, fault);
  }
}

function afflict(world: World, node: NodeState, fault: number, what: Fault): void {
  node.afflictions.push({ fault, what });
  if (what.f === 'clock-offset') node.clock.offsetUs += what.offsetUs;
  if (what.f === 'clock-drift') addDrift(node.clock, what.ppm, world.queue.nowUs);
  derive(world, node);
}

function relieve(world: World, node: NodeState, fault: number): void {
  const ended = node.afflictions.find((affliction) => affliction.fault === fault);
  if (ended === undefined) return;
  node.afflictions = node.afflictions.filter((affliction) => affliction !== ended);
  const { what } = ended;
  if (what.f === 'clock-offset') node.clock.offsetUs -= what.offsetUs;
  if (what.f === 'clock-drift') {
    addDrift(node.clock, -what.ppm, world.queue.nowUs);
    node.jumps.push(fault); // What the clock has gained it keeps.
  }
  derive(world, node);
}

/** Pause and service time follow from what lies on the node; what waits is let in when it may. */
function derive(world: World, node: NodeState): void {
  let paused = false;
  node.serviceUs = 0;
  for (const { what } of node.afflictions) {
    if (what.f === 'pause') paused = true;
    if (what.f === 'slow-node') node.serviceUs += what.serviceUs;
  }
  if (node.status === 'up' || node.status === 'paused') node.status = paused ? 'paused' : 'up';
  letIn(world, node);
  markOdd(world, node);
}

function join(world: World, names: readonly NodeId[], number: number): void {
  for (const name of names) {
    if (world.members.includes(name)) continue;
    touch(world, number);
    const node = nodeNamed(world, name) ?? addNode(world, name);
    world.members = Object.freeze([...world.members, name]);
    node.status = 'down';
    scheduleStart(world, node, world.events);
  }
  relink(world);
  scheduleSetup(world, world.members);
}

function leave(world: World, names: readonly NodeId[], number: number): void {
  const { hi, lo } = world.scratch;
  for (const node of nodesOf(world, names)) {
    if (!world.members.includes(node.name)) continue;
    touch(world, number);
    world.members = Object.freeze(world.members.filter((name) => name !== node.name));
    crashNode(world, node, 'none', number, hi, lo);
    node.status = 'left';
    markOdd(world, node);
  }
  scheduleSetup(world, world.members);
}

function nodesOf(world: World, names: readonly NodeId[]): NodeState[] {
  return names.flatMap((name) => nodeNamed(world, name) ?? []);
}
