// RF3, RF4, RF5, RF8, RF10: logs, and what is committed.
import type { NodeId } from '../../../node/message.js';
import { hardStateOn, rowOn, snapshotOn } from '../disk.js';
import { configuration, lastIndex, termAt } from '../log.js';
import type { Progress, State } from '../state.js';
import { addEntries } from './entries.js';
import { always, ofStanding, type RaftCluster, serverAt } from './server.js';

/** RF3, Log Matching (figure 3.2), by induction: before each entry is the same one everywhere. */
export const logMatching = ofStanding({
  name: 'log-matching',
  about: 'Entries with the same index and term are the same, and so are all before them.',
  memory: undefined,
  broken: (server, _, __, { entries }) => addEntries(entries, server),
});

interface Committed {
  /** By index: the term of the entry, and the term in which it was committed. */
  readonly terms: number[];
  readonly inTerms: number[];
  /** The latest term that each server has led. */
  readonly leaders: Map<NodeId, number>;
}

/** RF4, Leader Completeness (figure 3.2), of leaders of later terms than the commitment's. */
export const leaderCompleteness = ofStanding<Committed>({
  name: 'leader-completeness',
  about: 'What is committed in a term is in the logs of the leaders of all later terms.',
  memory: { terms: [0], inTerms: [0], leaders: new Map() },
  broken(server, cluster, committed) {
    const { role, self, term, commit } = server;
    const from = committed.terms.length;
    if (commit >= from) {
      for (let index = from; index <= commit; index++) {
        committed.terms.push(termAt(server.log, index) ?? -1);
        committed.inTerms.push(term);
      }
      const wrong = lackingElsewhere(cluster, committed, { from, term });
      if (wrong !== undefined) return wrong;
    }
    if (role !== 'leader' || committed.leaders.get(self) === term) return undefined;
    committed.leaders.set(self, term);
    return lacking(server, committed, 1);
  },
});

/** A leader of a later term that lacks what has just been committed in an earlier one. */
function lackingElsewhere(
  cluster: RaftCluster,
  committed: Committed,
  { from, term }: { readonly from: number; readonly term: number },
): string | undefined {
  for (const [leader, led] of committed.leaders) {
    if (led <= term) continue;
    const server = serverAt(cluster, leader);
    if (server?.role !== 'leader' || server.term !== led) continue;
    const wrong = lacking(server, committed, from);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function lacking({ self, term, log }: Readonly<State>, committed: Committed, from: number) {
  const { terms, inTerms } = committed;
  for (let index = Math.max(from, log.snapshotIndex + 1); index < terms.length; index++) {
    const wanted = terms[index] as number;
    const inTerm = inTerms[index] as number;
    if (wanted < 0 || inTerm >= term || termAt(log, index) === wanted) continue;
    const entry = `entry ${index} of term ${wanted}`;
    return `${self} leads term ${term} without ${entry}, committed in term ${inTerm}`;
  }
  return undefined;
}

interface Applied {
  /** By index: the term of the entry that was applied first, and by whom. */
  readonly terms: number[];
  readonly by: NodeId[];
  readonly servers: Map<NodeId, { incarnation: number; applied: number }>;
}

/** RF5, State Machine Safety (figure 3.2). */
export const stateMachineSafety = ofStanding<Applied>({
  name: 'state-machine-safety',
  about: 'No two servers apply different entries at the same index.',
  memory: { terms: [], by: [], servers: new Map() },
  broken({ self, applied, log }, cluster, { terms, by, servers }) {
    const known = servers.get(self) ?? { incarnation: 0, applied: 0 };
    const incarnation = cluster.incarnation(self);
    if (known.applied === applied && known.incarnation === incarnation) return undefined;
    if (known.incarnation !== incarnation) known.applied = 0;
    for (let index = Math.max(known.applied, log.snapshotIndex) + 1; index <= applied; index++) {
      const term = termAt(log, index) as number;
      const first = terms[index];
      if (first !== undefined && first !== term) {
        const here = `${self} has applied entry ${index} of term ${term}`;
        return `${here}, and ${by[index]} one of term ${first}`;
      }
      terms[index] = term;
      by[index] ??= self;
    }
    servers.set(self, { incarnation, applied });
    return undefined;
  },
});

/** Whether a crash of `node` now would leave the entry there, or a snapshot that covers it. */
function holdsDurably(
  cluster: RaftCluster,
  node: NodeId,
  index: number,
  term: number | undefined,
): boolean {
  const read = (key: string) => cluster.durable(node, key);
  if (rowOn(read, index)?.entry.term === term) return true;
  return (snapshotOn(read)?.snapshot.index ?? 0) >= index;
}

/** RF8. */
export const durableCommit = ofStanding({
  name: 'durable-commit',
  about: 'What a leader commits is on the disks of a majority of its configuration.',
  memory: new Map<NodeId, number>(),
  broken({ self, role, commit, log }, cluster, commits) {
    const before = commits.get(self) ?? 0;
    if (commit === before) return undefined;
    commits.set(self, commit);
    if (role !== 'leader' || commit < before) return undefined;
    const { members } = configuration(log);
    const term = termAt(log, commit);
    let count = 0;
    for (const member of members) if (holdsDurably(cluster, member, commit, term)) count++;
    if (count > members.length / 2) return undefined;
    const holders = members.filter((member) => holdsDurably(cluster, member, commit, term));
    const where = holders.length === 0 ? 'on no disk' : `on the disks of ${holders.join(' ')} only`;
    return `${self} has committed entry ${commit}, which is ${where}, of ${members.join(' ')}`;
  },
});

interface Matches {
  term: number;
  readonly of: Map<NodeId, number>;
}

/** RF10. Whoever is in a later term may have another log by now, and rightly. */
export const trueMatches = always({
  name: 'true-matches',
  about: "What a leader takes a follower to have is on the follower's disk, as in its own log.",
  memory: new Map<NodeId, Matches>(),
  broken({ self, lead, term, log }, cluster, memory) {
    if (lead === undefined) return undefined;
    let matches = memory.get(self);
    if (matches?.term !== term) {
      matches = { term, of: new Map() };
      memory.set(self, matches);
    }
    for (const peer of lead.progress.keys()) {
      const { match } = lead.progress.get(peer) as Progress;
      if (match === (matches.of.get(peer) ?? 0)) continue;
      matches.of.set(peer, match);
      if (match > lastIndex(log))
        return `${self} takes ${peer} to have ${match}, beyond its own log`;
      if (match <= log.snapshotIndex || termOf(cluster, peer) > term) continue;
      if (holdsDurably(cluster, peer, match, termAt(log, match))) continue;
      const taken = `${self}, leading term ${term}, takes ${peer} to have entry ${match}`;
      return `${taken}, which its disk has not`;
    }
    return undefined;
  },
});

function termOf(cluster: RaftCluster, node: NodeId): number {
  const server = serverAt(cluster, node);
  return server?.term ?? hardStateOn((key) => cluster.durable(node, key))?.term ?? 0;
}
