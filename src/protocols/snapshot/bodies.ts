// What nodes that keep money and take snapshots of all of it say to each other and to clients, and
// what a snapshot is made of. Knows no algorithm.
import type { Body, ErrorBody, NodeId } from '../../node/message.js';

/** Pay somebody, whom the node draws by chance. */
interface Transfer extends Body {
  readonly type: 'transfer';
  readonly amount: number;
}

interface TransferOk extends Body {
  readonly type: 'transfer_ok';
  readonly to: NodeId;
}

/** Take a snapshot of the whole cluster. */
interface Snapshot extends Body {
  readonly type: 'snapshot';
}

interface SnapshotOk extends Body {
  readonly type: 'snapshot_ok';
  readonly cut: Cut;
}

export type ClientBodies = Transfer | TransferOk | Snapshot | SnapshotOk | ErrorBody;

/** A payment as a channel's state names it: which of those from one node to another, how much. */
export type Payment = readonly [seq: number, amount: number];

/** A node's own state at the moment that a snapshot records. */
export interface Account {
  readonly node: NodeId;
  readonly balance: number;
  /** How many payments had been sent to others. */
  readonly sent: readonly { readonly to: NodeId; readonly count: number }[];
  /** Which had been received: 1 … `upTo` and those `beyond`. */
  readonly received: readonly {
    readonly from: NodeId;
    readonly upTo: number;
    readonly beyond: readonly number[];
  }[];
}

/** What a snapshot holds to be under way from one node to another. */
export interface Channel {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly payments: readonly Payment[];
}

/** A snapshot of the cluster: a cut through the histories of all nodes. */
export interface Cut {
  readonly id: string;
  readonly accounts: readonly Account[];
  /** Those that are not empty. */
  readonly channels: readonly Channel[];
}
