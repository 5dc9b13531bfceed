// What a server stands for: the part of its state that most properties look at, and that most
// events (heartbeats, answers to them, reads) leave alone. What several of them remember, all
// entries and what these come to, is kept here once.
import type { NodeId } from '../../../node/message.js';
import type { View } from '../../../node/property.js';
import { configuration, lastIndex, lastTerm } from '../log.js';
import type { State } from '../state.js';
import { type Entries, noEntries } from './entries.js';
import { type Fold, noFold } from './fold.js';

interface Standing {
  incarnation: number;
  role: string;
  term: number;
  vote: NodeId | undefined;
  votes: number;
  /** Something waits for the disk. */
  unsynced: boolean;
  commit: number;
  applied: number;
  snapshotIndex: number;
  last: number;
  lastTerm: number;
  /** The entry that named the members. */
  configured: number;
}

const nothing: Standing = {
  incarnation: 0,
  role: '',
  term: -1,
  vote: undefined,
  votes: 0,
  unsynced: false,
  commit: -1,
  applied: -1,
  snapshotIndex: -1,
  last: -1,
  lastTerm: -1,
  configured: -1,
};

export interface Seen {
  readonly servers: Map<NodeId, Standing>;
  readonly entries: Entries;
  readonly fold: Fold;
}

export const standing: View<State, Seen> = {
  memory: { servers: new Map(), entries: noEntries(), fold: noFold() },
  changed(cluster, node, { servers }) {
    if (node === undefined) return false; // A fault changes nobody's state.
    const server = cluster.state(node);
    if (server?.log === undefined) return false;
    let known = servers.get(node);
    if (known === undefined) {
      known = { ...nothing };
      servers.set(node, known);
    }
    const isSame = sameServer(known, server, cluster.incarnation(node)) && sameLog(known, server);
    if (!isSame) remember(known, server, cluster.incarnation(node));
    return !isSame;
  },
};

function sameServer(known: Standing, server: Readonly<State>, incarnation: number): boolean {
  const { role, term, vote, votes, disk } = server;
  return (
    known.incarnation === incarnation &&
    known.role === role &&
    known.term === term &&
    known.vote === vote &&
    known.votes === votes.size &&
    known.unsynced === (disk.unsynced || disk.syncing)
  );
}

function sameLog(known: Standing, { log, commit, applied }: Readonly<State>): boolean {
  return (
    known.commit === commit &&
    known.applied === applied &&
    known.snapshotIndex === log.snapshotIndex &&
    known.last === lastIndex(log) &&
    known.lastTerm === lastTerm(log) &&
    known.configured === configuration(log).index
  );
}

function remember(known: Standing, server: Readonly<State>, incarnation: number): void {
  const { role, term, vote, votes, disk, log, commit, applied } = server;
  known.incarnation = incarnation;
  known.role = role;
  known.term = term;
  known.vote = vote;
  known.votes = votes.size;
  known.unsynced = disk.unsynced || disk.syncing;
  known.commit = commit;
  known.applied = applied;
  known.snapshotIndex = log.snapshotIndex;
  known.last = lastIndex(log);
  known.lastTerm = lastTerm(log);
  known.configured = configuration(log).index;
}
