// What clients of the membership workload and its protocols say to each other: who is a member in
// your eyes, and please leave. What nodes say among themselves is each protocol's own affair.
import type { Body, NodeId } from '../../node/message.js';
import type { Status } from './standing.js';

interface Members extends Body {
  readonly type: 'members';
}

interface MembersOk extends Body {
  readonly type: 'members_ok';
  /** The node's view: every member that it has heard of, itself included. */
  readonly members: readonly (readonly [node: NodeId, status: Status, incarnation: number])[];
}

interface Leave extends Body {
  readonly type: 'leave';
}

interface LeaveOk extends Body {
  readonly type: 'leave_ok';
  /** The incarnation in which it leaves. */
  readonly incarnation: number;
}

export type ClientBodies = Members | MembersOk | Leave | LeaveOk;
