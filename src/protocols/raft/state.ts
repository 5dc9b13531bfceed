// What a server knows (figure 3.1): some of it is on its disk, the rest is gone after a crash.
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { TimerId } from '../../node/protocol.js';
import type { PeerBody } from './bodies.js';
import type { Log } from './log.js';
import type { Machine } from './machine.js';
import type { Snapshot } from './snapshots.js';

type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

export interface State {
  readonly self: NodeId;

  // On disk: figure 3.1's persistent state, and the snapshot.
  term: number;
  vote: NodeId | undefined;
  readonly log: Log;
  snapshot: Snapshot | undefined;
  readonly disk: Disk;

  // On all servers.
  role: Role;
  /** Whom it takes for the leader of its term. */
  leader: NodeId | undefined;
  commit: number;
  applied: number;
  machine: Machine;
  /** The election timer, and whether a leader was heard less than a minimum timeout ago. */
  timer: TimerId;
  heard: boolean;
  /** Clients that wait for an answer from here. */
  readonly requests: Map<NodeId, Request>;
  /** The timer that sends them again is set. */
  retrying: boolean;
  /** Reads answered by the last handler that answered any, for those who judge them. */
  served: Served[];

  // On candidates.
  votes: Set<NodeId>;

  // On leaders.
  lead: Leadership | undefined;
}

/** What was told, or shall be, once the disk has what it relies on: see disk.ts. */
interface Disk {
  /** Something was written that no sync under way covers. */
  unsynced: boolean;
  syncing: boolean;
  /** What may be said when the sync under way is done, and when the next one is. */
  released: Outgoing[];
  waiting: Outgoing[];
  /** How many times term and vote, and the snapshot, were written. */
  hardWrites: number;
  snapshotWrites: number;
}

export interface Outgoing {
  readonly dest: NodeId;
  readonly body: PeerBody;
}

/** A client's request, and how far it is. */
export interface Request {
  readonly seq: number;
  readonly f: 'read' | 'write' | 'cas';
  readonly key: unknown;
  readonly from: unknown;
  readonly to: unknown;
  tries: number;
  /** A read's: from this entry on, the state machine may answer. */
  index: number | undefined;
}

/** A read that was answered, when `applied` entries were. */
interface Served {
  readonly client: NodeId;
  readonly seq: number;
  readonly index: number;
  readonly applied: number;
}

/** Volatile state of a leader, made anew after each election (figure 3.1). */
export interface Leadership {
  /** Followers, and a server that is being caught up before it becomes one. */
  readonly progress: Map<NodeId, Progress>;
  /** Who waits for a command to be applied: the client's, and the node that it asked. */
  readonly proposals: Map<NodeId, { readonly seq: number; via: NodeId }>;
  /** Rounds of heartbeats begun so far; reads wait for one that began after them (§6.4). */
  round: number;
  readonly reads: LeaderRead[];
  /** Heartbeats since it was last sure that a quorum hears it (§6.2). */
  beats: number;
  /** Only where reads rely on leases (§6.4.1). */
  readonly lease: Lease | undefined;
  /** Whom leadership shall go to (§3.10), and for how many heartbeats more this is tried. */
  transfer: { readonly target: NodeId; beats: number; sent: boolean } | undefined;
  /** A server that is caught up before it becomes a member (§4.2.1). */
  learner: NodeId | undefined;
}

export interface Progress {
  next: number;
  match: number;
  /** The latest round that it has answered. */
  round: number;
  /** It answered since the leader last looked. */
  active: boolean;
  /** A snapshot is on its way; until the next heartbeat nothing else is sent. */
  installing: boolean;
}

interface LeaderRead {
  readonly client: NodeId;
  readonly seq: number;
  readonly via: NodeId;
  readonly index: number;
  readonly round: number;
}

/**
 * A lease runs from the beginning of a round that a quorum answered. Both a timer and the clock
 * have to say that it is not over: the timer is late after a pause, the clock wrong after a jump.
 */
export interface Lease {
  /** How long one lasts. */
  readonly us: Micros;
  /** Rounds that began less than a lease ago, and when. */
  readonly started: Map<number, Micros>;
  /** The latest round that a quorum answered. */
  acknowledged: number;
  /** Its successor may be elected at any moment, lease or not (§6.4.1 with §3.10). */
  forfeited: boolean;
}
