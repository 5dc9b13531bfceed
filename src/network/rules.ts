// What active faults do to links: rules, one or a few per fault, plain data. A link is an ordered
// pair of parties, given by their numbers. The network asks every active rule; there are few.
import type { Micros } from '../kernel/time.js';

/** A set of directed links. */
export type LinkSet =
  | { readonly kind: 'all' }
  /** Links between different groups; parties of group −1 (clients) are never cut. */
  | { readonly kind: 'between'; readonly groups: readonly number[] }
  /** Links of the pairs; −1 stands for every party. */
  | { readonly kind: 'pairs'; readonly pairs: ReadonlySet<number> };

/** One active rule. `fault` is the number of the fault that it belongs to. */
export interface Rule {
  readonly fault: number;
  readonly links: LinkSet;
  readonly does:
    | { readonly kind: 'drop' }
    | { readonly kind: 'hold' }
    | { readonly kind: 'loss'; readonly ppm: number }
    | { readonly kind: 'duplicate'; readonly ppm: number }
    | { readonly kind: 'reorder'; readonly ppm: number; readonly windowUs: Micros }
    | { readonly kind: 'slow'; readonly factor: number; readonly extraUs: Micros };
}

/** Stands for every party. */
export const everyParty = -1;
/** Stands for a party that there is not, or not yet. */
export const noParty = -2;
const partiesMax = 2 ** 22;

/** The number of a directed link; −1 for either end stands for every party. */
export function linkOf(source: number, target: number): number {
  return (source + 1) * partiesMax + (target + 1);
}

/** Whether the link from `source` to `target` is in the set. O(1). */
export function covers(links: LinkSet, source: number, target: number): boolean {
  switch (links.kind) {
    case 'all':
      return true;
    case 'between': {
      const from = links.groups[source] ?? -1;
      const to = links.groups[target] ?? -1;
      return from !== to && from >= 0 && to >= 0;
    }
    case 'pairs':
      return (
        links.pairs.has(linkOf(source, target)) ||
        links.pairs.has(linkOf(everyParty, target)) ||
        links.pairs.has(linkOf(source, everyParty)) ||
        links.pairs.has(linkOf(everyParty, everyParty))
      );
  }
}
