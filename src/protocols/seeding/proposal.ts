// A change that a node proposes to a topo's home, and how it ended: see register.ts.
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { Promised } from './bodies.js';
import type { Epoch } from './epoch.js';
import type { TopoId, TopoSpec } from './spec.js';
import type { Package, TopoRecord } from './topo-record.js';

/** A compare-and-set. One that does not apply changes nothing. */
export type Change =
  | { readonly kind: 'read' }
  | { readonly kind: 'reserve'; spec: TopoSpec; packages: readonly Package[]; nowUs: Micros }
  | { readonly kind: 'withdraw' | 'enqueue'; readonly round: number }
  | { readonly kind: 'assign'; readonly round: number; readonly seeds: readonly NodeId[] }
  | { readonly kind: 'reseed'; readonly version: number; readonly seeds: readonly NodeId[] }
  | { readonly kind: 'finish' };

/** What to do when a proposal is settled. */
export type Then =
  | { readonly kind: 'submission' | 'claim' | 'finished' | 'published' }
  | { readonly kind: 'expiry'; readonly round: number };

export interface Proposal {
  readonly id: number;
  readonly topo: TopoId;
  readonly change: Change;
  readonly then: Then;
  ballot: Epoch;
  readonly promises: Map<NodeId, Promised>;
  /** What is to be accepted, once a majority has promised. */
  value: TopoRecord | undefined;
  accepting: boolean;
  readonly accepts: Set<NodeId>;
  /** Homes without room for a queued topo. */
  readonly full: Set<NodeId>;
  dueUs: Micros;
  attempts: number;
}

/** How a proposal ended. Without `ok` nobody knows whether it was or will be done. */
export interface Settled {
  readonly topo: TopoId;
  readonly then: Then;
  readonly change: Change;
  readonly ok: boolean;
  /** Every home was without room: it is certain that nothing was changed. */
  readonly full: boolean;
  readonly value: TopoRecord | undefined;
}
