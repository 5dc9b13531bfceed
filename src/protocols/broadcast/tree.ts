// A building block: the tree that every node works out for itself from the list of members, so that
// nobody has to agree on it. Tiers of 1, f, f² … nodes in the order of the list.
import { assert } from '../../kernel/assert.js';
import type { NodeId } from '../../node/message.js';
import type { OptionProblem } from '../../node/protocol.js';

export interface TreeOptions {
  /** Children of each node of the tree. */
  readonly fanout: number;
}

/**
 * Five: 25 nodes are at most four hops apart, so at 100 ms a hop everyone knows within 400 ms. With
 * one root for all (fanout 24) it would be 200 ms, but then everything would hang on one node.
 */
export const treeDefaults: TreeOptions = { fanout: 5 };

/** A tree needs children. */
export function treeProblem({ fanout }: TreeOptions): OptionProblem | undefined {
  if (Number.isInteger(fanout) && fanout >= 1) return undefined;
  return { option: 'fanout', expected: 'a whole number, at least 1' };
}

/** Parent and children of `self`; nobody if it is no member. */
export function treePeers(
  nodes: readonly NodeId[],
  self: NodeId,
  fanout: number,
): readonly NodeId[] {
  assert(Number.isInteger(fanout) && fanout >= 1, 'a tree has a fanout of at least 1', { fanout });
  const index = nodes.indexOf(self);
  if (index < 0) return [];
  const firstChild = fanout * index + 1;
  const children = nodes.slice(firstChild, firstChild + fanout);
  const parent = nodes[Math.floor((index - 1) / fanout)];
  return index === 0 || parent === undefined ? children : [parent, ...children];
}
