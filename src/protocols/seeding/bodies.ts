// What nodes, clients, sinks and sources say to each other about topos.
import type { Body, ErrorBody, NodeId } from '../../node/message.js';
import type { CodeRef } from './code.js';
import type { Epoch } from './epoch.js';
import type { Config, Line, RecordId, UnitId } from './log.js';
import type { Unit } from './machine.js';
import type { Note, Stamp } from './notes.js';

import type { TopoId, TopoSpec } from './spec.js';
import type { Package, TopoRecord } from './topo-record.js';

type Says<T extends string, F = unknown> = Body & { readonly type: T } & F;

type OfTopo = { readonly topo: TopoId };
type OfEpoch = OfTopo & { readonly epoch: Epoch };
type OfLease = OfEpoch & { readonly unit: UnitId; readonly attempt: number };

/** A record on its way into a topo. */
export interface Feed {
  readonly topo: TopoId;
  readonly stream: string;
  readonly seq: number;
  readonly key: string;
  readonly value: number;
}

/** What a sink has: see the service `topo-sink`. */
type Arrival = readonly [
  ...at: [topo: TopoId, sink: NodeId, position: number],
  ...what: [record: RecordId, value: number],
  ...how: [epoch: string, visible: 0 | 1],
];

export type SubmitBody = Says<
  'submit',
  OfTopo & { readonly spec: TopoSpec; readonly packages: readonly Package[] }
>;
export type FeedBody = Says<'feed', Feed>;
export type CloseBody = Says<'close', OfTopo>;
export type HandOffBody = Says<'hand-off', OfTopo>;
export type ResizeBody = Says<'resize', { readonly r: number }>;

type ClientBodies =
  | SubmitBody
  | Says<'submit_ok', { readonly status: string }>
  | FeedBody
  | Says<'feed_ok'>
  | CloseBody
  | Says<'close_ok'>
  | HandOffBody
  | Says<'hand-off_ok'>
  | ResizeBody
  | Says<'resize_ok'>
  | Says<'topos'>
  | Says<'topos_ok', { readonly topos: readonly unknown[] }>
  | Says<'outputs', { readonly sink: NodeId }>
  | Says<'outputs_ok', { readonly outputs: readonly Arrival[] }>
  | Says<'inputs', { readonly source: NodeId }>
  | Says<'inputs_ok', { readonly inputs: readonly unknown[] }>;

/** The home register of a topo: see register.ts. */
type RegisterBodies =
  | Says<'prepare', OfTopo & { readonly ballot: Epoch; readonly id: number }>
  | Says<'prepared', Promised>
  | Says<'accept', OfTopo & { readonly ballot: Epoch; readonly id: number; value: TopoRecord }>
  | Says<'accepted', OfTopo & { readonly id: number; readonly ballot: Epoch }>
  | Says<'refused', OfTopo & { readonly id: number; readonly ballot: Epoch; full: boolean }>;

export interface Promised {
  readonly topo: TopoId;
  readonly id: number;
  /** The ballot that is promised. */
  readonly ballot: Epoch;
  readonly accepted: Epoch;
  readonly value: TopoRecord | undefined;
}

/** A request for a seat as a seed. */
export interface SeedRequest {
  readonly topo: TopoId;
  readonly spec: TopoSpec;
  readonly packages: readonly Package[];
  /** Which attempt to find seeds; −1: a replacement. */
  readonly round: number;
  readonly coordinator: NodeId;
  readonly hops: number;
  /** Who has been asked. */
  readonly tried: readonly NodeId[];
}

type SeatBodies =
  | Says<'seed-req', SeedRequest>
  | Says<'seed-req_ok', OfTopo & { readonly round: number }>
  | Says<'no-seat', OfTopo & { readonly round: number; readonly hops: number }>
  | Says<'confirm', OfTopo & { readonly config: Config }>
  | Says<'release', OfTopo & { readonly round: number }>
  | Says<'drop', OfEpoch & { readonly version: number }>
  | Says<'stray', OfTopo>
  | Says<'relieve', OfTopo>
  | Says<'dropped', OfTopo>
  | Says<'hand-over', OfTopo>
  | Says<'invite', OfTopo & { readonly spec: TopoSpec; readonly config: Config }>;

/** What a seed answers to a claim. */
export interface Vote {
  readonly topo: TopoId;
  readonly epoch: Epoch;
  readonly accepted: Epoch;
  readonly log: readonly Line[];
}

type LogBodies =
  | Says<'claim', OfEpoch & { readonly spec: TopoSpec; readonly config: Config }>
  | Says<'vote', Vote>
  /** `promised`: a later epoch. */
  | Says<'fenced', OfEpoch & { readonly promised: Epoch }>
  | Says<'replicate', Replicate>
  | Says<'replicated', OfEpoch & { readonly length: number }>
  | Says<'gap', OfEpoch & { readonly from: number; readonly length: number }>
  | Says<'offer', OfEpoch & { readonly spec: TopoSpec; readonly config: Config }>;

export interface Replicate {
  readonly topo: TopoId;
  readonly epoch: Epoch;
  /** How many entries come before these. */
  readonly from: number;
  readonly entries: readonly Line[];
  readonly commit: number;
}

type UnitBodies =
  | Says<'put', Feed & { readonly via: NodeId; readonly id: number }>
  | Says<'put_ok', { readonly id: number }>
  | Says<
      'put-refused',
      { readonly id: number; readonly owner: NodeId | undefined; closed: boolean }
    >
  | Says<'want', OfTopo & { readonly credits: number }>
  | Says<'grant', OfLease & Granted>
  | Says<'fetch', OfLease>
  | Says<'fetch_ok', OfLease & { readonly payload: Pick<Unit, 'key' | 'value'> }>
  | Says<'choked', OfLease>
  | Says<'done', OfLease & Result>
  | Says<'nack', OfLease & { readonly why: 'no_code' | 'overload' }>
  /** Only where acking is not part of `done`: see acker.ts. */
  | Says<'ack', OfEpoch & AckerNews>
  | Says<'code-want', OfTopo & { readonly hash: string; readonly chunk: number }>
  | Says<'code-chunk', { hash: string; chunk: number; chunks: number; text: string }>;

interface Granted {
  readonly leaseUs: number;
  readonly code: CodeRef;
  /** Who has the payload, where it does not come with the grant. */
  readonly seeds: readonly NodeId[];
  readonly payload: Pick<Unit, 'key' | 'value'> | undefined;
  readonly root: RecordId;
  /** For each type that the vertex produces: which vertices take it. */
  readonly takers: readonly (readonly string[])[];
}

interface Result {
  readonly hash: string;
  readonly values: readonly number[];
}

/** What Storm's workers tell the acker about a tree. */
export interface AckerNews {
  readonly root: RecordId;
  /** Edges that are new, and one that is done. */
  readonly anchored: readonly string[];
  readonly acked: readonly string[];
}

type SinkBodies =
  | Says<'emit', OfEpoch & { position: number; record: RecordId; value: number; loose: boolean }>
  | Says<'emit_ok', OfEpoch & { position: number; fenced: boolean }>
  | Says<'pull', OfTopo & { readonly stream: string; readonly from: number; max: number }>
  | Says<'pull_ok', OfTopo & { stream: string; from: number; pairs: readonly Pulled[] }>
  | Says<'arrivals'>
  | Says<'arrivals_ok', { readonly arrivals: readonly Arrival[] }>
  | Says<'records'>
  | Says<'records_ok', { readonly records: readonly unknown[] }>;

type Pulled = readonly [key: string, value: number];

type GossipBodies =
  | Says<'syn', { readonly digest: readonly (readonly [string, Stamp])[] }>
  | Says<'syn_ok', { readonly notes: readonly Note[]; readonly wanted: readonly string[] }>
  | Says<'notes', { readonly notes: readonly Note[] }>;

export type Bodies =
  | ClientBodies
  | RegisterBodies
  | SeatBodies
  | LogBodies
  | UnitBodies
  | SinkBodies
  | GossipBodies
  | ErrorBody;

/** The body of a type. */
export type Saying<T extends Bodies['type']> = Extract<Bodies, { readonly type: T }>;
