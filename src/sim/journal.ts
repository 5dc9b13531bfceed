// What a journal of a run is told: each message when it leaves and when it arrives, and what stands
// in nodes' logs. It costs a fraction of an observer, for no step is built, and no lane is closed.
import type { Micros } from '../kernel/time.js';
import type { Decision } from '../network/network.js';
import type { Message, NodeId } from '../node/message.js';

/** A message at one end of its way: (hi, lo) is its key. Its body may change: read it at once. */
export interface Passing extends Message {
  readonly hi: number;
  readonly lo: number;
  readonly atUs: Micros;
}

/** Told while a run goes on, in order. */
export interface Journal {
  /** A message leaves; of `decision` its outcome, its why and its copy count. */
  sent(message: Passing, decision: Decision): void;
  /** `outcome`: '' it is there; `held` a cut keeps it; else why it was lost. */
  arrived(message: Passing, outcome: string): void;
  /** A line of a node's log: it started, crashed, was struck by a fault, or notes something. */
  logged(node: NodeId, atUs: Micros, text: string): void;
}
