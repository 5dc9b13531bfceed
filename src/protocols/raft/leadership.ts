// What a leader begins with (figure 3.1): it knows nothing of its followers and finds out.
import type { Micros } from '../../kernel/time.js';
import type { Ctx } from './bodies.js';
import { configuration, type Log, lastIndex } from './log.js';
import type { Leadership, Progress, State } from './state.js';

export function newLeadership({ log }: State, ctx: Ctx): Leadership {
  const { members } = configuration(log);
  return {
    progress: new Map(members.map((member) => [member, newProgress(log)])),
    proposals: new Map(),
    round: 0,
    reads: [],
    beats: 0,
    lease:
      ctx.options.reads === 'lease'
        ? { us: leaseUs(ctx), started: new Map(), acknowledged: 0, forfeited: false }
        : undefined,
    transfer: undefined,
    learner: undefined,
  };
}

/** Shorter than any follower's minimum election timeout, however far their clocks drift apart. */
const leaseUs = ({ options: { electionUs, driftPpm } }: Ctx): Micros =>
  Math.floor((electionUs * (1_000_000 - 2 * driftPpm)) / 1_000_000);

export function newProgress(log: Log): Progress {
  return { next: lastIndex(log) + 1, match: 0, round: 0, active: false, installing: false };
}

/** The leader follows the latest configuration, whether it is committed or not (§4.1). */
export function followConfiguration(log: Log, { progress, learner }: Leadership): void {
  const { members } = configuration(log);
  for (const member of members) {
    if (!progress.has(member)) progress.set(member, newProgress(log));
  }
  for (const peer of progress.keys()) {
    if (!members.includes(peer) && peer !== learner) progress.delete(peer);
  }
}

/** What a leader may count on: an entry of its own term is committed (§6.4; Ongaro 2015). */
export function hasCommittedInTerm({ log, commit, term }: State): boolean {
  const entry = log.entries[commit - log.snapshotIndex - 1];
  return (entry === undefined ? log.snapshotTerm : entry.term) === term;
}
