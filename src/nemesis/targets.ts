// Which nodes a fault strikes. Source: Jepsen, nemesis/combined.clj, `db-nodes`.
import { assert } from '../kernel/assert.js';
import type { Random } from '../kernel/random.js';
import type { NodeId } from '../node/message.js';

/** How many nodes each target means, of `count`; `any` is drawn. */
export const targets: ReadonlyMap<string, (count: number, random: Random) => number> = new Map([
  ['one', (count) => Math.min(1, count)],
  ['minority', (count) => Math.floor((count - 1) / 2)],
  ['minority-third', (count) => Math.floor((count - 1) / 3)],
  ['majority', (count) => Math.floor(count / 2) + 1],
  ['any', (count, random) => 1 + random.below(count)],
  ['all', (count) => count],
]);

/** The nodes that a target means, drawn by chance, in the order of the list; one at least. */
export function targetsOf(name: string, nodes: readonly NodeId[], random: Random): NodeId[] {
  const countOf = targets.get(name);
  assert(countOf !== undefined, 'a target has one of the known names', { name });
  assert(nodes.length > 0, 'there are nodes to strike');
  const count = Math.max(1, countOf(nodes.length, random));
  const chosen = new Set(random.shuffle(nodes).slice(0, count));
  return nodes.filter((node) => chosen.has(node));
}
