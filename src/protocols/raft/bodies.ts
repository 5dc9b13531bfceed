// What Raft's servers say to each other, their timers and their options. The names are those of
// Ongaro's dissertation (2014): figures 3.1 (RequestVote, AppendEntries), 5.3 (InstallSnapshot) and
// 6.1 (client RPCs), section 3.10 (TimeoutNow).
import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context, OptionProblem } from '../../node/protocol.js';
import type { KvBodies } from '../calls.js';
import type { Command, Entry } from './log.js';
import type { Result } from './machine.js';
import type { Snapshot } from './snapshots.js';

/** Figure 3.1, and with `pre` section 9.6, where `term` is the one that would be begun. */
export interface RequestVote extends Body {
  readonly type: 'request-vote';
  readonly term: number;
  readonly pre: boolean;
  /** The leader wants it (§3.10): voters do not protect it (§4.2.3). */
  readonly transfer: boolean;
  readonly lastIndex: number;
  readonly lastTerm: number;
}

export interface Vote extends Body {
  readonly type: 'vote';
  readonly term: number;
  readonly pre: boolean;
  readonly granted: boolean;
}

export interface AppendEntries extends Body {
  readonly type: 'append-entries';
  readonly term: number;
  readonly prevIndex: number;
  readonly prevTerm: number;
  readonly entries: readonly Entry[];
  readonly commit: number;
  /** Which round of heartbeats this belongs to; the answer repeats it (§6.4). */
  readonly round: number;
}

export interface Appended extends Body {
  readonly type: 'appended';
  readonly term: number;
  readonly success: boolean;
  /** How far the log is the leader's. After a failure: where the leader shall try next. */
  readonly index: number;
  /** `prevIndex` of what failed. */
  readonly refused: number;
  readonly round: number;
}

/** Figure 5.3, the whole snapshot in one piece. */
export interface InstallSnapshot extends Body {
  readonly type: 'install-snapshot';
  readonly term: number;
  readonly snapshot: Snapshot;
  readonly round: number;
}

/** §3.10: begin an election at once. */
export interface TimeoutNow extends Body {
  readonly type: 'timeout-now';
  readonly term: number;
}

/** A client's command on its way from the node that it asked to the leader (§6.2). */
export interface Propose extends Body {
  readonly type: 'propose';
  readonly command: Command;
}

export interface Proposed extends Body {
  readonly type: 'proposed';
  readonly client: NodeId;
  readonly seq: number;
  readonly result: Result;
}

/** §6.4: from which index on does a state machine show everything that is committed now? */
export interface ReadIndex extends Body {
  readonly type: 'read-index';
  readonly client: NodeId;
  readonly seq: number;
}

export interface ReadIndexIs extends Body {
  readonly type: 'read-index-is';
  readonly client: NodeId;
  readonly seq: number;
  readonly index: number;
}

export type PeerBody =
  | RequestVote
  | Vote
  | AppendEntries
  | Appended
  | InstallSnapshot
  | TimeoutNow
  | Propose
  | Proposed
  | ReadIndex
  | ReadIndexIs;

export type Bodies = PeerBody | KvBodies;

export type Timers =
  /** The minimum election timeout has passed since a leader was heard. */
  | { readonly type: 'quiet' }
  | { readonly type: 'election' }
  | { readonly type: 'heartbeat'; readonly term: number }
  /** The lease that a round of heartbeats begins is over. */
  | { readonly type: 'lease'; readonly round: number }
  | { readonly type: 'synced' }
  /** A disk that was full is tried again. */
  | { readonly type: 'disk-retry' }
  /** Clients' requests that nobody has answered are sent again. */
  | { readonly type: 'retry' }
  /** An operator's wishes, for tests: hand over leadership; remove or add a server. */
  | { readonly type: 'transfer'; readonly term: number }
  | { readonly type: 'churn'; readonly term: number };

export interface Options {
  /** Election timeouts are this long and up to `electionSpread` longer, drawn by chance (§3.4). */
  readonly electionUs: Micros;
  readonly electionSpreadUs: Micros;
  readonly heartbeatUs: Micros;
  /** Ask whether one would be elected before one disturbs others (§9.6). */
  readonly preVote: boolean;
  /** Who hears from a leader votes for nobody (§4.2.3). */
  readonly sticky: boolean;
  /** How reads are served (§6.4): `read-index`, `lease`, or, not linearizable, `local`. */
  readonly reads: string;
  /** How much clocks may run apart: leases are shorter by it (§6.4.1). */
  readonly driftPpm: number;
  /** Commands are executed once, however often they arrive (§6.3). */
  readonly sessions: boolean;
  /** So many clients are remembered; of more, those that were silent longest are forgotten. */
  readonly sessionsMax: number;
  /** Wait for the disk before anything is said that depends on it. */
  readonly fsync: boolean;
  /** A snapshot is taken every so many entries (§5.1). */
  readonly snapshotEvery: number;
  /** Entries in one message. */
  readonly batchMax: number;
  /** Names of the first members, with spaces between; empty: everybody who is there. */
  readonly voters: string;
  /** How often a client's request is sent again, and how often in all. */
  readonly retryUs: Micros;
  readonly triesMax: number;
  /** Leadership changes hands so often (§3.10); 0: never. */
  readonly transferUs: Micros;
  /** A server is removed or added so often (§4.1); 0: members follow the cluster's list. */
  readonly churnUs: Micros;
}

export type Ctx = Context<Bodies, Timers, Options>;

export const defaults: Options = {
  electionUs: 300_000,
  electionSpreadUs: 300_000,
  heartbeatUs: 100_000,
  preVote: true,
  sticky: true,
  reads: 'read-index',
  driftPpm: 10_000,
  sessions: true,
  sessionsMax: 1_000,
  fsync: true,
  snapshotEvery: 100,
  batchMax: 64,
  voters: '',
  retryUs: 200_000,
  triesMax: 20,
  transferUs: 0,
  churnUs: 0,
};

const readModes = ['read-index', 'lease', 'local'];

export function problem(options: Options): OptionProblem | undefined {
  const { electionUs, heartbeatUs, electionSpreadUs, reads, sticky, driftPpm } = options;
  if (heartbeatUs < 1_000) return { option: 'heartbeatUs', expected: 'at least 1ms' };
  if (electionUs <= heartbeatUs)
    return { option: 'electionUs', expected: 'longer than `heartbeat`' };
  if (electionSpreadUs < 1) return { option: 'electionSpreadUs', expected: 'longer than nothing' };
  if (!readModes.includes(reads)) {
    return { option: 'reads', expected: readModes.join(', '), names: readModes };
  }
  if (reads === 'lease' && !sticky) {
    return { option: 'sticky', expected: 'true where reads rely on leases' };
  }
  if (driftPpm >= 500_000) return { option: 'driftPpm', expected: 'less than 50%' };
  return limitProblem(options);
}

function limitProblem(options: Options): OptionProblem | undefined {
  for (const option of ['snapshotEvery', 'batchMax', 'sessionsMax', 'triesMax'] as const) {
    if (options[option] < 1) return { option, expected: 'at least 1' };
  }
  return options.retryUs < 1_000 ? { option: 'retryUs', expected: 'at least 1ms' } : undefined;
}
