// Names of links as numbers of parties: what link faults and link overrides mean to the network.
// Parties may join after the fault that names them, so the answer is found anew when one does.
import type { Fault, Links } from '../nemesis/fault.js';
import { type Network, resolveLinks, setRules } from '../network/network.js';
import { everyParty, type LinkSet, linkOf, noParty, type Rule } from '../network/rules.js';
import type { NodeId } from '../node/message.js';
import type { FaultState, World } from './world.js';

/** Faults that are rules of the network while they last. */
type LinkFault = Extract<
  Fault,
  { f: 'partition' | 'cut' | 'loss' | 'duplicate' | 'reorder' | 'slow-link' }
>;

type Parties = Pick<World, 'parties' | 'partyOf'>;

/** What a fault of links does to the network. */
export function ruleOf(parties: Parties, fault: number, what: LinkFault): Rule {
  switch (what.f) {
    case 'partition':
      return { fault, links: between(parties, what.components), does: { kind: what.mode } };
    case 'cut':
      return { fault, links: pairs(parties, what.links), does: { kind: what.mode } };
    case 'loss':
    case 'duplicate':
      return { fault, links: pairs(parties, what.links), does: { kind: what.f, ppm: what.ppm } };
    case 'reorder': {
      const { ppm, windowUs } = what;
      return { fault, links: pairs(parties, what.links), does: { kind: 'reorder', ppm, windowUs } };
    }
    case 'slow-link': {
      const { factor, extraUs } = what;
      return { fault, links: pairs(parties, what.links), does: { kind: 'slow', factor, extraUs } };
    }
  }
}

/** There is a new party: faults and overrides that name it, or everybody else, now cover it. */
export function relink(world: Parties & Pick<World, 'faults'> & { network: Network }): void {
  const { network } = world;
  if (network.overrides.length > 0) resolveLinks(network, (name) => numberOf(world, name));
  if (network.rules.length === 0) return;
  const again = ({ fault }: Rule): Rule =>
    ruleOf(world, fault, (world.faults[fault] as FaultState).fault as LinkFault);
  setRules(network, network.rules.map(again));
}

/** The number of the party with this name; `*` is every party. */
export function numberOf({ partyOf }: Pick<World, 'partyOf'>, name: NodeId): number {
  return name === '*' ? everyParty : (partyOf.get(name) ?? noParty);
}

/**
 * Groups by party number. Members that no component names are one group more; clients are in none,
 * nor are services unless they are named.
 */
function between(
  { parties, partyOf }: Parties,
  components: readonly (readonly NodeId[])[],
): LinkSet {
  const groups = parties.map((party) =>
    party.isClient || party.program > 0 ? -1 : components.length,
  );
  for (const [group, names] of components.entries()) {
    for (const name of names) {
      const party = partyOf.get(name);
      if (party !== undefined) groups[party] = group;
    }
  }
  return { kind: 'between', groups };
}

function pairs(parties: Parties, links: Links): LinkSet {
  if (links.some(([from, to]) => from === '*' && to === '*')) return { kind: 'all' };
  return {
    kind: 'pairs',
    pairs: new Set(
      links.map(([from, to]) => linkOf(numberOf(parties, from), numberOf(parties, to))),
    ),
  };
}
