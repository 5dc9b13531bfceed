// Parties: names and numbers of all who can send and receive.
import { keyOf } from '../kernel/key.js';
import type { Body, Message, NodeId } from '../node/message.js';
import { createClock } from './clock.js';
import { createDisk } from './disk.js';
import type { Program } from './program.js';
import type { NodeState, Party, World } from './world.js';

/** Registers a client under the next number: of a worker, or of nobody (−1). */
export function addClient(world: Parties, name: NodeId, worker: number): Party {
  return addParty(world, name, undefined, { worker, program: 0 });
}

type Parties = Pick<World, 'parties' | 'partyOf' | 'roster'>;

function addParty(
  world: Parties,
  given: NodeId,
  node: NodeState | undefined,
  { worker, program }: Pick<Party, 'worker' | 'program'>,
): Party {
  // A worker's clients share a key: what is sent to a later one does not depend on how many
  // operations came to nothing before.
  const { hi, lo } = worker < 0 ? keyOf('party', given) : keyOf('worker', worker);
  const name = interned(given);
  const index = world.parties.length;
  const isClient = node === undefined;
  const kin = worker < 0 ? index : (world.partyOf.get(`c${worker}`) ?? index);
  const party: Party = { name, index, isClient, node, worker, kin, program };
  world.roster.add(name, isClient ? undefined : program, hi, lo);
  world.parties.push(party);
  world.partyOf.set(name, index);
  return party;
}

/** The engine's one instance of a string: Maps find it by its address. */
function interned(text: string): string {
  return Object.keys({ [text]: 0 })[0] as string;
}

/** Registers a node that runs program number `program`; it is not started by that. */
export function addNode(world: Parties, name: NodeId, program = 0): NodeState {
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
  addParty(world, name, node, { worker: -1, program });
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

/** What the party with this number runs. */
export function programAt({ programs, roster }: World, index: number): Program {
  return programs[roster.programOf(index)] as Program;
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
