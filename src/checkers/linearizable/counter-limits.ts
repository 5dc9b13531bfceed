// How much those of unknown outcome can have added to a counter, by what reads show: at least what
// is lacking if all have added that may have, at most what is too much if nobody has but who must.
import type { Outcome } from './bounds.js';
import { type CounterPart, counterKind } from './counter-part.js';
import { open } from './timeline.js';

/** Limits by rank: of sums and of what unknown operations have added, by what is read later. */
export interface CounterLimits {
  readonly sums: Float64Array;
  readonly unknown: Float64Array;
}

/** Limits, none where the counter shrinks as well; or why there are none. O(n). */
export function counterLimitsOf(given: CounterPart): CounterLimits | Outcome {
  const { part, kinds, wants } = given;
  const { events, calls } = part;
  const totals = totalsOf(given);
  const stuck = clashOf(given, totals);
  if (stuck >= 0) return { verdict: 'invalid', stuck, certain: true };
  const sums = new Float64Array(events.length + 1).fill(Number.POSITIVE_INFINITY);
  const unknown = sums.slice();
  for (let rank = given.grows ? events.length - 1 : -1; rank >= 0; rank--) {
    const event = events[rank] as number;
    const at = event >> 1;
    const [sum, most] = [sums[rank + 1] as number, unknown[rank + 1] as number];
    const asks = (event & 1) === 0 && (kinds[at] as number) >= counterKind.read;
    const want = asks ? (wants[at] as number) : Number.POSITIVE_INFINITY;
    sums[rank] = Math.min(sum, want);
    unknown[rank] = Math.min(most, want - (totals.returned[calls[at] as number] as number));
  }
  return { sums, unknown };
}

/** What was added before a rank: by those who have returned, and by all those called. */
interface Totals {
  readonly returned: Float64Array;
  /** Of amounts above 0 and below. */
  readonly returnedUp: Float64Array;
  readonly calledUp: Float64Array;
  readonly calledDown: Float64Array;
  /** Of unknown outcome. */
  readonly unknownUp: Float64Array;
  readonly unknownDown: Float64Array;
}

function totalsOf({ part, kinds, amountOf, amounts, init }: CounterPart): Totals {
  const { events, returns } = part;
  const column = () => new Float64Array(events.length + 1);
  const [returned, returnedUp, calledUp, calledDown] = [column(), column(), column(), column()];
  const [unknownUp, unknownDown] = [column(), column()];
  const all = [returned, returnedUp, calledUp, calledDown, unknownUp, unknownDown];
  returned[0] = init;
  for (let rank = 0; rank < events.length; rank++) {
    for (const each of all) each[rank + 1] = each[rank] as number;
    const event = events[rank] as number;
    const at = event >> 1;
    const kind = kinds[at];
    if (kind !== counterKind.add && kind !== counterKind.bump) continue;
    const amount = amounts[amountOf[at] as number] as number;
    const more = (column: Float64Array, size: number) => {
      column[rank + 1] = (column[rank + 1] as number) + size;
    };
    if ((event & 1) === 1) {
      more(returned, amount);
      more(returnedUp, Math.max(amount, 0));
    } else if (returns[at] === open) {
      more(amount > 0 ? unknownUp : unknownDown, amount);
    } else {
      more(amount > 0 ? calledUp : calledDown, amount);
    }
  }
  return { returned, returnedUp, calledUp, calledDown, unknownUp, unknownDown };
}

/** The first return at which what is read contradicts the totals, or −1. */
function clashOf({ part, kinds, wants, grows }: CounterPart, totals: Totals): number {
  const { events, calls } = part;
  const { returned, returnedUp, calledUp, calledDown, unknownUp, unknownDown } = totals;
  /** By rank: the least that unknown ones have added, as reads show that returned before. */
  const least = new Float64Array(events.length + 1);
  for (let rank = 0; rank < events.length; rank++) {
    least[rank + 1] = least[rank] as number;
    const event = events[rank] as number;
    const at = event >> 1;
    if ((event & 1) === 0 || (kinds[at] as number) < counterKind.read) continue;
    const call = calls[at] as number;
    const [before, up] = [returned[call] as number, returnedUp[call] as number];
    const want = (wants[at] as number) - before;
    const need = want - ((calledUp[rank] as number) - up);
    const most = want - ((calledDown[rank] as number) - (before - up));
    if (need > (unknownUp[rank] as number) || most < (unknownDown[rank] as number)) return rank;
    if (!grows) continue;
    if (most < Math.max(need, least[call] as number)) return rank;
    least[rank + 1] = Math.max(least[rank + 1] as number, need);
  }
  return -1;
}
