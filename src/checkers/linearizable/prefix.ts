// Parts of parts: what had been seen up to an instant, and histories that ask for less. Whatever
// linearizes a history linearizes these too.
import { never, type Operation } from './operation.js';
import { open, type Part, partsOf } from './timeline.js';

/** The part as it was seen up to and including the event of rank `last`. O(n). */
export function prefixOf(part: Part, last: number): Part {
  const events = part.events.slice(0, last + 1);
  const count = countOf(part.calls, last);
  const returns = part.returns.slice(0, count);
  const operations = part.operations.slice(0, count);
  for (let at = 0; at < count; at++) {
    if ((returns[at] as number) <= last || returns[at] === open) continue;
    returns[at] = open;
    operations[at] = { ...(operations[at] as Operation), output: undefined, return: never };
  }
  return { key: part.key, operations, events, calls: part.calls.slice(0, count), returns };
}

/** How many of the ascending ranks are at most `last`. */
function countOf(ranks: Int32Array, last: number): number {
  let [low, high] = [0, ranks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranks[middle] as number) <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What becomes of an operation of which less is asked. */
export type Relaxation = 'keep' | 'drop' | 'unknown';

/** The part with some operations left out and some of unknown outcome. O(n log n). */
export function relaxed(part: Part, relax: (at: number) => Relaxation): Part {
  const operations = part.operations.flatMap((operation, at): Operation[] => {
    const way = relax(at);
    if (way === 'drop') return [];
    const call = part.calls[at] as number;
    const done = part.returns[at] as number;
    const known = way === 'keep' && done !== open;
    const output = known ? operation.output : undefined;
    return [{ ...operation, output, call, return: known ? done : never }];
  });
  const none = { key: part.key, operations: [], events: new Int32Array(0) };
  const ranks = { calls: new Int32Array(0), returns: new Int32Array(0) };
  return partsOf(operations, () => part.key)[0] ?? { ...none, ...ranks };
}
