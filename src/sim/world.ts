// The world: everything a run consists of at one instant. All of it is plain data or clonable, so a
// world can be forked, digested and looked at. What changes it is in the files beside this one;
// they meet only through the queue.
import type { MessageCount } from '../history/counts.js';
import type { Op } from '../history/op.js';
import type { Digest } from '../kernel/digest.js';
import type { Isolator } from '../kernel/isolate.js';
import type { Key } from '../kernel/key.js';
import type { Plain } from '../kernel/plain.js';
import type { EventQueue } from '../kernel/queue.js';
import type { KeyedRandom } from '../kernel/random.js';
import type { Micros } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { Network, Passage } from '../network/network.js';
import type { Body, NodeId } from '../node/message.js';
import type { Cluster } from '../node/property.js';
import type { Context } from '../node/protocol.js';
import type { Invocation } from '../workloads/workload.js';
import type { Clock } from './clock.js';
import type { Disk } from './disk.js';
import type { Doubles } from './double.js';
import type { EventKey } from './edit.js';
import type { EditIndex } from './edit-index.js';
import type { AtOnce, Effects } from './effects.js';
import type { Journal } from './journal.js';
import type { LinkKeys } from './link-keys.js';
import type { Program } from './program.js';
import type { Roster } from './roster.js';
import type { WorldSpec } from './spec.js';
import type { EffectRow, Phase, Step } from './step.js';
import type { TimerTable } from './timer-table.js';
import type { Trace } from './trace.js';
import type { Watch } from './watch.js';

/** Whoever can send and receive: a node or a client. Its number is its place in `parties`. */
export interface Party {
  readonly name: NodeId;
  readonly index: number;
  readonly isClient: boolean;
  readonly node: NodeState | undefined;
  /** The worker whose client this is; −1 for nodes and the administrator. */
  readonly worker: number;
  /** Its own number; of a client that of its worker's first one, with which it shares a key. */
  readonly kin: number;
  /** Its place in `World.programs`: 0, what members run; a service has one of its own. */
  readonly program: number;
}

/** A node that is `paused` is up; nothing happens at it until it is resumed. */
export type Status = 'up' | 'paused' | 'down' | 'left';

export interface NodeState {
  readonly name: NodeId;
  readonly index: number;
  status: Status;
  incarnation: number;
  disk: Disk;
  clock: Clock;
  /** Slots of events that wait for the node: it is paused, or slow and busy. */
  held: number[];
  /** The slot of the first of those that wait, once it is in the queue again; 0: none is. */
  admitted: number;
  busyUntilUs: Micros;
  /** Active faults that lie on this node, with their numbers. */
  afflictions: Affliction[];
  /** Derived from `afflictions`. */
  serviceUs: Micros;
  /** The slot of its start, while that is scheduled; 0: it is not. */
  starting: number;
  /** Crashes that keep it down, the first that struck first; none: its own doing. */
  downBy: number[];
  /** Faults that have put the clock wrong for good: they are effective once it is read. */
  jumps: number[];
  /** Which of the protocol's milestones held after the last event. */
  reached: Set<string>;
}

interface Affliction {
  readonly fault: number;
  readonly what: Fault;
}

/** A planned fault, milestone or fault by edit, and what became of it. */
export interface FaultState {
  readonly id: string;
  readonly fault: Fault;
  readonly forUs: Micros | undefined;
  startUs: Micros | undefined;
  endUs: Micros | undefined;
  /** Messages, operations, writes and timers whose fate it changed. */
  touched: number;
}

export interface MilestoneState {
  count: number;
  reachedUs: Micros | undefined;
}

/** A worker thread: one client at a time, one operation at a time. */
export interface Worker {
  readonly index: number;
  process: number;
  /** The party of its current client; −1 before the first operation. */
  client: number;
  /** What its current client keeps in mind between operations. */
  mind: Plain;
  /** The open operation; `undefined` when idle. */
  open: OpenOp | undefined;
  /** Operations that are due but wait for the open one. */
  backlog: DueOp[];
}

export interface DueOp {
  readonly op: Invocation;
  /** The operation's stable number. */
  readonly number: number;
  readonly final: boolean;
  /** Key of the operation. */
  readonly keyHi: number;
  readonly keyLo: number;
  /** Where to; `undefined`: the worker's own node. */
  readonly node: NodeId | undefined;
  /** How often it has been tried before. */
  readonly attempt: number;
}

export interface OpenOp extends DueOp {
  /** Index of the invocation in the history. */
  readonly index: number;
  readonly messageId: number;
  readonly target: NodeId;
  readonly timeoutSlot: number;
}

/** A message at the moment of sending: parties by number, its key, the event that sent it. */
export interface Envelope {
  source: number;
  target: number;
  body: Body;
  hi: number;
  lo: number;
  cause: number;
}

/** A message that a cut keeps. Those held at arrival have the epoch of their connection. */
export interface HeldMessage extends Readonly<Envelope> {
  readonly epoch?: number;
}

/** When operations are due, planned ahead: the i-th at `atUs[i]` by worker `workers[i]`. */
export interface OpPlan {
  readonly atUs: Float64Array;
  readonly workers: Int32Array;
  /** Their stable numbers; `undefined`: the i-th is number i. */
  readonly numbers: Int32Array | undefined;
  /** From here on numbers belong to what no plan has: final operations. */
  readonly numbersEnd: number;
}

/**
 * A node that threw, the first time: `handler` is `init`, `on.read`, `timers.retry`, `invariant` …
 * `count` says how often it threw the same in the same handler.
 */
export interface CrashReport {
  readonly node: NodeId;
  readonly atUs: Micros;
  readonly event: number;
  readonly key: string;
  readonly handler: string;
  readonly message: string;
  count: number;
  readonly stack: string;
}

export type End = 'done' | 'events-limit' | 'pending-limit';

export interface World {
  readonly spec: WorldSpec;
  /** What members run, then what each service runs. */
  readonly programs: readonly Program[];
  /** Whether any of them has an invariant. */
  readonly invariants: boolean;
  /** Keys for what programs say whose timing is not ours; `undefined`: there are none. */
  readonly linkKeys: LinkKeys | undefined;
  readonly edits: EditIndex | undefined;
  queue: EventQueue;
  readonly parties: Party[];
  readonly partyOf: Map<NodeId, number>;
  /** By party: what the loop needs of each, in few bytes. */
  readonly roster: Roster;
  /** Current members, in the order of joining. A new array when it changes. */
  members: readonly NodeId[];
  readonly network: Network;
  timers: TimerTable;
  /** Messages that cuts in mode `hold` keep, in the order of sending. */
  heldMessages: HeldMessage[];
  /** Messages that wait for events, by the key of the event: edits want them to arrive before. */
  readonly awaiting: Map<EventKey, Envelope[]>;
  readonly faults: FaultState[];
  readonly milestones: MilestoneState[];
  readonly workers: Worker[];
  readonly plan: OpPlan;
  generatorState: Plain;
  generatorDone: boolean;
  opNext: number;
  phase: Phase;
  /** Why the run is over; `undefined` while it goes on. */
  end: End | undefined;
  /** Events so far. */
  events: number;
  readonly digest: Digest;
  readonly history: Op[];
  readonly crashes: CrashReport[];
  readonly counts: {
    readonly clients: Mutable<MessageCount>;
    readonly servers: Mutable<MessageCount>;
  };
  /** Messages whose type the protocol has no handler for, by type. */
  readonly unhandled: Map<string, number>;
  /** What properties remember and have found; `undefined`: there are none. */
  readonly watch: Watch | undefined;
  /** The world as properties see it; made with the world, which it points back to. */
  readonly cluster: Cluster;
  /** Which edits have been applied, by their position. */
  readonly applied: Set<number>;
  /** The in-memory trace, when one is wanted. Not forked. */
  trace: Trace | undefined;
  /** Told of every event, when set. Not forked. */
  observer: ((step: Step) => void) | undefined;
  /** Told of messages and logs, when set. Not forked. */
  journal: Journal | undefined;
  readonly scratch: Scratch;
  /** The context that handlers get; made with the world, which it points back to. */
  readonly context: Door;
}

/** A context that the loop turns to one node after the other. */
export interface Door extends Context {
  /** Turns to a node, by its number, for the length of one handler. */
  open(index: number): void;
  close(): void;
}

/** What the loop reuses for every event; it holds nothing between events. */
export interface Scratch {
  /** Effects that take place while their handler still runs. */
  readonly atOnce: AtOnce;
  readonly effects: Effects;
  readonly isolator: Isolator;
  readonly random: KeyedRandom;
  readonly key: Key;
  /** What is known to be frozen for good: messages of strict mode and their parts. */
  readonly immutables: WeakSet<object>;
  /** What strict mode rehearses on. */
  readonly doubles: Doubles;
  readonly passage: Passage;
  readonly envelope: Envelope;
  /** For counting effects to the same destination within one event. */
  stamp: number;
  stamps: Int32Array;
  sent: Int32Array;
  /** Key of the event at hand. */
  hi: number;
  lo: number;
  /** Pairs whose connections broke at an event. */
  readonly breaks: { event: number; readonly pairs: Set<number> };
  /** Effect rows for the observer. */
  rows: EffectRow[];
  /** Why the event at hand came to nothing: a lost message's reason, a sync's error; or ''. */
  outcome: string;
  /** What a handler at the event at hand threw. */
  crash: string | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A fault that has not struck yet. */
export function faultState(id: string, fault: Fault, forUs: Micros | undefined): FaultState {
  return { id, fault, forUs, startUs: undefined, endUs: undefined, touched: 0 };
}

/** Counts a change of fate for a fault; −1 is nobody's. */
export function touch(world: World, fault: number): void {
  const state = world.faults[fault];
  if (state !== undefined) state.touched++;
}
