// Safety of ownership and of the log: M1, M2, M3, M6, M9 (streams §2.12).
import type { NodeId } from '../../../node/message.js';
import type { Always } from '../../../node/property.js';
import { compare, type Epoch, majority, same } from '../epoch.js';
import type { Ownership, State } from '../state.js';
import { memberAt, nameOf, newlyCommitted, ownedAt } from './observing.js';

const textOf = (epoch: Epoch): string => `${epoch[0]} of ${epoch[1] === '' ? 'nobody' : epoch[1]}`;

/** M1. */
export const oneOwnerPerEpoch: Always<State, Map<string, NodeId>> = {
  name: 'one-owner-per-epoch',
  kind: 'always',
  about: 'M1: no two nodes own a topo in the same epoch.',
  memory: new Map(),
  broken(cluster, node, owners) {
    for (const { topo, epoch } of ownedAt(cluster, node)) {
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
export const promisesHold: Always<State, Map<string, Said>> = {
  name: 'promises-hold',
  kind: 'always',
  about: 'M2: epochs that a seed has promised and accepted only rise, over crashes too.',
  memory: new Map(),
  broken(cluster, node, said) {
    const state = memberAt(cluster, node);
    if (state === undefined) return undefined;
    for (const [topo, { promised, accepted }] of state.durable.seats) {
      const place = `${node} ${topo}`;
      const before = said.get(place);
      for (const [what, is, was] of [
        ['promised', promised, before?.promised],
        ['accepted', accepted, before?.accepted],
      ] as const) {
        if (was !== undefined && compare(is, was) < 0) {
          return `${node} has ${what} the epoch ${textOf(was)} of ${topo}, and knows ${textOf(is)}`;
        }
      }
      if (state.journal.unsynced.size === 0) said.set(place, { promised, accepted });
    }
    for (const place of said.keys()) {
      const [seed, topo = ''] = place.split(' ');
      if (seed === node && !state.durable.seats.has(topo)) said.delete(place);
    }
    return undefined;
  },
};

interface Committed {
  readonly seen: Map<string, number>;
  readonly logs: Map<string, string[]>;
}

/** M3. */
export const committedLogGrows: Always<State, Committed> = {
  name: 'committed-log-grows',
  kind: 'always',
  about: 'M3: what is committed in a log stays as it is, whoever owns the topo.',
  memory: { seen: new Map(), logs: new Map() },
  broken(cluster, node, { seen, logs }) {
    for (const own of ownedAt(cluster, node)) {
      const log = logs.get(own.topo) ?? [];
      logs.set(own.topo, log);
      const wrong = newlyCommitted(own, nameOf(own, node), seen, (_, index, line) => {
        const before = log[index];
        if (before === undefined) log.push(line);
        else if (before !== line) return `entry ${index} of ${own.topo} was ${before}, is ${line}`;
        return undefined;
      });
      if (wrong !== undefined) return wrong;
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
