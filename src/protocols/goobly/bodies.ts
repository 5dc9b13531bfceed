// What machines that run a stateful operator say to each other, and what each keeps in mind. Each
// machine has a place for one instance of the operator and for the parents of some partitions.
import type { Micros } from '../../kernel/time.js';
import type { Body, ErrorBody, NodeId } from '../../node/message.js';
import type { Context, StreamInput } from '../../node/protocol.js';
import type { Asks, AskTimer } from '../leaning/asks.js';
import type { ClientBodies, Gate } from '../streams/gateway.js';
import type { Disk } from './disk.js';
import type { Ring } from './ring.js';

/** What the register holds: the ring, and the rescale under way. Changed by compare-and-set. */
export interface Register {
  readonly ring: Ring;
  /** The highest epoch that was committed or given up. */
  readonly highest: number;
  readonly next: Next | null;
  /** Versions of what all instances held at each commit, in the store. */
  readonly commits: readonly number[];
}

export interface Next {
  readonly ring: Ring;
  /** Who sees to it, and for how many coordinators this is the same rescale. */
  readonly by: NodeId;
  readonly attempt: number;
}

/** By partition the offset of the first record that is not in it. */
type Clock = readonly (readonly [partition: number, offset: number])[];

type Counts = readonly (readonly [key: string, count: number])[];

interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** A parent hands a record to an instance. */
export interface RecordBody extends Body, Place {
  readonly type: 'record';
  readonly text: string;
  readonly epoch: number;
}

/** The record is in the state, and that is on disk. */
interface Done extends Body, Place {
  readonly type: 'done';
}

/** The record belongs to somebody else: by this ring. */
interface Refused extends Body, Place {
  readonly type: 'refused';
  readonly register: Register;
}

/** The input that a message is about, if it is about one. */
export function inputsOfBody(body: Body): readonly StreamInput[] {
  if (!['record', 'done', 'refused'].includes(body.type)) return [];
  const { partition, offset } = body as RecordBody | Done | Refused;
  return [[partition, offset]];
}

/** How far a parent is: nothing of an earlier event time will come from it, unless it is idle. */
interface Progress extends Body {
  readonly type: 'progress';
  readonly partition: number;
  readonly lowUs: Micros;
  readonly idle: boolean;
}

/** The coordinator: send no more under the ring that is. */
interface Pause extends Body {
  readonly type: 'pause';
  readonly register: Register;
}

/** A parent: all below `offset` was sent under the old ring, is on disk, and nothing follows. */
interface Watermark extends Body {
  readonly type: 'watermark';
  readonly epoch: number;
  readonly partition: number;
  readonly offset: number;
}

/** The coordinator: save your state for the next ring. */
interface Checkpoint extends Body {
  readonly type: 'checkpoint';
  readonly register: Register;
}

interface Checkpointed extends Body {
  readonly type: 'checkpointed';
  readonly epoch: number;
  readonly clock: Clock;
  readonly state: Counts;
}

/** The coordinator: take over what the next ring gives you. */
interface Restore extends Body {
  readonly type: 'restore';
  readonly register: Register;
}

interface Ready extends Body {
  readonly type: 'ready';
  readonly epoch: number;
}

/** This is decided. */
interface Adopt extends Body {
  readonly type: 'adopt';
  readonly register: Register;
}

/** What services answer, as far as a type is needed. */
interface Reply extends Body {
  readonly type:
    | ('append_ok' | 'where_ok' | 'fetch_ok' | 'shown_ok' | 'emit_ok' | 'put_ok' | 'find_ok')
    | ('read_ok' | 'cas_ok' | 'archive_ok');
}

export type Bodies =
  | ClientBodies
  | ErrorBody
  | Reply
  | RecordBody
  | Done
  | Refused
  | Progress
  | Pause
  | Watermark
  | Checkpoint
  | Checkpointed
  | Restore
  | Ready
  | Adopt;

/** What a node does once its disk has what was written. */
export type After =
  | { readonly do: 'ack'; readonly to: NodeId; readonly partition: number; readonly offset: number }
  | { readonly do: 'emit'; readonly key: string; readonly id: string }
  | { readonly do: 'mark'; readonly partition: number; readonly mark: Mark }
  | { readonly do: 'frozen'; readonly epoch: number; readonly by: NodeId }
  | { readonly do: 'staged'; readonly epoch: number; readonly by: NodeId }
  | { readonly do: 'nothing' };

export type Timers =
  | AskTimer
  /** Parents send again what nobody has acknowledged, and say how far they are. */
  | { readonly type: 'parents' }
  | { readonly type: 'look' }
  | { readonly type: 'scale'; readonly attempt: number; readonly epoch: number }
  /** A timer of a key, in processing time. */
  | { readonly type: 'due'; readonly key: string; readonly id: string; readonly set: number }
  /** Only those who trust the wall clock look at it. */
  | { readonly type: 'wall' }
  | { readonly type: 'saved'; readonly after: After };

/** What a node meant to do with an answer. */
export type Aim =
  | Gate
  | { readonly do: 'fetched'; readonly partition: number }
  | { readonly do: 'emitted'; readonly key: string; readonly id: string }
  | { readonly do: 'looked' }
  | { readonly do: 'register'; readonly gate: Gate }
  | { readonly do: 'archived'; readonly gate: Gate }
  | { readonly do: 'recorded'; readonly epoch: number }
  | { readonly do: 'changed'; readonly want: Register }
  | { readonly do: 'compared'; readonly want: Register }
  | { readonly do: 'checkpointed'; readonly epoch: number; readonly by: NodeId }
  | { readonly do: 'found'; readonly epoch: number; readonly from: NodeId; readonly by: NodeId };

/** A timer of a key; it is kept, saved and moved with the key's count. */
export interface KeyTimer {
  readonly partition: number;
  readonly offset: number;
  readonly domain: 'event' | 'processing';
  /** When it is due: in event time, or by the clock of the machine that set it. */
  readonly dueUs: Micros;
  /** How long after it was set. */
  readonly lagUs: Micros;
  /** Tells it from one of the same name before. */
  readonly set: number;
}

/** An output that was made and is not known to be shown. Its source is told apart by the sink. */
interface Output {
  readonly source: string;
  readonly partition: number;
  readonly offset: number;
}

/** What the operator knows of a key: one record on disk, so that it changes as a whole. */
export interface Row {
  count: number;
  /** Records that are in it. */
  readonly seen: Set<string>;
  readonly timers: Map<string, KeyTimer>;
  readonly outbox: Map<string, Output>;
  /** Counts timers that were set. */
  sets: number;
}

/** What a parent has on disk. */
export interface Mark {
  /** All records before this one are in the state. */
  readonly low: number;
  /** For this epoch nothing from there on was sent, and watermarks say so; 0: there is no pause. */
  readonly paused: number;
}

export interface Parent {
  readonly partition: number;
  /** How far its disk knows that records are in the state; it is never far ahead of that. */
  marked: number;
  /** Records before this one may have been sent before a crash: a watermark comes after them. */
  replay: number;
  /** The epoch for which watermarks were sent, as the disk has it after a crash. */
  readonly pausedBefore: number;
  /** The next offset to ask the log for. */
  next: number;
  fetching: boolean;
  /** Read and not sent, oldest first. */
  readonly buffer: Map<number, string>;
  /** Sent and not acknowledged. */
  readonly sent: Map<number, Sent>;
  /**
   * Nothing new is sent under the ring that is because this epoch is coming; 0: no pause; −1: it is
   * not known after a crash, and the register must be read first.
   */
  paused: number;
  /** How many times in a row the log had nothing new. */
  quiet: number;
}

interface Sent {
  readonly text: string;
  to: NodeId;
}

export interface Operator {
  /** The ring under which it takes records. */
  epoch: number;
  readonly rows: Map<string, Row>;
  /** A checkpoint for this epoch is taken; 0: none. Until that is decided nothing may change. */
  frozen: number;
  /** Whether the checkpoint is in the store. */
  saved: boolean;
  /** Watermarks of parents for this epoch, by partition. */
  readonly waters: { epoch: number; readonly of: Map<number, Watermark> };
  readonly staged: Staged;
  /** By partition what its parent said last. */
  readonly progress: Map<number, { readonly lowUs: Micros; readonly idle: boolean }>;
  /** Event time has come so far. */
  watermarkUs: Micros;
  /** Records that came behind it. */
  late: number;
  /** The key that was changed last, for observers. */
  touched: string;
  /** Where timers stay behind: keys that are gone and whose timers still fire here. */
  readonly ghosts: Map<string, Row>;
}

/** What was restored for a ring that is not committed yet. */
export interface Staged {
  epoch: number;
  readonly rows: Map<string, Row>;
  /** Whose checkpoints are in it. */
  readonly from: Set<NodeId>;
  whole: boolean;
}

/** The rescale that this node coordinates. */
export interface Scaling {
  readonly register: Register;
  readonly next: Next;
  phase: 'checkpoint' | 'restore' | 'record' | 'decide';
  waiting: Set<NodeId>;
  readonly parts: Map<NodeId, Checkpointed>;
  tries: number;
}

export interface State {
  readonly asks: Asks<Aim>;
  readonly disk: Disk;
  register: Register;
  /** For how many looks the register has been as it is. */
  looks: number;
  readonly parents: Map<number, Parent>;
  readonly operator: Operator;
  scaling: Scaling | undefined;
}

export interface Options {
  /** Services, by name. */
  readonly log: string;
  readonly sink: string;
  readonly store: string;
  /** The service that has the register. */
  readonly register: string;
  readonly partitions: number;
  /** Instances at the start. */
  readonly operators: number;
  readonly vnodes: number;
  /** Fixed buckets instead of tokens; 0: tokens. */
  readonly buckets: number;
  /** Records that a parent has read and nobody has acknowledged, at most. */
  readonly window: number;
  /** A service that has not answered is asked again after so long. */
  readonly askUs: Micros;
  readonly retryUs: Micros;
  readonly lookUs: Micros;
  /** How long a ring stays before the next rescale. */
  readonly rescaleUs: Micros;
  /** Rescales that are tried in all. */
  readonly rescales: number;
  /** A rescale that takes longer is given up. */
  readonly abortUs: Micros;
  /** A coordinator of whom nothing has come for so long is replaced. */
  readonly takeOverUs: Micros;
  /** `event` or `processing`. */
  readonly timers: string;
  /** How long after its record a key's timer is due. */
  readonly lagUs: Micros;
  /** Event time from one offset to the next. */
  readonly eventUs: Micros;
  /** A partition without records for so long is idle: event time does not wait for it; 0: never. */
  readonly idleUs: Micros;
}

export type Ctx = Context<Bodies, Timers, Options>;

/** What differs between the sound designs and the broken ones. */
export interface Rules {
  /** Whether an instance waits until all that was sent under the old ring is in its state. */
  readonly drain: boolean;
  /** Whether records of an older ring are refused. */
  readonly fence: boolean;
  /** Which parents are paused, where any are. */
  readonly paused: 'all' | 'all but one' | 'none';
  /** A restore that is asked for again. */
  readonly restore: 'once' | 'again';
  /** What becomes of the timers of a key that moves. */
  readonly timers: 'move' | 'stay too' | 'are lost';
  /** Whether a rescale that takes too long is given up. */
  readonly abort: boolean;
  /** Whether a firing is on disk before its output is sent. */
  readonly firing: 'one step' | 'output first';
  /** How processing time is told. */
  readonly clock: 'lapse' | 'wall';
}
