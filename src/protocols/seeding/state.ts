// What a node keeps in mind, and what its handlers are given.

import type { Micros } from '../../kernel/time.js';
import { answering, type NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import type { Asker } from '../calls.js';
import type { AckerNews, Bodies, Feed, Vote } from './bodies.js';
import type { CodeRef } from './code.js';
import type { Epoch } from './epoch.js';
import type { Keeping, SyncTimer } from './journal.js';
import type { Config, Line, RecordId, UnitId } from './log.js';
import type { Graph, Machine, Unit } from './machine.js';
import type { Note } from './notes.js';
import type { Proposal } from './proposal.js';
import type { Rules } from './rules.js';
import type { TopoId, TopoSpec } from './spec.js';
import type { Package } from './topo-record.js';

export type Timers =
  | { readonly type: 'tick' }
  | { readonly type: 'rewrite' }
  | { readonly type: 'upgrade' }
  /** A unit has been computed. */
  | { readonly type: 'computed'; readonly lease: string; readonly attempt: number }
  | SyncTimer;

export interface Options {
  /** r: how many topos a node seeds at most. */
  readonly r: number;
  /** Who makes up homes: names, with blanks between them; empty: the members of the first start. */
  readonly founders: string;
  /** How many units a node works on at a time. */
  readonly workers: number;
  /** `pool`: every owner's units are worked on by all. `priority`: by the owner and its seeds. */
  readonly mode: string;
  /** How many queued topos a node keeps, as a home. */
  readonly queueSlots: number;
  /** 2f + 1: how many nodes agree on a topo's seed set. */
  readonly homes: number;
  readonly tickUs: Micros;
  readonly gossipUs: Micros;
  /** What has not been answered by then is asked again. */
  readonly retryUs: Micros;
  /** A seed that has not heard of the owner for so long, and up to twice that, takes over. */
  readonly takeOverUs: Micros;
  /** Of whom nothing was heard for so long is not counted on. */
  readonly suspectUs: Micros;
  /** A seat that is reserved is given back after so long, unless it was confirmed. */
  readonly reserveUs: Micros;
  /** A seed that has been silent for so long is replaced; 0: never. */
  readonly repairUs: Micros;
  readonly leaseUs: Micros;
  /** How long a worker computes on one unit. */
  readonly workUs: Micros;
  /** After so long the acker takes a tree for failed and replays it. */
  readonly ackUs: Micros;
  /** A waiting topo gains one in priority in this time. */
  readonly ageUs: Micros;
  /** How many workers a seed serves at a time, beside the optimistic one. */
  readonly uploads: number;
  /** How often seeds choose whom they serve; the optimistic slot goes round every third time. */
  readonly chokeUs: Micros;
  /** When the first half of the nodes gets new code for the deployed modules; 0: never. */
  readonly upgradeUs: Micros;
  /** Of the broken variant: which rule does not hold. */
  readonly mistake?: string;
}

export type Ctx = Context<Bodies, Timers, Options>;

/** All that a rule looks at: this node, its context, and which rules hold. */
export interface Env {
  readonly state: State;
  readonly ctx: Ctx;
  readonly rules: Rules;
}

/** Finding seeds for a topo: see submission.ts. */
export interface Submission {
  readonly topo: TopoId;
  readonly spec: TopoSpec;
  readonly packages: readonly Package[];
  /** Clients that wait; none where a queued topo is tried again. */
  readonly askers: Asker[];
  step: 'reserve' | 'recruit' | 'config' | 'queue';
  round: number;
  readonly seats: NodeId[];
  readonly asked: Set<NodeId>;
  /** Requests that are under way. */
  open: number;
  sinceUs: Micros;
}

/** Trying to become a topo's owner: see claim.ts. */
export interface Claim {
  readonly topo: TopoId;
  readonly spec: TopoSpec;
  readonly epoch: Epoch;
  /** The latest seed set known to be committed. */
  config: Config;
  readonly votes: Map<NodeId, Vote>;
  sentUs: Micros;
  readonly untilUs: Micros;
}

/** How far a seed follows. */
export interface Follower {
  matched: number;
  /** An answer is awaited, to entries from here to there. */
  waiting: boolean;
  from: number;
  to: number;
  sentUs: Micros;
  heardUs: Micros;
}

/** Owning a topo: see owner.ts. */
export interface Ownership {
  readonly topo: TopoId;
  readonly graph: Graph;
  readonly epoch: Epoch;
  readonly log: Line[];
  commit: number;
  /** How many entries were there before this owner. */
  readonly adopted: number;
  /** The fold of the whole log, and of its committed part, which alone has effects. */
  readonly machine: Machine;
  readonly settled: Machine;
  /** Seed sets that have to agree: the committed one, and the next if there is one. */
  configs: Config[];
  readonly followers: Map<NodeId, Follower>;
  /** Committed units that nobody works on, in order. */
  readonly available: UnitId[];
  readonly leases: Map<UnitId, UnitLease>;
  readonly attempts: Map<UnitId, number>;
  /** What workers asked for and did not get yet. */
  readonly credits: Map<NodeId, number>;
  /** How many units each worker was given. */
  readonly granted: Map<NodeId, number>;
  /** Workers that do not have the code of a vertex: `n1/double`. */
  readonly lacking: Set<string>;
  /** Who waits to hear that a record is accepted. */
  readonly askers: Map<RecordId, (readonly [NodeId, number])[]>;
  readonly emissions: Map<NodeId, Emission>;
  readonly acker: Map<RecordId, AckerTree>;
  readonly pulls: Map<string, Micros>;
  repair: Repair | undefined;
  /** Seeds that have too many seats, until when their word counts. */
  readonly relieving: Map<NodeId, Micros>;
  /** To whom it is being handed over. */
  handOff: { readonly to: NodeId; readonly sinceUs: Micros; offeredUs: Micros } | undefined;
  readonly sinceUs: Micros;
  /** Seeds and versions to which `drop` has to be said. */
  readonly dropping: Map<NodeId, number>;
  /** The seed set's version that the home knows. */
  published: number;
}

/** A seed that is being replaced, and by whom, once that one has a seat. */
interface Repair {
  readonly gone: NodeId;
  readonly heir: NodeId | undefined;
  readonly sinceUs: Micros;
}

interface UnitLease {
  readonly worker: NodeId;
  readonly attempt: number;
  readonly untilUs: Micros;
}

export interface Emission {
  /** The sink has every position before this, and those in `had`. */
  upTo: number;
  readonly had: Set<number>;
  /** The first position that it was never told. */
  next: number;
  sentUs: Micros;
}

/** What the variants of the acker that hear of edges by message know of a tree: see acker.ts. */
export interface AckerTree {
  round: number;
  sum: number;
  readonly open: Set<string>;
  /** News that came before the result that it is about. */
  early: AckerNews[];
  sinceUs: Micros;
}

/** A unit that this node works on. */
export interface Work {
  readonly owner: NodeId;
  readonly topo: TopoId;
  readonly epoch: Epoch;
  readonly unit: UnitId;
  readonly attempt: number;
  readonly untilUs: Micros;
  readonly code: CodeRef;
  readonly seeds: readonly NodeId[];
  readonly root: RecordId;
  readonly takers: readonly (readonly string[])[];
  payload: Pick<Unit, 'key' | 'value'> | undefined;
  step: 'fetch' | 'compute';
  /** Requests to seeds so far, and how many of them have refused since the last tick. */
  asked: number;
  refusals: number;
  askedUs: Micros;
}

/** Whom a seed serves payloads to: see choking.ts. */
export interface Choking {
  /** When each worker last asked and was served, and how often since the last choice. */
  readonly interested: Map<NodeId, { askedUs: Micros; served: number; servedUs: Micros }>;
  readonly unchoked: NodeId[];
  optimistic: NodeId | undefined;
  rounds: number;
  sinceUs: Micros;
}

/** A record that a client gave this node, on its way to the owner. */
export interface Passing {
  readonly feed: Feed;
  readonly asker: Asker;
  readonly untilUs: Micros;
  hint: NodeId | undefined;
  sentUs: Micros;
}

export interface State extends Keeping {
  /** By what it is about. */
  readonly notes: Map<string, Note>;
  /** When the note about a node was last renewed, as this node's clock has it. */
  readonly heardUs: Map<NodeId, Micros>;
  noteVersion: number;
  gossipAtUs: Micros;
  readonly proposals: Map<number, Proposal>;
  readonly submissions: Map<TopoId, Submission>;
  claim: Claim | undefined;
  readonly owns: Map<TopoId, Ownership>;
  /** By seat: when the owner was last heard, who it is, and how long to be patient. */
  readonly watches: Map<TopoId, Watch>;
  readonly works: Map<string, Work>;
  /** Modules as they lie on this node, by name. */
  readonly modules: Map<string, string>;
  /** Packages that were fetched and whose hash was right. */
  readonly loaded: Map<string, string>;
  readonly chunks: Map<string, string[]>;
  readonly choking: Choking;
  readonly passing: Map<number, Passing>;
  readonly queries: Map<number, Asker>;
  /** Requests in this life of the node. */
  nextId: number;
  /** Topos whose acceptance this node has told a client, and how often. For whoever looks on. */
  readonly accepted: TopoId[];
  /** Where a request for a seat came by more than every node. */
  hopsMost: number;
  /**
   * Since when every seed that was asked has refused to serve this node, and when they last did.
   */
  choked: { readonly sinceUs: Micros; readonly lastUs: Micros } | undefined;
  /** When a queued topo is tried next, and when work is asked for again. */
  queueAtUs: Micros;
  wantAtUs: Micros;
}

export interface Watch {
  heardUs: Micros;
  patienceUs: Micros;
  owner: NodeId | undefined;
  epoch: Epoch;
  /** What the owner has said to be committed. */
  commit: number;
}

/** Says something to another node, or to oneself, once all is durable. */
export function say({ state }: Pick<Env, 'state'>, dest: NodeId, body: Bodies): void {
  state.outbox.push([dest, body]);
}

/** Answers a client, once all is durable. */
export function reply(env: Pick<Env, 'state'>, { src, msgId }: Asker, body: Bodies): void {
  say(env, src, msgId === undefined ? body : answering(body, msgId));
}
