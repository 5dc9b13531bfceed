// Failed compare-and-sets among chains. Blocks are put in one order, each value as early as can be;
// a failed one needs an instant between its call and its return at which another value is there. If
// this order has none for it another order may: then this file does not know.
import type { Blocks, Versions } from './blocks.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

/** Whether every mismatch has a place in the canonical order of the blocks. O(n). */
export function placesMismatches(
  { part, kinds, from, values }: RegisterPart,
  versions: Versions,
  blocks: Blocks,
): boolean {
  const { begins, ends } = spansOf(part, values, { versions, blocks });
  for (let at = 0; at < kinds.length; at++) {
    if (kinds[at] !== kindOf.mismatch) continue;
    const value = from[at] as number;
    const always =
      (begins[value] as number) < (part.calls[at] as number) &&
      (ends[value] as number) > (part.returns[at] as number);
    if (always) return false;
  }
  return true;
}

/** When each value is made and replaced; what is never made is there from `open` on. */
export function spansOf(
  part: RegisterPart['part'],
  values: number,
  { versions, blocks }: { readonly versions: Versions; readonly blocks: Blocks },
) {
  const { makers, children, readCalls } = versions;
  const begins = new Int32Array(values).fill(open);
  const ends = new Int32Array(values).fill(open);
  let [now, before] = [-1, -1];
  for (const root of inOrder(blocks, part.events.length)) {
    for (let value = root; value >= 0; value = children[value] as number) {
      const maker = makers[value] as number;
      if (maker >= 0) now = Math.max(now, part.calls[maker] as number);
      begins[value] = maker < 0 ? -2 : now;
      if (before >= 0) ends[before] = now;
      now = Math.max(now, readCalls[value] as number);
      before = value;
    }
  }
  return { begins, ends };
}

/** The roots of the blocks, by where their zones begin: one order that respects time. */
export function inOrder({ roots, returns, calls }: Blocks, ranks: number): readonly number[] {
  const starting = new Int32Array(ranks + 1).fill(-1);
  for (let block = 0; block < roots.length; block++) {
    const start = Math.max(-1, Math.min(returns[block] as number, calls[block] as number));
    starting[start + 1] = block;
  }
  const order: number[] = [];
  for (const block of starting) {
    if (block >= 0) order.push(roots[block] as number);
  }
  return order;
}
