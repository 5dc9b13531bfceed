// Parties: names and numbers of all who can send and receive.
import { keyOf } from '../kernel/key.js';
import type { Body, Message, NodeId } from '../node/message.js';
import { createClock } from './clock.js';
import { createDisk } from './disk.js';
import type { NodeState, Party, World } from './world.js';

/** Registers a party under the next number. A client's `worker` is whose it is; nodes have −1. */
export function addParty(
  world: Pick<World, 'parties' | 'partyOf' | 'roster'>,
  given: NodeId,
  node: NodeState | undefined,
  worker: number,
): Party {
  // A worker's clients share a key: what is sent to a later one does not depend on how many
  // operations came to nothing before.
  const { hi, lo } = worker < 0 ? keyOf('party', given) : keyOf('worker', worker);
  const name = interned(given);
  const index = world.parties.length;
  const isClient = node === undefined;
  const party: Party = { name, index, isClient, node, worker };
  world.roster.add(name, isClient, hi, lo);
  world.parties.push(party);
  world.partyOf.set(name, index);
  return party;
}

/** The engine's one instance of a string: Maps find it by its address. */
function interned(text: string): string {
  return Object.keys({ [text]: 0 })[0] as string;
}

/** Registers a node, which is not started by that. */
export function addNode(
  world: Pick<World, 'parties' | 'partyOf' | 'roster'>,
  name: NodeId,
): NodeState {
  const node: NodeState = {
    name,
    index: world.parties.length,
    status: 'down',
    incarnation: 0,
    disk: createDisk(),
    clock: createClock(),
    held: [],
    admitted: 0,
    busyUntilUs: 0,
    afflictions: [],
    serviceUs: 0,
    starting: 0,
    downBy: [],
    jumps: [],
    reached: new Set(),
  };
  addParty(world, name, node, -1);
  return node;
}

/** Keeps the roster's flag of a node up to date; to be called whenever the node has changed. */
export function markOdd(world: World, node: NodeState): void {
  const { clock, afflictions, jumps, held } = node;
  const usual =
    node.status === 'up' &&
    afflictions.length + jumps.length + held.length + node.admitted === 0 &&
    clock.offsetUs === 0 &&
    clock.driftPpm === 0;
  world.roster.setOdd(node.index, !usual);
}

/** A message as its receiver gets it. */
export function messageOf(world: World, source: number, target: number, body: Body): Message {
  const { names } = world.roster;
  return { src: names[source] as NodeId, dest: names[target] as NodeId, body };
}

/** The node of a name, if there has ever been one. */
export function nodeNamed(world: World, name: NodeId): NodeState | undefined {
  const index = world.partyOf.get(name);
  return index === undefined ? undefined : world.parties[index]?.node;
}
