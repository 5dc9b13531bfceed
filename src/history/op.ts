// One line of a history, in Jepsen's words: an operation is invoked, then completes as ok (it
// happened), fail (it certainly did not) or info (nobody knows, and it may still happen later).
import type { Micros } from '../kernel/time.js';

/** What an operation's line says of it. */
export type OpType = 'invoke' | 'ok' | 'fail' | 'info';

/**
 * One line of a history. `process` is a client that does one thing at a time; after an `info` it
 * never comes back and its worker goes on under a new number. `value` is the argument on `invoke`
 * and the result on `ok`. `index` is the line's position, from 0, without gaps.
 */
export interface Op<F extends string = string, V = unknown> {
  readonly index: number;
  readonly timeUs: Micros;
  readonly process: number | 'nemesis';
  readonly type: OpType;
  readonly f: F;
  readonly value: V;
  /** Why an operation failed or is unknown: `timeout`, `precondition-failed` … */
  readonly error?: string;
  /** The node that the operation was sent to, where known. */
  readonly node?: string;
  /** An operation of the final phase, after all faults have ended. */
  readonly final?: boolean;
}
