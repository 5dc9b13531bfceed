// What each fault does to a world when it strikes and when it ends. Link faults become rules of the
// network, node faults afflictions of nodes; what a node is like is derived from all that lie on
// it, so overlapping faults end each on its own.
import { unreachable } from '../kernel/assert.js';
import { Key } from '../kernel/key.js';
import { hex64 } from '../kernel/mix.js';
import type { Micros } from '../kernel/time.js';
import type { Fault, Links, LostWrites } from '../nemesis/fault.js';
import { setRules } from '../network/network.js';
import { type LinkSet, linkOf, type Rule } from '../network/rules.js';
import type { NodeId } from '../node/message.js';
import { addDrift } from './clock.js';
import { crashNode, releaseHeld, scheduleSetup, scheduleStart } from './lifecycle.js';
import { addNode, markOdd, nodeNamed } from './parties.js';
import { kinds } from './schedule.js';
import { forward } from './transmit.js';
import { type FaultState, faultState, type NodeState, touch, type World } from './world.js';

/** The fault with this number strikes now. */
export function strike(world: World, number: number): void {
  const state = world.faults[number] as FaultState;
  const { hi, lo } = world.scratch;
  state.startUs = world.queue.nowUs;
  begin(world, number, state.fault);
  if (state.forUs === undefined) return;
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
      for (const node of nodesOf(world, fault.nodes)) {
        if (node.downBy === number) restart(world, node, -1);
      }
      return;
    case 'join':
      leave(world, fault.nodes, -1);
      return;
    case 'leave':
      join(world, fault.nodes, -1);
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
  const { hi, lo } = world.scratch;
  for (const { fault, forUs, position } of world.edits?.faults.get(hex64(hi, lo)) ?? []) {
    if (world.applied.has(position)) continue;
    world.applied.add(position);
    const number = world.faults.length;
    world.faults.push(faultState(`edit-${position}`, fault, forUs));
    strike(world, number);
  }
}

/** The main phase is over: every fault ends, every member is up. */
export function endAllFaults(world: World): void {
  for (let number = 0; number < world.faults.length; number++) {
    const { f } = (world.faults[number] as FaultState).fault;
    if (f !== 'join' && f !== 'leave') endFault(world, number);
  }
  for (const name of world.members) {
    const node = nodeNamed(world, name);
    if (node?.status === 'down') restart(world, node, -1);
  }
}

function ruleOf(
  world: World,
  fault: number,
  what: Extract<Fault, { f: 'partition' | 'cut' | 'loss' | 'duplicate' | 'reorder' | 'slow-link' }>,
): Rule {
  switch (what.f) {
    case 'partition':
      return { fault, links: between(world, what.components), does: cutBy(what.mode) };
    case 'cut':
      return { fault, links: pairs(world, what.links), does: cutBy(what.mode) };
    case 'loss':
    case 'duplicate':
      return { fault, links: pairs(world, what.links), does: { kind: what.f, ppm: what.ppm } };
    case 'reorder': {
      const { ppm, windowUs } = what;
      return { fault, links: pairs(world, what.links), does: { kind: 'reorder', ppm, windowUs } };
    }
    case 'slow-link': {
      const { factor, extraUs } = what;
      return { fault, links: pairs(world, what.links), does: { kind: 'slow', factor, extraUs } };
    }
  }
}

function cutBy(mode: 'drop' | 'hold'): Rule['does'] {
  return { kind: mode };
}

/** Groups by party number; nodes that no component names are one group more, clients none. */
function between(world: World, components: readonly (readonly NodeId[])[]): LinkSet {
  const groups = world.parties.map((party) => (party.isClient ? -1 : components.length));
  for (const [group, names] of components.entries()) {
    for (const name of names) groups[world.partyOf.get(name) ?? groups.length] = group;
  }
  return { kind: 'between', groups };
}

function pairs(world: World, links: Links): LinkSet {
  const numberOf = (name: NodeId): number =>
    name === '*' ? -1 : (world.partyOf.get(name) ?? world.parties.length);
  if (links.some(([from, to]) => from === '*' && to === '*')) return { kind: 'all' };
  return {
    kind: 'pairs',
    pairs: new Set(links.map(([from, to]) => linkOf(numberOf(from), numberOf(to)))),
  };
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

/** Messages that no cut holds any longer go on, in the order in which they were sent. */
function releaseMessages(world: World): void {
  const held = world.heldMessages;
  world.heldMessages = [];
  for (const waiting of held) forward(world, { ...waiting });
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

function restart(world: World, node: NodeState, number: number): void {
  if (node.status !== 'down') return;
  touch(world, number);
  node.downBy = -1;
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
  if (what.f === 'clock-drift') addDrift(node.clock, -what.ppm, world.queue.nowUs);
  derive(world, node);
}

/** Pause and service time follow from what lies on the node; what waited is let go when it may. */
function derive(world: World, node: NodeState): void {
  let paused = false;
  node.serviceUs = 0;
  for (const { what } of node.afflictions) {
    if (what.f === 'pause') paused = true;
    if (what.f === 'slow-node') node.serviceUs += what.serviceUs;
  }
  markOdd(world, node);
  if (node.status !== 'up' && node.status !== 'paused') return;
  node.status = paused ? 'paused' : 'up';
  markOdd(world, node);
  if (!paused) releaseHeld(world, node);
}

function join(world: World, names: readonly NodeId[], number: number): void {
  for (const name of names) {
    if (world.members.includes(name)) continue;
    touch(world, number);
    const node = nodeNamed(world, name) ?? addNode(world, name);
    world.members = [...world.members, name];
    node.status = 'down';
    scheduleStart(world, node, world.events);
  }
  scheduleSetup(world, world.members);
}

function leave(world: World, names: readonly NodeId[], number: number): void {
  const { hi, lo } = world.scratch;
  for (const node of nodesOf(world, names)) {
    if (!world.members.includes(node.name)) continue;
    touch(world, number);
    world.members = world.members.filter((name) => name !== node.name);
    crashNode(world, node, 'none', number, hi, lo);
    node.status = 'left';
    markOdd(world, node);
  }
  scheduleSetup(world, world.members);
}

function nodesOf(world: World, names: readonly NodeId[]): NodeState[] {
  return names.flatMap((name) => nodeNamed(world, name) ?? []);
}
