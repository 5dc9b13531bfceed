// The shapes of partitions: who is cut off from whom. Jepsen calls the result a grudge. Sources:
// Jepsen, nemesis.clj (bisect, split-one, complete-grudge, bridge, majorities-ring) and
// nemesis/combined.clj (grudge); Maelstrom uses one, majority, majorities-ring and minority-third.
import { assert } from '../kernel/assert.js';
import type { Random } from '../kernel/random.js';
import type { NodeId } from '../node/message.js';
import type { CutMode, Fault, Links } from './fault.js';
import { majoritiesRing } from './majorities-ring.js';

/** A shape over given nodes: groups that cannot reach each other, or the directed links to cut. */
export type Cut =
  | { readonly components: readonly (readonly NodeId[])[] }
  | { readonly links: Links };

interface Shape {
  /** One line for `stormglass list`. */
  readonly about: string;
  readonly cut: (nodes: readonly NodeId[], random: Random) => Cut;
}

/** Shapes that cut both directions of a link (`majorities-ring` of three nodes cuts one). */
const bases: readonly (readonly [name: string, shape: Shape])[] = [
  [
    'one',
    {
      about: 'One node, drawn by chance, is alone.',
      cut: (nodes, random) => split(random.shuffle(nodes), 1),
    },
  ],
  [
    'minority-third',
    {
      about: 'Fewer than a third of the nodes, drawn by chance, are cut off from the rest.',
      cut: (nodes, random) => split(random.shuffle(nodes), Math.floor((nodes.length - 1) / 3)),
    },
  ],
  [
    'majority',
    {
      about: 'Two halves, drawn by chance; if they differ, one has a majority.',
      cut: (nodes, random) => split(random.shuffle(nodes), Math.floor(nodes.length / 2)),
    },
  ],
  [
    'halves',
    {
      about: 'The first half of the list of nodes against the second; nothing is drawn.',
      cut: (nodes) => split(nodes, Math.floor(nodes.length / 2)),
    },
  ],
  [
    'majorities-ring',
    {
      about: 'Every node sees a majority, no two see the same one.',
      cut: (nodes, random) => ({ links: majoritiesRing(nodes, random) }),
    },
  ],
  [
    'bridge',
    {
      about: 'Two halves, drawn by chance, and one node that reaches both.',
      cut: (nodes, random) => bridge(random.shuffle(nodes)),
    },
  ],
  [
    'components',
    {
      about: 'Two or more groups of any size, drawn by chance.',
      cut: (nodes, random) => components(random.shuffle(nodes), random),
    },
  ],
];

const oneWay: readonly (readonly [suffix: string, about: string])[] = [
  ['send-only', 'those cut off can still send.'],
  ['receive-only', 'those cut off can still hear.'],
];

/** Shapes by name: each of them whole, and as `…-send-only` and `…-receive-only`. */
export const shapes: ReadonlyMap<string, Shape> = new Map(
  bases.flatMap(([name, shape]) => [
    [name, shape] as const,
    ...oneWay.map(([suffix, what]) => {
      const about = `As ${name}, but in one direction: ${what}`;
      return [`${name}-${suffix}`, { about, cut: half(shape.cut, suffix) }] as const;
    }),
  ]),
);

/**
 * The shape with this name over `nodes`. With too few nodes it may cut nothing, as in Jepsen: one
 * component or no link. Throws when there is no shape of that name.
 */
export function shapeOf(name: string, nodes: readonly NodeId[], random: Random): Cut {
  const shape = shapes.get(name);
  assert(shape !== undefined, 'a shape has one of the known names', { name });
  return shape.cut(nodes, random);
}

/** The fault that a shape's cut is. */
export function faultOfCut(cut: Cut, mode: CutMode): Fault {
  return 'links' in cut
    ? { f: 'cut', links: cut.links, mode }
    : { f: 'partition', components: cut.components, mode };
}

/** The first `count` nodes against the rest; the smaller side comes first. */
function split(nodes: readonly NodeId[], count: number): Cut {
  const sides = [nodes.slice(0, count), nodes.slice(count)];
  return { components: sides.filter((side) => side.length > 0) };
}

/** Halves as in `majority`, but the first node of the larger one keeps all its links. */
function bridge(nodes: readonly NodeId[]): Cut {
  const middle = Math.floor(nodes.length / 2);
  const sides = [nodes.slice(0, middle), nodes.slice(middle + 1)];
  return { links: [...between(sides, 'send-only'), ...between(sides, 'receive-only')] };
}

/** Each node goes to one of k groups, k drawn from 2 to n; empty groups vanish. */
function components(nodes: readonly NodeId[], random: Random): Cut {
  if (nodes.length < 2) return split(nodes, 0);
  const groups: NodeId[][] = Array.from({ length: 2 + random.below(nodes.length - 1) }, () => []);
  for (const [index, node] of nodes.entries()) {
    // The first two nodes are apart, so that there are two groups at least.
    groups[index < 2 ? index : random.below(groups.length)]?.push(node);
  }
  const found = groups.filter((group) => group.length > 0);
  return { components: found.toSorted((a, b) => a.length - b.length) };
}

/** One direction of what `whole` cuts. */
function half(whole: Shape['cut'], suffix: string): Shape['cut'] {
  return (nodes, random) => {
    const cut = whole(nodes, random);
    return { links: 'links' in cut ? single(cut.links, suffix) : between(cut.components, suffix) };
  };
}

/** Links that are cut so that each side can only send to (or only hear) the sides after it. */
function between(sides: readonly (readonly NodeId[])[], suffix: string): Links {
  const pairs = sides.flatMap((side, index) =>
    sides
      .slice(index + 1)
      .flat()
      .flatMap((far) => side.map((near) => [near, far] as const)),
  );
  return pairs.map(([near, far]) => (suffix === 'send-only' ? [far, near] : [near, far]));
}

/** One of the two links of each pair: the first for `send-only`, else the second or only one. */
function single(links: Links, suffix: string): Links {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  for (const [index, [from, to]] of links.entries()) {
    const pair = from < to ? `${from} ${to}` : `${to} ${from}`;
    if (!first.has(pair)) first.set(pair, index);
    last.set(pair, index);
  }
  const kept = new Set((suffix === 'send-only' ? first : last).values());
  return links.filter((_, index) => kept.has(index));
}
