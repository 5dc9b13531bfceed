// The acker (seed 000: "the node that owns the topo is responsible for unit acking"): when every
// unit of a record's tree has been processed, the tree is complete. The sound acker is an edge set:
// what a worker sends when it is done has both the edge that is acked and those that are new, the
// owner writes both in one entry, and a set forgets duplicates and order.
//
// Storm's variants hear of edges by messages beside the results (Storm, "Acking framework
// implementation") and keep one number for a tree: XOR of edge ids, or a count. Beyond time they
// take a tree for failed and begin again with fresh ids. Storm's ids have 64 bits, these have 32;
// with 6 two edges are often called the same.
import type { AckerNews, Saying } from './bodies.js';
import { hashOf } from './code.js';
import type { Entry, RecordId, UnitId } from './log.js';
import { rootId } from './log.js';
import { isOpen } from './machine.js';
import type { AckerTree, Env, Ownership } from './state.js';

/** Trees that are complete because of an entry, as the acker sees it. */
export function treeChanged(env: Env, own: Ownership, entry: Entry): readonly RecordId[] {
  const { machine, graph } = own;
  if (!graph.spec.ack) return [];
  const root = rootOf(own, entry);
  const tree = machine.trees.get(root ?? '');
  if (root === undefined || tree === undefined) return [];
  if (env.rules.acker === 'edge set') return tree.open === 0 ? [root] : [];
  if (entry.kind === 'accept') init(env, own, root);
  if (tree.open === 0 && !own.acker.has(root)) return [root];
  return entry.kind === 'done' && caughtUp(env, own, root, entry.unit) ? [root] : [];
}

function rootOf({ machine }: Ownership, entry: Entry): RecordId | undefined {
  if (entry.kind === 'accept') return rootId(entry.stream, entry.seq);
  return entry.kind === 'done' ? machine.units.get(entry.unit)?.root : undefined;
}

/** Storm's init message: the tree's first edges. It may come twice. */
export function init(env: Env, own: Ownership, root: RecordId): void {
  if (env.rules.acker === 'edge set' || !own.graph.spec.ack) return;
  const tree = own.acker.get(root);
  const edges = openEdges(own, root);
  if (tree === undefined) own.acker.set(root, fresh(env, edges, 0));
  else for (const edge of edges) fold(env, tree, edge, 1);
}

function openEdges({ machine }: Ownership, root: RecordId): readonly UnitId[] {
  return (machine.trees.get(root)?.units ?? []).filter((id) => isOpen(machine, id));
}

function fresh(env: Env, edges: readonly UnitId[], round: number): AckerTree {
  const tree: AckerTree = {
    ...{ round, sum: 0, open: new Set(), early: [], sinceUs: env.ctx.nowUs },
  };
  for (const edge of edges) fold(env, tree, edge, 1);
  return tree;
}

const shortIdMask = 2 ** 6 - 1;

/** Takes an edge into the number (XOR, count) or the set of a tree. */
function fold({ rules }: Env, tree: AckerTree, edge: UnitId, sign: 1 | -1): void {
  const id = Number.parseInt(hashOf(`${edge}/${tree.round}`), 16);
  if (rules.acker === 'xor' || rules.acker === 'split xor') tree.sum ^= id;
  else if (rules.acker === 'short xor') tree.sum ^= id & shortIdMask;
  else if (rules.acker === 'counter') tree.sum += sign;
  else if (sign === 1) tree.open.add(edge);
  else tree.open.delete(edge);
}

/** A tree that is complete, as the acker sees it after a worker's news. */
export function heard(env: Env, own: Ownership, body: Saying<'ack'>): RecordId | undefined {
  const tree = own.acker.get(body.root);
  if (tree === undefined) return undefined;
  const outran = body.acked.some((edge) => isOpen(own.machine, edge));
  if (outran && env.rules.results === 'awaited') {
    tree.early.push(body);
    return undefined;
  }
  return take(env, tree, body) ? body.root : undefined;
}

function take(env: Env, tree: AckerTree, { anchored, acked }: AckerNews): boolean {
  for (const edge of anchored) fold(env, tree, edge, 1);
  for (const edge of acked) fold(env, tree, edge, -1);
  return tree.sum === 0 && tree.open.size === 0;
}

/** A result has come: news that had outrun it counts now. Whether the tree is complete by it. */
function caughtUp(env: Env, own: Ownership, root: RecordId, unit: UnitId): boolean {
  const tree = own.acker.get(root);
  const due = tree?.early.filter(({ acked }) => acked.includes(unit)) ?? [];
  if (tree === undefined || due.length === 0) return false;
  tree.early = tree.early.filter((news) => !due.includes(news));
  return due.map((news) => take(env, tree, news)).includes(true);
}

/** Trees that have failed, by time, begin again with the edges that are still open. */
export function replay(env: Env, own: Ownership): readonly RecordId[] {
  const complete: RecordId[] = [];
  for (const [root, tree] of own.acker) {
    if (own.machine.complete.has(root)) own.acker.delete(root);
    else if (env.ctx.nowUs - tree.sinceUs >= env.ctx.options.ackUs) {
      const edges = openEdges(own, root);
      if (edges.length === 0) complete.push(root);
      own.acker.set(root, fresh(env, edges, tree.round + 1));
    }
  }
  return complete;
}
