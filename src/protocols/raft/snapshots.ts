// A snapshot (chapter 5): the state machine as of an entry, with all that the entries before it
// would tell: the entry's term, the members, the sessions.
import type { NodeId } from '../../node/message.js';
import type { Machine } from './machine.js';

export interface Snapshot {
  /** The last entry that it covers. */
  readonly index: number;
  readonly term: number;
  readonly members: readonly NodeId[];
  readonly machine: Machine;
}
