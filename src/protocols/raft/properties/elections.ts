// RF1, RF2, RF6, RF7: leaders, votes and terms.
import type { NodeId } from '../../../node/message.js';
import { hardStateOn } from '../disk.js';
import { lastIndex, lastTerm, termAt } from '../log.js';
import type { State } from '../state.js';
import { ofStanding } from './server.js';

/** RF1, Election Safety (figure 3.2). */
export const electionSafety = ofStanding({
  name: 'election-safety',
  about: 'A term has at most one leader.',
  memory: new Map<number, NodeId>(),
  broken({ role, term, self }, _, leaders) {
    if (role !== 'leader') return undefined;
    const leader = leaders.get(term);
    if (leader === undefined) leaders.set(term, self);
    else if (leader !== self) return `${leader} and ${self} were both elected in term ${term}`;
    return undefined;
  },
});

interface Led {
  term: number;
  index: number;
  lastTerm: number;
}

/** RF2, Leader Append-Only (figure 3.2). */
export const leaderAppendOnly = ofStanding({
  name: 'leader-append-only',
  about: 'A leader removes and overwrites nothing in its log.',
  memory: new Map<NodeId, Led>(),
  broken({ role, term, self, log }, _, memory) {
    if (role !== 'leader') return undefined;
    const index = lastIndex(log);
    const led = memory.get(self);
    if (led === undefined || led.term !== term) {
      memory.set(self, { term, index, lastTerm: lastTerm(log) });
      return undefined;
    }
    if (index === led.index && lastTerm(log) === led.lastTerm) return undefined;
    const kept = led.index < log.snapshotIndex || termAt(log, led.index) === led.lastTerm;
    if (!kept) return `${self}, which leads term ${term}, has lost its entry ${led.index}`;
    led.index = index;
    led.lastTerm = lastTerm(log);
    return undefined;
  },
});

/** What a server knows now, and what it may have told others: all that was ever durable. */
interface Promised {
  incarnation: number;
  term: number;
  vote: NodeId | undefined;
  promisedTerm: number;
  promisedVote: NodeId | undefined;
}

/** Calls `broken` with what a server had promised before, and remembers what it promises now. */
function afterPromises(
  memory: Map<NodeId, Promised>,
  server: Readonly<State>,
  incarnation: number,
  broken: (before: Promised, server: Readonly<State>) => string | undefined,
): string | undefined {
  const { self, term, vote, disk } = server;
  const known = memory.get(self);
  if (known === undefined) {
    const promised = { promisedTerm: term, promisedVote: vote };
    memory.set(self, { incarnation, term, vote, ...promised });
    return undefined;
  }
  if (known.term !== term || known.vote !== vote || known.incarnation !== incarnation) {
    if (known.incarnation !== incarnation) {
      known.term = known.promisedTerm;
      known.vote = known.promisedVote;
    }
    const wrong = broken(known, server);
    if (wrong !== undefined) return wrong;
    known.incarnation = incarnation;
    known.term = term;
    known.vote = vote;
  }
  if (!disk.unsynced && !disk.syncing) {
    known.promisedTerm = term; // Nothing waits for the disk: it may all have been told.
    known.promisedVote = vote;
  }
  return undefined;
}

/** RF6: directly, since a second vote seldom makes a second leader (protocols' R07). */
export const oneVote = ofStanding({
  name: 'one-vote-a-term',
  about: 'A server votes for at most one candidate a term, across restarts too.',
  memory: new Map<NodeId, Promised>(),
  broken: (server, cluster, memory) =>
    afterPromises(memory, server, cluster.incarnation(server.self), otherVote),
});

function otherVote(before: Promised, { self, term, vote }: Readonly<State>): string | undefined {
  if (before.term !== term || before.vote === undefined || before.vote === vote) return undefined;
  const now = vote === undefined ? 'has forgotten it' : `voted for ${vote}`;
  return `in term ${term} ${self} voted for ${before.vote}, and now ${now}`;
}

/** RF6 on the side of those who count: what a candidate counts is on the voters' disks. */
export const trueVotes = ofStanding({
  name: 'true-votes',
  about: 'A vote that counts is of the term, and on the disk of whoever gave it.',
  memory: new Map<NodeId, { term: number; count: number }>(),
  broken({ self, role, term, votes }, cluster, memory) {
    if (role !== 'candidate' && role !== 'leader') return undefined;
    const known = memory.get(self);
    if (known?.term === term && known.count === votes.size) return undefined;
    memory.set(self, { term, count: votes.size });
    for (const voter of votes) {
      const hard = hardStateOn((key) => cluster.durable(voter, key));
      const given = hard !== undefined && (hard.term > term || hard.vote === self);
      if (given && hard.term >= term) continue;
      return `${self} counts a vote of ${voter} in term ${term} that is not on its disk`;
    }
    return undefined;
  },
});

/** RF7, the half that outlives a crash. */
export const growingTerms = ofStanding({
  name: 'growing-terms',
  about: 'The term of a server never falls, across restarts neither.',
  memory: new Map<NodeId, Promised>(),
  broken: (server, cluster, memory) =>
    afterPromises(memory, server, cluster.incarnation(server.self), earlierTerm),
});

function earlierTerm(before: Promised, { self, term }: Readonly<State>): string | undefined {
  return term >= before.term ? undefined : `${self} was in term ${before.term}, and now in ${term}`;
}

interface Progress {
  incarnation: number;
  commit: number;
  applied: number;
}

/** RF7 and RF5, the half that a crash ends. */
export const growingCommit = ofStanding({
  name: 'growing-commit',
  about: 'In one life of a server what is committed and what is applied never shrinks.',
  memory: new Map<NodeId, Progress>(),
  broken({ self, commit, applied }, cluster, memory) {
    const known = memory.get(self);
    const incarnation = cluster.incarnation(self);
    if (known === undefined || known.incarnation !== incarnation) {
      memory.set(self, { incarnation, commit, applied });
      return undefined;
    }
    if (commit === known.commit && applied === known.applied) return undefined;
    if (commit < known.commit) return `${self} had committed ${known.commit}, and now ${commit}`;
    if (applied < known.applied) return `${self} had applied ${known.applied}, and now ${applied}`;
    known.commit = commit;
    known.applied = applied;
    return undefined;
  },
});
