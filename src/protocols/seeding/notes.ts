// What gossip carries: for each node a note by itself of what it can do, for each topo a note of
// who owns and seeds it. Gossip grants nothing; whoever wants something asks its holder (streams:
// "gossip never grants anything").
import type { NodeId } from '../../node/message.js';
import { hashOf } from './code.js';
import { compare, type Epoch } from './epoch.js';
import type { TopoId } from './spec.js';

/** How new a note is; lists compare from left to right. */
export type Stamp = readonly number[];

/** A node's availability. */
export interface NodeNote {
  readonly kind: 'node';
  readonly freeWorkers: number;
  readonly owns: readonly TopoId[];
  readonly seeding: readonly TopoId[];
  /** r less the number of topos that it seeds. */
  readonly seedFree: number;
}

export type TopoStatus = 'reserved' | 'queued' | 'assigned' | 'done';

export interface TopoNote {
  readonly kind: 'topo';
  readonly topo: TopoId;
  readonly status: TopoStatus;
  readonly epoch: Epoch;
  readonly owner: NodeId | undefined;
  readonly seeds: readonly NodeId[];
  readonly version: number;
  readonly priority: number;
}

export interface Note {
  readonly about: string;
  readonly stamp: Stamp;
  readonly content: NodeNote | TopoNote;
}

export const aboutNode = (node: NodeId): string => `node:${node}`;
export const aboutTopo = (topo: TopoId): string => `topo:${topo}`;

const ranks: Readonly<Record<TopoStatus, number>> = {
  ...{ reserved: 0, queued: 1, assigned: 2, done: 3 },
};

/**
 * A topo's note is newer if its status is further, then by the counter of its epoch, then by seed
 * set. Of two epochs with one counter the stamps tell only that they differ: see `compareNotes`.
 */
export function topoStamp({ status, epoch, version, owner }: TopoNote): Stamp {
  const tie = owner === undefined ? 0 : Number.parseInt(hashOf(`${epoch[1]} ${owner}`), 16);
  return [ranks[status], epoch[0], version, tie];
}

/** Where a topo's stamp has no order, only a difference. */
const tieAt = 3;

function firstDifference(a: Stamp, b: Stamp): number {
  let at = 0;
  while (at < Math.max(a.length, b.length) && a[at] === b[at]) at++;
  return at;
}

export function compareStamps(a: Stamp, b: Stamp): number {
  const at = firstDifference(a, b);
  return (a[at] ?? -1) - (b[at] ?? -1);
}

/** Whether a note with the first stamp may be newer than one with the second. */
export function mayBeNewer(a: Stamp, b: Stamp): boolean {
  const differ = a.length > tieAt || b.length > tieAt ? firstDifference(a, b) === tieAt : false;
  return differ ? (a[tieAt] ?? -1) !== (b[tieAt] ?? -1) : compareStamps(a, b) > 0;
}

/** Positive: the first note is newer. Of two owners with one counter the later epoch's is. */
export function compareNotes(a: Pick<Note, 'stamp' | 'content'>, b: Note): number {
  const tied = firstDifference(a.stamp, b.stamp) === tieAt;
  if (!tied || a.content.kind !== 'topo' || b.content.kind !== 'topo') {
    return compareStamps(a.stamp, b.stamp);
  }
  return compare(a.content.epoch, b.content.epoch) || compareStamps(a.stamp, b.stamp);
}
