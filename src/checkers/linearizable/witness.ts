// Why a part is not linearizable: the shortest prefix that is not, the operations without which it
// would be, and how far one can get. Bounded: explaining is not to cost much more than deciding;
// what it cannot find within its bounds it leaves out.
import type { Clue } from './bounds.js';
import { conflictIn } from './conflict.js';
import type { Order } from './longest-orders.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';
import { prefixOf } from './prefix.js';
import { shortestBadPrefix } from './shortest-prefix.js';
import type { Part } from './timeline.js';

/** Why a part is not linearizable. */
export interface Witness {
  readonly model: Model;
  /** The shortest bad prefix; in it, operations that had not returned are unknown. */
  readonly prefix: Part;
  /** Whether it is known to be the shortest. */
  readonly shortest: boolean;
  /** Positions in `prefix.operations`: the one whose return ends the prefix. */
  readonly stuck: number;
  /** Those that conflict, `stuck` among them: whatever had happened before, they cannot be. */
  readonly conflict: readonly number[];
  /** Longest partial linearizations: orders of all that returned before the end of the prefix. */
  readonly partials: readonly Order[];
}

/** Explains an invalid part. */
export function witnessOf(part: Part, model: Model, clue: Clue): Witness {
  const { last, shortest, conflict, orders } = shortestBadPrefix(part, model, clue);
  const prefix = prefixOf(part, last);
  const stuck = (part.events[last] as number) >> 1;
  const named = new Set([...(conflict ?? conflictIn(prefix, model, last)), stuck]);
  return {
    ...{ model, prefix, shortest, stuck, partials: orders },
    conflict: [...named].sort((a, b) => a - b),
  };
}

/** The operation at a position of the prefix. */
export function operationAt({ prefix }: Witness, at: number): Operation {
  return prefix.operations[at] as Operation;
}
