// A building block: the state of a node of a stream, what nodes write into the coordination
// service, and the options of those that are coordinated by a negotiator. Plain data only.
import type { Micros } from '../../../kernel/time.js';
import type { Body, Message, NodeId } from '../../../node/message.js';
import type { Context, OptionProblem } from '../../../node/protocol.js';
import type { Asks } from '../../leaning/asks.js';
import { askDefaults } from '../../leaning/asks.js';
import { type Session, sessionDefaults } from '../../leaning/session.js';
import { type ClientBodies, type Gate, gatewayDefaults } from '../gateway.js';
import type { Keyed } from '../topology/monoids.js';
import { topologies, topologyOf } from '../topology/named.js';
import { flawOf, type Plan } from '../topology/plan.js';
import type { Ack, Data, End, InChannel, Item, OutChannel, Refused } from './channels.js';
import { defects, namesIn } from './defects.js';

/** By partition the next offset: all before it is inside. */
export type Clock = readonly (readonly [partition: number, next: number])[];

/** What the commit pointer says: a snapshot of all processors. */
export interface Commit {
  readonly e: number;
  readonly g: number;
  readonly clock: Clock;
  /** By processor where its part is in the store: a key, or a version where there is one slot. */
  readonly parts: readonly (readonly [processor: number, name: string | number])[];
}

/** What the negotiator tells everybody. Coalescing watches may hide any but the last. */
export type Master =
  | { readonly at: 'unavailable'; readonly e: number }
  | (OfEpoch & { readonly at: 'init' })
  | (OfEpoch & { readonly at: 'rewind'; readonly seq: number; readonly clock: Clock })
  | (OfEpoch & { readonly at: 'paused'; readonly seq: number })
  | (OfEpoch & {
      readonly at: 'flowing';
      readonly seq: number;
      readonly snap: { readonly g: number; readonly clock: Clock } | undefined;
    });

interface OfEpoch {
  readonly e: number;
  /** The node of each processor. */
  readonly places: readonly NodeId[];
  readonly commit: Commit | undefined;
}

/** What a processor tells the negotiator, in its own node of the tree. */
export interface Report {
  readonly node: NodeId;
  readonly at: 'booting' | 'loaded' | 'saved' | 'paused' | 'running';
  readonly e: number;
  readonly g?: number;
  readonly seq?: number;
  readonly next?: number;
  /** Where the part is in the store. */
  readonly name?: string | number;
  /** With one slot for each bolt: the snapshot that is in it. */
  readonly slot?: Slot;
}

/** What lies in a processor's only slot beside its part. */
export interface Slot {
  readonly g: number;
  readonly clock: Clock;
}

interface OfProcessor {
  readonly id: number;
  /** The epoch that it is in; 0: none yet. */
  e: number;
  /** Its generation: how many snapshots it has begun since the stream's start. */
  g: number;
  ready: boolean;
  readonly out: Map<number, OutChannel>;
  /** By the processor they come from, or, where nobody looks at epochs, that and its node. */
  readonly in: Map<number | string, InChannel>;
  /** What the snapshot that it began with had kept of its channels, and is not worked off. */
  kept: InChannel;
  /** A snapshot for which channels are still written down. */
  recording: Recording | undefined;
  /** Its pipeline has ended, and nobody knows. */
  dead: boolean;
}

/** What was overtaken by barriers: part of a snapshot where these are unaligned. */
export interface Flight {
  readonly ins: readonly Item[];
  readonly outs: readonly Item[];
}

export interface Recording {
  readonly g: number;
  readonly part: Keyed | readonly unknown[];
  readonly ins: Item[];
  readonly outs: readonly Item[];
  /** Processors above whose barriers have not come. */
  readonly open: Set<number>;
}

export interface Spout extends OfProcessor {
  readonly kind: 'spout';
  readonly partition: number;
  next: number;
  buffer: string[];
  fetching: boolean;
  flowing: boolean;
  /** A pause that it has not seen, since it waits for input. */
  blocked: Master | undefined;
  /** Whether it has ever heard of a master state. */
  heard: boolean;
}

export interface Bolt extends OfProcessor {
  readonly kind: 'bolt';
  /** What the next snapshot has; what came after it. */
  a: Keyed;
  b: Keyed;
  /** The clock of the last snapshot, as far as it knows. */
  clock: Clock;
  /** The part that is being saved. */
  saving: Part | undefined;
}

/**
 * Outputs of a generation, under the name of their transaction; as the sink takes them: partition,
 * offset, number and value of each, one after the other.
 */
interface Release {
  readonly txn: string;
  readonly g: number;
  readonly outputs: readonly unknown[];
}

export interface Sink extends OfProcessor {
  readonly kind: 'sink';
  /** Outputs that are not shown, oldest first, by generation: in lists that stay short. */
  readonly outputs: Map<number, unknown[][]>;
  /** Transactions that are in a snapshot and may not be shown yet. */
  releases: Release[];
  /** Messages to the world so far in this epoch, and whether one is under way. */
  emitted: number;
  emitting: boolean;
  saving: Part | undefined;
}

export interface Part {
  readonly g: number;
  readonly part: Keyed | readonly unknown[];
  /** Where barriers are unaligned. */
  readonly flight?: Flight;
}

export type Processor = Spout | Bolt | Sink;

/** The negotiator's state. */
export interface Chief {
  phase:
    | 'starting'
    | 'gathering'
    | 'raising'
    | 'init'
    | 'rewind'
    | 'flowing'
    | 'pausing'
    | 'snapping'
    | 'committing'
    | 'dead';
  e: number;
  epochVersion: number;
  committedVersion: number;
  commit: Commit | undefined;
  /** By name the number of the change that registered it. */
  members: Map<string, number>;
  places: readonly NodeId[];
  seq: number;
  g: number;
  clock: Clock;
  sinceUs: Micros;
  reading: boolean;
  /** A pointer that could not be moved, and that somebody insists on. */
  pending: Commit | undefined;
}

/** What to do when a service has answered. */
export type Aim =
  | Gate
  | { readonly do: 'register' | 'look up'; readonly processor: number }
  | { readonly do: 'master' | 'master exists' | 'none' }
  | { readonly do: 'contend' | 'rival' | 'epoch' | 'committed' | 'children' }
  | { readonly do: 'raise' | 'first epoch' | 'move' }
  | (OfAsk & { readonly do: 'load' | 'listen' | 'fetch' | 'save' | 'start' | 'reserve' })
  | (OfAsk & { readonly do: 'emit' | 'release' })
  | {
      readonly do: 'read commits' | 'read past';
      readonly gate: Gate;
      readonly commits: readonly Commit[];
    };

interface OfAsk {
  readonly processor: number;
  readonly e: number;
  readonly g: number;
  readonly txn?: string;
}

export interface JobState {
  readonly asks: Asks<Aim>;
  readonly session: Session<Aim>;
  readonly plan: Plan;
  readonly flags: Flags;
  /** Names of the rules about low-water marks that are switched on among them. */
  readonly marks: readonly string[];
  /** The processors that this node has, or has if another one is gone. */
  readonly hosts: readonly number[];
  /** It has them only if another node does not. */
  readonly standsBy: boolean;
  readonly contends: boolean;
  /** Processors that another node has; `negotiator`: another one is it. */
  readonly waitsFor: Set<number | 'negotiator'>;
  /** Those of which something was heard while this node asked who has them. */
  readonly stirred: JobState['waitsFor'];
  chief: Chief | undefined;
  master: Master | undefined;
  /** A pointer that this node moves although it is the negotiator no more. */
  insisting: Commit | undefined;
  processors: Map<number, Processor>;
  /** Clients who want to know the state, which is on its way. */
  readonly readers: Message[];
}

/** By name of a defect whether it is switched on. */
export type Flags = Readonly<Record<string, boolean>>;

export const jobDefaults = {
  ...{ ...gatewayDefaults, ...sessionDefaults, ...askDefaults },
  /** A list of vertices, or the name of a topology. */
  topology: topologies.get('word-count') as unknown,
  partitions: 2,
  negotiators: 2,
  snapshotUs: 1_000_000,
  pollUs: 50_000,
  tickUs: 20_000,
  resendUs: 200_000,
  windowMax: 64,
  fetchMax: 50,
  /** fifo or unordered. */
  channels: 'fifo',
  /**
   * coloured: nobody waits. aligned: who has a marker waits for the others. unaligned: markers
   * overtake records, which are kept. none: nobody cares. off: there are no snapshots, and nothing
   * is sent again.
   */
  barriers: 'coloured',
  /** direct: shown at once; txn: shown when the snapshot is committed. */
  sinkKind: 'txn',
  defects: '',
};

export type JobOptions = typeof jobDefaults;

export type JobBodies = ClientBodies | Data | End | Ack | Refused;
export type JobCtx = Context<JobBodies | Body, never, JobOptions>;

export function jobProblem(options: JobOptions): OptionProblem | undefined {
  const { topology, partitions, negotiators, channels, sinkKind, windowMax } = options;
  for (const [option, value] of Object.entries({ partitions, negotiators, windowMax })) {
    if (value < 1) return { option, expected: 'at least 1' };
  }
  if (partitions > 1_000) return { option: 'partitions', expected: 'at most 1,000' };
  if (!['fifo', 'unordered'].includes(channels)) {
    return { option: 'channels', expected: 'fifo or unordered', names: ['fifo', 'unordered'] };
  }
  const kinds = ['coloured', 'aligned', 'unaligned', 'none', 'off'];
  if (!kinds.includes(options.barriers)) {
    return { option: 'barriers', expected: kinds.join(', '), names: kinds };
  }
  if (/aligned/.test(options.barriers) && channels !== 'fifo') {
    return { option: 'channels', expected: `fifo, which ${options.barriers} barriers need` };
  }
  if (options.barriers === 'off' && sinkKind === 'txn') {
    return { option: 'sinkKind', expected: 'direct where there are no snapshots' };
  }
  if (!['direct', 'txn'].includes(sinkKind)) {
    return { option: 'sinkKind', expected: 'direct or txn', names: ['direct', 'txn'] };
  }
  const names = [...defects.keys()];
  const strange = namesIn(options.defects).find((name) => !names.includes(name));
  if (strange !== undefined) {
    return { option: 'defects', expected: `some of ${names.join(', ')}, not ${strange}`, names };
  }
  const lawful = !namesIn(options.defects).includes('unchecked');
  const flaw = flawOf(topologyOf(topology), { partitions, lawful, ids: true });
  return flaw === undefined ? undefined : { option: 'topology', expected: flaw };
}

export function flagsOf({ defects: list }: JobOptions): Flags {
  return Object.fromEntries(namesIn(list).map((name) => [name, true]));
}
