// Lanes of a space-time diagram: one a node, and one that all clients share, who come and go.
import type { World } from '../../sim/world.js';

export interface Lane {
  readonly name: string;
  /** The party's number; −1 for the lane of the clients. */
  readonly party: number;
}

export interface Lanes {
  readonly all: readonly Lane[];
  /** The lane of a party: −1 if it has none. */
  laneOf(name: string): number;
}

/** What the lane of the clients is called. */
const clientsName = 'c*';

/** The lanes of a world; nodes that join later have theirs only then. O(parties). */
export function lanesOf({ parties, spec }: World): Lanes {
  const clients: readonly Lane[] =
    spec.clients === undefined ? [] : [{ name: clientsName, party: -1 }];
  const nodes = parties.filter(({ node }) => node !== undefined);
  const all = [...clients, ...nodes.map(({ name, index }) => ({ name, party: index }))];
  const numbers = new Map(all.map(({ name }, lane) => [name, lane]));
  const other = clients.length - 1;
  return { all, laneOf: (name) => numbers.get(name) ?? other };
}

/** A letter a lane: `u` up, `p` paused, `d` down, `l` left; clients are up. O(lanes). */
export function statusesOf({ parties }: World, { all }: Lanes): string {
  let statuses = '';
  for (const { party } of all) statuses += party < 0 ? 'u' : parties[party]?.node?.status[0];
  return statuses;
}
