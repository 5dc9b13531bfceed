// Networks and messages for tests of the network alone: parties are numbers, keys are counted.
import { keyOf } from '../../src/kernel/key.js';
import {
  createNetwork,
  type Decision,
  type Network,
  type Passage,
  route,
  setRules,
} from '../../src/network/network.js';
import { linkOf, type Rule } from '../../src/network/rules.js';
import type { NetworkSpec } from '../../src/network/spec.js';

/** A network that does nothing but take 10 ms. */
export const plainSpec: NetworkSpec = {
  latency: { shape: 'constant', us: 10_000 },
  links: [],
  lossPpm: 0,
  duplicatePpm: 0,
  reorderPpm: 0,
  reorderWindowUs: 0,
  bytesPerSecond: undefined,
  transport: 'datagram',
  clients: 'network',
};

/** A network with these differences from the plain one; parties are called `p0`, `p1` … */
export function networkOf(spec: Partial<NetworkSpec>, rules: readonly Rule[] = []): Network {
  const numberOf = (name: string): number => (name === '*' ? -1 : Number(name.slice(1)));
  const network = createNetwork({ ...plainSpec, ...spec }, numberOf);
  setRules(network, rules);
  return network;
}

/** The message with this number, from party 0 to party 1 now unless said otherwise. */
function passage(number: number, differences: Partial<Passage> = {}): Passage {
  const { hi, lo } = keyOf('message', number);
  const body = { type: 'x' };
  return { source: 0, target: 1, body, nowUs: 0, hi, lo, forced: undefined, ...differences };
}

/** What is decided about a message, as a record of its own. */
export function decide(
  network: Network,
  number: number,
  differences: Partial<Passage> = {},
): Decision {
  const decision = route(network, passage(number, differences));
  return { ...decision, touched: [...decision.touched] };
}

/** Decisions about `count` messages, numbered from 0. */
export function decideAll(network: Network, count: number): Decision[] {
  return Array.from({ length: count }, (_, number) => decide(network, number));
}

/** A rule of fault 7 over all links. */
export function everywhere(does: Rule['does'], fault = 7): Rule {
  return { fault, links: { kind: 'all' }, does };
}

/** A rule of fault 7 over these directed links; −1 stands for every party. */
export function onLinks(
  pairs: readonly (readonly [number, number])[],
  does: Rule['does'],
  fault = 7,
): Rule {
  const links = { kind: 'pairs', pairs: new Set(pairs.map(([a, b]) => linkOf(a, b))) } as const;
  return { fault, links, does };
}

/** How many of a hundred thousand fair draws with this chance are more than four deviations off. */
export function isLikely(hits: number, count: number, ppm: number): boolean {
  const chance = ppm / 1_000_000;
  return Math.abs(hits - count * chance) <= 4 * Math.sqrt(count * chance * (1 - chance));
}
