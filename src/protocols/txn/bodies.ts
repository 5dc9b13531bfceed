// What clients of the transaction workloads and their protocols say to each other.
import type { Body } from '../../node/message.js';

/** A read, with its result in a reply. */
type Read = readonly ['r', Key, unknown];
/** An append to a list, or a write of a register. */
type Change = readonly ['append' | 'w', Key, unknown];

/** Maelstrom's keys are whole numbers. */
export type Key = number | string;
export type Micro = Read | Change;

interface Txn extends Body {
  readonly type: 'txn';
  readonly txn: readonly Micro[];
}

interface TxnOk extends Body {
  readonly type: 'txn_ok';
  readonly txn: readonly Micro[];
}

export type ClientBodies = Txn | TxnOk;
