// Safety of ownership and of the log: M1, M2, M3, M6, M9 (streams §2.12).
import type { NodeId } from '../../../node/message.js';
import type { Always } from '../../../node/property.js';
import { compare, type Epoch, majority, same } from '../epoch.js';
import type { Line } from '../log.js';
import type { TopoId } from '../spec.js';
import type { Ownership, State } from '../state.js';
import { type Commits, commits } from './commits.js';
import { memberAt, nameOf } from './observing.js';

const textOf = (epoch: Epoch): string => `${epoch[0]} of ${epoch[1] === '' ? 'nobody' : epoch[1]}`;

/** M1. */
export const oneOwnerPerEpoch: Always<State, Map<string, NodeId>> = {
  name: 'one-owner-per-epoch',
  kind: 'always',
  about: 'M1: no two nodes own a topo in the same epoch.',
  memory: new Map(),
  view: commits,
  broken(_cluster, node, owners, { fresh }: Commits) {
    for (const { topo, epoch } of fresh) {
      const place = `${topo} ${epoch[0]} ${epoch[1]}`;
      const owner = owners.get(place);
      if (owner === undefined) owners.set(place, node as NodeId);
      else if (owner !== node) {
        return `${owner} and ${node} both own ${topo} in the epoch ${textOf(epoch)}`;
      }
    }
    return undefined;
  },
};

interface Said {
  promised: Epoch;
  accepted: Epoch;
}

/** M2. What a node has on disk it may have said. */
export const promisesHold: Always<State, Map<NodeId, Map<TopoId, Said>>> = {
  name: 'promises-hold',
  kind: 'always',
  about: 'M2: epochs that a seed has promised and accepted only rise, over crashes too.',
  memory: new Map(),
  broken(cluster, node, saidBy) {
    const state = memberAt(cluster, node);
    if (state === undefined || node === undefined) return undefined;
    const said = saidBy.get(node) ?? new Map<TopoId, Said>();
    saidBy.set(node, said);
    const { durable, journal } = state;
    for (const [topo, { promised, accepted }] of durable.seats) {
      const before = said.get(topo);
      if (before?.promised === promised && before.accepted === accepted) continue;
      const wrong =
        fallen(node, topo, 'promised', promised, before?.promised) ??
        fallen(node, topo, 'accepted', accepted, before?.accepted);
      if (wrong !== undefined) return wrong;
      if (journal.unsynced.size === 0) said.set(topo, { promised, accepted });
    }
    if (said.size > durable.seats.size || journal.unsynced.size > 0) {
      for (const topo of said.keys()) if (!durable.seats.has(topo)) said.delete(topo);
    }
    return undefined;
  },
};

function fallen(node: NodeId, topo: TopoId, what: string, is: Epoch, was: Epoch | undefined) {
  if (was === undefined || compare(is, was) >= 0) return undefined;
  return `${node} has ${what} the epoch ${textOf(was)} of ${topo}, and knows ${textOf(is)}`;
}

/** M3. */
export const committedLogGrows: Always<State, Map<TopoId, Line[]>> = {
  name: 'committed-log-grows',
  kind: 'always',
  about: 'M3: what is committed in a log stays as it is, whoever owns the topo.',
  memory: new Map(),
  view: commits,
  broken(_cluster, _node, logs, { fresh }: Commits) {
    for (const { topo, from, lines } of fresh) {
      const log = logs.get(topo) ?? [];
      logs.set(topo, log);
      for (const [at, line] of lines.entries()) {
        const index = from + at;
        const before = log[index];
        if (before === undefined) log.push(line);
        else if (before !== line) return `entry ${index} of ${topo} was ${before}, is ${line}`;
      }
    }
    return undefined;
  },
};

/** M6. */
export const ownsOneTopo: Always<State> = {
  name: 'owns-one-topo',
  kind: 'always',
  about: 'M6: no node owns, or tries to own, more than one topo.',
  broken(cluster, node) {
    const state = memberAt(cluster, node);
    if (state === undefined || state.owns.size === 0) return undefined;
    const all = [...state.owns.keys(), ...(state.claim === undefined ? [] : [state.claim.topo])];
    return new Set(all).size > 1 ? `${node} owns ${all.join(' and ')}` : undefined;
  },
};

interface Kept {
  /** By seed and topo: what is on its disk. */
  readonly lengths: Map<string, { epoch: Epoch; length: number }>;
  readonly seen: Map<string, number>;
}

/** M9: a majority has it on disk, so any f = ⌈n/2⌉ − 1 seeds may be lost. */
export const commitsSurvive: Always<State, Kept> = {
  name: 'commits-survive',
  kind: 'always',
  about: 'M9: what is committed is on the disks of a majority of the seeds.',
  memory: { lengths: new Map(), seen: new Map() },
  broken(cluster, node, { lengths, seen }) {
    const state = memberAt(cluster, node);
    if (state === undefined) return undefined;
    noteDisk(state, node as NodeId, lengths);
    for (const own of state.owns.values()) {
      const name = nameOf(own, node);
      if ((seen.get(name) ?? 0) === own.commit) continue;
      seen.set(name, own.commit);
      for (const { seeds } of own.configs) {
        const keeping = seeds.filter((seed) => keeps(lengths.get(`${seed} ${own.topo}`), own));
        if (keeping.length < majority(seeds.length)) {
          return (
            `${node} has committed ${own.commit} entries of ${own.topo} in the epoch ` +
            `${textOf(own.epoch)}, which of ${seeds.join(', ')} only ${keeping.length} have on disk`
          );
        }
      }
    }
    return undefined;
  },
};

/** Writes down how much of each log a seed has on disk. */
function noteDisk({ durable, journal }: Readonly<State>, node: NodeId, lengths: Kept['lengths']) {
  for (const [topo, { accepted, log }] of durable.seats) {
    const place = `${node} ${topo}`;
    const before = lengths.get(place);
    const had = before !== undefined && same(before.epoch, accepted) ? before.length : 0;
    let length = log.length;
    for (const { record } of journal.unsynced.values()) {
      if (record.kind !== 'log' || record.topo !== topo) continue;
      // All before it is on disk, if it is of the same epoch; and what was there still is.
      length = Math.max(record.from, had);
      break;
    }
    if (length === 0 && log.length > 0) continue;
    if (before?.length !== length || before.epoch !== accepted) {
      lengths.set(place, { epoch: accepted, length });
    }
  }
}

/** What was accepted in a later epoch has all that was committed in this one. */
function keeps(kept: { epoch: Epoch; length: number } | undefined, own: Ownership): boolean {
  if (kept === undefined) return false;
  const order = compare(kept.epoch, own.epoch);
  return order > 0 || (order === 0 && kept.length >= own.commit);
}
