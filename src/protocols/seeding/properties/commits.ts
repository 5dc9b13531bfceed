// What owners have committed, as of one event: read once, for all properties that look at it.
import type { NodeId } from '../../../node/message.js';
import type { View } from '../../../node/property.js';
import { type Epoch, same } from '../epoch.js';
import { type Entry, type Line, read } from '../log.js';
import type { TopoId } from '../spec.js';
import type { Ownership, State } from '../state.js';
import { memberAt, nameOf } from './observing.js';

/** What an owner has committed at the event at hand; of a new owner, perhaps nothing yet. */
interface Fresh {
  readonly topo: TopoId;
  readonly epoch: Epoch;
  /** Of the owner's life. */
  readonly name: string;
  /** The index of the first. */
  readonly from: number;
  readonly lines: readonly Line[];
  readonly entries: readonly Entry[];
}

export interface Commits {
  /** How far each owner was, by node and topo. */
  readonly owners: Map<NodeId, Map<TopoId, { readonly epoch: Epoch; commit: number }>>;
  /** The same by the name of its life. */
  readonly lives: Map<string, number>;
  readonly fresh: Fresh[];
}

export const commits: View<State, Commits> = {
  memory: { owners: new Map(), lives: new Map(), fresh: [] },
  changed(cluster, node, { owners, lives, fresh }) {
    fresh.length = 0;
    const owns = memberAt(cluster, node)?.owns;
    if (node === undefined || owns === undefined || owns.size === 0) return false;
    const known = owners.get(node) ?? new Map<TopoId, { epoch: Epoch; commit: number }>();
    owners.set(node, known);
    for (const own of owns.values()) {
      const { topo, epoch, commit } = own;
      const before = known.get(topo);
      if (before !== undefined && before.commit === commit && same(before.epoch, epoch)) continue;
      known.set(topo, { epoch, commit });
      fresh.push(freshOf(own, nameOf(own, node), lives));
    }
    return fresh.length > 0;
  },
};

function freshOf({ topo, epoch, commit, log }: Ownership, name: string, lives: Commits['lives']) {
  const from = lives.get(name) ?? 0;
  lives.set(name, commit);
  const lines = log.slice(from, commit);
  return { topo, epoch, name, from, lines, entries: lines.map(read) };
}
