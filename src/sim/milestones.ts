// Milestones: faults that wait for something to happen, then strike once. A fault's number follows
// from its place: planned faults first, then milestones, then faults by edit.
import { keyOf } from '../kernel/key.js';
import { type Fault, type Milestone, milestoneNode } from '../nemesis/fault.js';
import { programAt } from './parties.js';
import { kinds } from './schedule.js';
import { faultState, type MilestoneState, type NodeState, type World } from './world.js';

/** A note was made at `node`. */
export function noteReached(world: World, node: NodeState, text: string): void {
  for (const [index, milestone] of world.spec.milestones.entries()) {
    const { when } = milestone;
    if ('note' in when && text.startsWith(when.note)) reach(world, index, milestone, node);
  }
}

/** The state of `node` may have changed: predicates that became true have been reached. */
export function statesReached(world: World, node: NodeState): void {
  for (const [name, holds] of programAt(world, node.index).milestones) {
    const before = node.reached.has(name);
    if (!holds(world.roster.states[node.index])) {
      if (before) node.reached.delete(name);
      continue;
    }
    if (before) continue;
    node.reached.add(name);
    for (const [index, milestone] of world.spec.milestones.entries()) {
      const { when } = milestone;
      if ('state' in when && when.state === name) reach(world, index, milestone, node);
    }
  }
}

function reach(world: World, index: number, milestone: Milestone, node: NodeState): void {
  const state = world.milestones[index] as MilestoneState;
  if (milestone.node !== undefined && milestone.node !== node.name) return;
  if (world.phase !== 'main' || ++state.count !== milestone.count) return;
  const { nowUs } = world.queue;
  state.reachedUs = nowUs;
  const number = world.faults.length;
  const { id, forUs } = milestone;
  const fault = named(milestone.fault, node.name);
  world.faults.push(faultState(id, fault, forUs));
  const key = keyOf(world.spec.seed, 'fault', id);
  const atUs = nowUs + milestone.afterUs;
  world.queue.add(atUs, kinds.fault, number, 0, key.hi, key.lo, world.events, undefined);
}

/** The fault with the node of the milestone in the place of its stand-in. */
function named(fault: Fault, node: string): Fault {
  return replaceIn(fault, node) as Fault;
}

function replaceIn(value: unknown, node: string): unknown {
  if (value === milestoneNode) return node;
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, node));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, replaceIn(inner, node)]);
  return Object.fromEntries(entries);
}
