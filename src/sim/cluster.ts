// A world as its properties see it. A class of its own, and not an object with getters: V8 gives
// every such object a hidden class that holds its functions, and with them their world, until the
// next collection of old objects. Thousands of short runs would leave all of themselves there.
import type { NodeId } from '../node/message.js';
import type { Cluster } from '../node/property.js';
import type { NodeState, Party, World } from './world.js';

export class WorldCluster implements Cluster {
  readonly #world: World;
  // All properties ask for the node of the event at hand; a name keeps its number for good.
  #lastName: NodeId | undefined = undefined;
  #lastIndex = -1;
  // Parties only come, and each stays what it is.
  #nodes: readonly NodeId[] = [];
  #counted = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get nowUs() {
    return this.#world.watch?.nowUs ?? 0;
  }

  get healed() {
    return this.#world.phase !== 'main';
  }

  get members() {
    return this.#world.members;
  }

  get nodes() {
    const { parties } = this.#world;
    for (; this.#counted < parties.length; this.#counted++) {
      const { name, isClient } = parties[this.#counted] as Party;
      if (!isClient) this.#nodes = Object.freeze([...this.#nodes, name]);
    }
    return this.#nodes;
  }

  get options() {
    return this.#world.programs[0]?.options ?? {};
  }

  // Fields, so that a property may take them out: ({ members, state }) => …

  readonly status = (node: NodeId) => this.#nodeAt(node)?.status;

  readonly incarnation = (node: NodeId) => this.#nodeAt(node)?.incarnation ?? 0;

  readonly state = (node: NodeId) => {
    const index = this.#indexOf(node);
    return (index < 0 ? undefined : this.#world.roster.states[index]) as never;
  };

  readonly durable = (node: NodeId, key: string) => this.#nodeAt(node)?.disk.durable.get(key);

  #nodeAt(name: NodeId): NodeState | undefined {
    return this.#world.parties[this.#indexOf(name)]?.node;
  }

  /** −1: nobody has that name. */
  #indexOf(name: NodeId): number {
    if (name === this.#lastName) return this.#lastIndex;
    const index = this.#world.partyOf.get(name);
    if (index === undefined) return -1;
    this.#lastName = name;
    this.#lastIndex = index;
    return index;
  }
}
