// The partition in which every node sees a majority and no two nodes see the same one, so that none
// of the usual reasoning about two sides holds. Source: Jepsen, nemesis.clj:
// `majorities-ring-perfect` for up to five nodes, `majorities-ring-stochastic` for more.
import { assert } from '../kernel/assert.js';
import type { Random } from '../kernel/random.js';
import type { NodeId } from '../node/message.js';
import type { Links } from './fault.js';

/** Up to so many nodes Jepsen uses the exact ring. */
const perfectMax = 5;

/** With more, linking them one by one takes too long, and the exact ring is used again. */
const stochasticMax = 64;

/**
 * The directed links to cut. Up to two nodes nothing is cut; three lose one direction of each link;
 * four and five form a ring; with more, some nodes may see more than a bare majority.
 */
export function majoritiesRing(nodes: readonly NodeId[], random: Random): Links {
  const exact = nodes.length <= perfectMax || nodes.length > stochasticMax;
  return exact ? perfect(nodes, random) : stochastic(nodes, random);
}

/** Each node hears the window of the shuffled ring in whose middle it stands. */
function perfect(nodes: readonly NodeId[], random: Random): Links {
  const ring = random.shuffle(nodes);
  const count = ring.length;
  const majority = majorityOf(count);
  const at = (position: number): NodeId => ring[position % count] as NodeId;
  return [...ring.keys()].flatMap((start) => {
    const hearer = at(start + Math.floor(majority / 2));
    const unheard = Array.from({ length: Math.max(0, count - majority) }, (_, i) => i + majority);
    return unheard.map((offset) => [at(start + offset), hearer] as const);
  });
}

/** Links the least connected nodes to each other until each has a majority; cuts the others. */
function stochastic(nodes: readonly NodeId[], random: Random): Links {
  const majority = majorityOf(nodes.length);
  const linked = new Map(nodes.map((node) => [node, new Set([node])]));
  const degree = (node: NodeId): number => linked.get(node)?.size ?? 0;
  const linksMax = nodes.length * nodes.length;
  for (let count = 0; count < linksMax; count++) {
    // The sort is stable, so nodes of one degree stay shuffled.
    const byDegree = random.shuffle(nodes).toSorted((a, b) => degree(a) - degree(b));
    const a = byDegree[0];
    if (a === undefined || degree(a) >= majority) break;
    const b = byDegree.find((node) => linked.get(a)?.has(node) === false);
    assert(b !== undefined, 'without a majority somebody is left to link to', { a });
    linked.get(a)?.add(b);
    linked.get(b)?.add(a);
  }
  return nodes.flatMap((to) =>
    nodes.filter((from) => linked.get(to)?.has(from) === false).map((from) => [from, to] as const),
  );
}

/** The smallest whole number above half. */
const majorityOf = (count: number): number => Math.floor(count / 2) + 1;
