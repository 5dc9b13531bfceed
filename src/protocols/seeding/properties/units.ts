// Safety of units and outputs: M4, M5, M10, M11, M13, M14 (streams §2.12).
import type { NodeId } from '../../../node/message.js';
import type { Always } from '../../../node/property.js';
import { type RecordId, rootId } from '../log.js';
import { isKnown } from '../machine.js';
import type { TopoId } from '../spec.js';
import type { Ownership, State } from '../state.js';
import { type Commits, commits } from './commits.js';
import { memberAt, nameOf, optionsOf, ownedAt } from './observing.js';

interface Acknowledged {
  readonly roots: Map<TopoId, Set<RecordId>>;
  /** Owners whose log has been looked through. */
  readonly judged: Set<string>;
}

/** M4: whoever takes over has every record that was acknowledged before. */
export const acknowledgedKept: Always<State, Acknowledged> = {
  name: 'acknowledged-kept',
  kind: 'always',
  about: 'M4: every record that was acknowledged is in the state of whoever owns the topo next.',
  memory: { roots: new Map(), judged: new Set() },
  view: commits,
  broken(cluster, node, { roots, judged }, { fresh }: Commits) {
    for (const { topo, name, entries } of fresh) {
      const own = memberAt(cluster, node)?.owns.get(topo);
      if (own === undefined || !own.graph.spec.ack) continue;
      const known = roots.get(topo) ?? new Set();
      roots.set(topo, known);
      if (own.commit > own.adopted && !judged.has(name)) {
        judged.add(name);
        for (const root of known) {
          if (isKnown(own.settled, root)) continue;
          return `${root} of ${topo} was acknowledged, and ${node} goes on without it`;
        }
      }
      for (const entry of entries) {
        if (entry.kind === 'accept') known.add(rootId(entry.stream, entry.seq));
      }
    }
    return undefined;
  },
};

type Arrival = readonly [string, NodeId, number, string, number, string, 0 | 1];

interface Positions {
  readonly next: Map<NodeId, number>;
  readonly values: Map<string, string>;
}

/** M5, as the sink sees it: what it was told, not only what it shows. */
export const oneValuePerPosition: Always<State, Positions> = {
  name: 'one-value-per-position',
  kind: 'always',
  about: 'M5: what comes to a position of an output stream is always the same.',
  memory: { next: new Map(), values: new Map() },
  broken(cluster, node, { next, values }) {
    if (node === undefined) return undefined;
    const { arrivals } = (cluster.state(node) ?? {}) as { readonly arrivals?: readonly Arrival[] };
    if (arrivals === undefined) return undefined;
    const from = next.get(node) ?? 0;
    next.set(node, arrivals.length);
    for (const [topo, sink, position, record, value, epoch] of arrivals.slice(from)) {
      if (position < 0) continue;
      const place = `${topo} ${sink} ${position}`;
      const what = `${record} = ${value}`;
      const before = values.get(place);
      if (before === undefined) values.set(place, what);
      else if (before !== what) {
        return `position ${position} of ${topo} was ${before}; epoch ${epoch} says ${what}`;
      }
    }
    return undefined;
  },
};

/** M10. */
export const staleResultsFenced: Always<State, Map<string, number>> = {
  name: 'stale-results-fenced',
  kind: 'always',
  about: 'M10: no unit is done twice; results of former attempts and epochs change nothing.',
  memory: new Map(),
  view: commits,
  broken(_cluster, _node, done, { fresh }: Commits) {
    for (const { topo, from, entries } of fresh) {
      for (const [at, entry] of entries.entries()) {
        if (entry.kind !== 'done') continue;
        const place = `${topo} ${entry.unit}`;
        const index = from + at;
        const before = done.get(place) ?? index;
        if (before !== index) {
          return `${entry.unit} of ${topo} was done twice, in entries ${before} and ${index}`;
        }
        done.set(place, index);
      }
    }
    return undefined;
  },
};

/** M11. */
export const codeAsSpecified: Always<State> = {
  name: 'code-as-specified',
  kind: 'always',
  about: 'M11: every vertex runs exactly the code whose hash the specification names.',
  view: commits,
  broken(cluster, node, _memory, { fresh }: Commits) {
    for (const { topo, entries } of fresh) {
      const vertices = memberAt(cluster, node)?.owns.get(topo)?.graph.spec.vertices ?? [];
      for (const entry of entries) {
        if (entry.kind !== 'done') continue;
        const name = entry.unit.slice(entry.unit.lastIndexOf('>') + 1);
        const vertex = vertices.find((each) => each.name === name);
        if (vertex === undefined || vertex.code.hash === entry.hash) continue;
        return `${entry.worker} ran ${entry.hash} for ${entry.unit}, not ${vertex.code.hash}`;
      }
    }
    return undefined;
  },
};

/** What an owner had given a worker, and still owed it, after an earlier event. */
interface Given {
  readonly granted: number;
  readonly left: number;
}

const nothing: Given = { granted: 0, left: 0 };

/**
 * M13. Between two events of an owner what it gave a worker and what it owes it afterwards come of
 * what it owed before or of one request, and no worker asks for more than it has hands.
 */
export const creditsBind: Always<State, Map<string, Map<NodeId, Given>>> = {
  name: 'credits-bind',
  kind: 'always',
  about: 'M13: no node works on more units than it has workers, and none gets what it did not ask.',
  memory: new Map(),
  broken(cluster, node, seen) {
    const state = memberAt(cluster, node);
    if (state === undefined) return undefined;
    const { workers } = optionsOf(cluster);
    if (state.works.size > workers) {
      return `${node} works on ${state.works.size} units and has ${workers} workers`;
    }
    for (const own of state.owns.values()) {
      const name = nameOf(own, node);
      const given = seen.get(name) ?? new Map<NodeId, Given>();
      seen.set(name, given);
      for (const [worker, granted] of own.granted) {
        const left = own.credits.get(worker) ?? 0;
        const before = given.get(worker) ?? nothing;
        if (granted === before.granted && left === before.left) continue;
        given.set(worker, { granted, left });
        const extra = granted - before.granted + left - Math.max(before.left, workers);
        if (left >= 0 && extra <= 0) continue;
        const many = Math.max(extra, -left);
        return `${worker} was given ${many} units of ${own.topo} that it did not ask for`;
      }
      const wrong = leasesBeyond(own);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  },
};

/** Nobody holds more leases than it was given units. */
function leasesBeyond({ topo, leases, granted }: Ownership): string | undefined {
  const held = new Map<NodeId, number>();
  for (const { worker } of leases.values()) held.set(worker, (held.get(worker) ?? 0) + 1);
  for (const [worker, count] of held) {
    const given = granted.get(worker) ?? 0;
    if (count > given) return `${worker} holds ${count} units of ${topo} and was given ${given}`;
  }
  return undefined;
}

/** M14. */
export const completeMeansDone: Always<State> = {
  name: 'complete-means-done',
  kind: 'always',
  about: 'M14: a tree is complete only when every unit of it has been processed.',
  broken(cluster, node) {
    for (const { settled, topo } of ownedAt(cluster, node)) {
      const [root] = settled.premature;
      if (root !== undefined) {
        return `${root} of ${topo} is complete, and some of its units were never processed`;
      }
    }
    return undefined;
  },
};
