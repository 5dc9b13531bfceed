// An order that chains of values give away: block after block, of each value its maker and all that
// happened while it was there. Linear, where a search would look for what is known.
import type { Outcome } from './bounds.js';
import { chainsOf } from './chains.js';
import { listsOf, type Spans, spansOf } from './mismatches.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

/** What chains say of a part, with an order where there is one. */
type InOrder = Outcome & { readonly order?: readonly number[] };

/** undefined where chains do not tell. O(n). */
export function orderByChains(registers: RegisterPart): InOrder | undefined {
  const chained = chainsOf(registers);
  if (chained === undefined || 'verdict' in chained) return chained;
  const { versions, blocks } = chained;
  const spans = spansOf(registers, versions, blocks);
  if (spans === undefined) return undefined;
  return { verdict: 'valid', order: ordered(registers, versions.makers, spans) };
}

/** While a value is there, its maker is the first and others go by call: calls ascend. */
function ordered(registers: RegisterPart, makers: Int32Array, spans: Spans): readonly number[] {
  const { kinds, values } = registers;
  const during = listsOf(values, kinds.length, periodsOf(registers, spans));
  const order: number[] = [];
  for (const value of spans.order) {
    const maker = makers[value] as number;
    if (maker >= 0) order.push(maker);
    const others: number[] = [];
    during.each(value, (at) => others.push(at));
    for (const at of others.reverse()) order.push(at);
  }
  return order;
}

/**
 * Tells of those who only observe, by call, during which value they take effect; −1 for others. A
 * mismatch does when it is called, unless it has to wait until its value is replaced.
 */
function periodsOf({ part, kinds, from, values }: RegisterPart, { order, begins, ends }: Spans) {
  const next = new Int32Array(values).fill(-1);
  for (let at = 1; at < order.length; at++) next[order[at - 1] as number] = order[at] as number;
  /** The last value that began before a call, by ever later calls. */
  let now = order[0] as number;
  return (at: number): number => {
    const kind = kinds[at] as number;
    const value = from[at] as number;
    const call = part.calls[at] as number;
    const changes = kind === kindOf.write || kind === kindOf.cas;
    if (changes || part.returns[at] === open) return -1;
    if (kind === kindOf.read) return value;
    for (let after = next[now] as number; after >= 0; after = next[now] as number) {
      if ((begins[after] as number) >= call) break;
      now = after;
    }
    if (kind !== kindOf.mismatch || now !== value) return now;
    // Another value may begin just at the call.
    return (ends[value] as number) < (part.returns[at] as number) ? (next[value] as number) : now;
  };
}
