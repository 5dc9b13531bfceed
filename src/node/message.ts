// Messages in Maelstrom's shape, so that a protocol of ours and a program behind a pipe can share a
// cluster. Source: Maelstrom, doc/protocol.md.
import { clone } from '../kernel/plain.js';

/** A party's name: `n0` serves, `c0` is a client; clients' names start with `c`. */
export type NodeId = string;

/** What a message says. Bodies are plain data; more fields follow by `type`. */
export interface Body {
  readonly type: string;
  readonly msg_id?: number | undefined;
  readonly in_reply_to?: number | undefined;
}

/** An error reply. Codes: see `errorCodes`. */
export interface ErrorBody extends Body {
  readonly type: 'error';
  readonly code: number;
  readonly text?: string;
}

/**
 * A body on its way from `src` to `dest`. The receiver's copy is its own; only lists of 64 scalars
 * or more that the sender has frozen are the same list, which nobody can change.
 */
export interface Message<B extends Body = Body> {
  readonly src: NodeId;
  readonly dest: NodeId;
  readonly body: B;
}

type Numbered = { -readonly [K in keyof Body]: Body[K] };

// Assigned, not spread: V8 11 (Node 20) makes a hidden class for every spread object that gets one
// more field, which takes microseconds and is left to the next collection of old objects.

/** `body` as the answer to the message of this id. */
export function answering<B extends Body>(body: B, msgId: number): B {
  const copy: Numbered = Object.assign({}, body);
  copy.in_reply_to = msgId;
  return copy as B;
}

/** `body` with an id of its own, to be answered. */
export function numbered<B extends Body>(body: B, msgId: number): B {
  const copy: Numbered = Object.assign({}, body);
  copy.msg_id = msgId;
  return copy as B;
}

/** A copy of `body`, to be sent again as it is now. O(its size); throws if it is not plain. */
export function asOfNow<B extends Body>(body: B): B {
  return clone(body);
}

/** Maelstrom's error codes. `definite` means that the operation certainly did not happen. */
export const errorCodes: ReadonlyMap<
  number,
  { readonly name: string; readonly definite: boolean }
> = new Map([
  [0, { name: 'timeout', definite: false }],
  [1, { name: 'node-not-found', definite: true }],
  [10, { name: 'not-supported', definite: true }],
  [11, { name: 'temporarily-unavailable', definite: true }],
  [12, { name: 'malformed-request', definite: true }],
  [13, { name: 'crash', definite: false }],
  [14, { name: 'abort', definite: true }],
  [20, { name: 'key-does-not-exist', definite: true }],
  [21, { name: 'key-already-exists', definite: true }],
  [22, { name: 'precondition-failed', definite: true }],
  [30, { name: 'txn-conflict', definite: true }],
]);
