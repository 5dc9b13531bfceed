// A stretch of what was done to a counter. Adds can take effect whatever had happened, so all that
// is forgotten of what comes before is who had read which sum: a proof that nobody gets to the end
// of the stretch is one for the whole.
import { type CounterPart, counterKind } from './counter-part.js';

/** Those called before `from` are not asked for sums; events from `end` on are not looked at. */
export interface Stretch {
  readonly from: number;
  readonly end: number;
}

/** The operations, of which those that were called before a rank are not asked for sums. O(n). */
export function unasked(given: CounterPart, from: number): CounterPart {
  if (from === 0) return given;
  const { calls } = given.part;
  const kinds = given.kinds.map((kind, at) => {
    if ((calls[at] as number) >= from || kind < counterKind.read) return kind;
    return kind === counterKind.read ? counterKind.idle : counterKind.add;
  });
  return { ...given, kinds };
}

/** What is there if only those have taken effect that had to before a rank. O(n). */
export function returnedBefore(
  { part, kinds, amounts, amountOf, init }: CounterPart,
  rank: number,
) {
  let sum = init;
  for (let at = 0; at < rank; at++) {
    const event = part.events[at] as number;
    const kind = kinds[event >> 1];
    if ((event & 1) === 0 || (kind !== counterKind.add && kind !== counterKind.bump)) continue;
    sum += amounts[amountOf[event >> 1] as number] as number;
  }
  return sum;
}
