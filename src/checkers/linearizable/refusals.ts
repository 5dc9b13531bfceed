// Refusals that are answers. An operation that failed did not take place, and of most failures that
// is all there is to know. But who refuses a compare-and-set because another value is there, or a
// lock because somebody holds it, says what the object was like at an instant between the call and
// the return, as a read does. To Maelstrom and Knossos what failed says nothing.
import { type History, historyOf } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { errorName } from '../refused.js';

/** The names of errors that may say what an object was like. */
export const mismatched = 'precondition-failed';
export const absent = 'key-does-not-exist';

/** By function the errors that say what the object was like. */
export type Refusals = ReadonlyMap<string, readonly string[]>;

/**
 * The history with refusals as answers: a compare-and-set or a lock is answered by the name of its
 * error, a read by null. Positions stay as they are. O(n).
 */
export function withRefusals(history: History, refusals: Refusals, keyed: boolean): History {
  let found = false;
  const ops = history.ops.map((op): Op => {
    const name = refusalOf(op, refusals);
    if (name === undefined) return op;
    found = true;
    const answer = op.f === 'read' || op.f === 'get' ? null : name;
    const { value } = history.invocationOf(op);
    const key = keyed && Array.isArray(value) ? value[0] : undefined;
    return { ...op, type: 'ok', value: keyed ? [key, answer] : answer };
  });
  return found ? historyOf(ops) : history;
}

function refusalOf(op: Op, refusals: Refusals): string | undefined {
  if (op.type !== 'fail') return undefined;
  const name = errorName(op);
  return refusals.get(op.f)?.includes(name) === true ? name : undefined;
}
