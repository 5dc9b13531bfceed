// Operations to a verdict: split by key, cheap questions first, the rest within bounds. Each part
// is judged alone and is plain data, so whoever has several threads can deal parts out with
// `partsOf` and `decidePart`, and gather as here.
import type { Bounds, Clue, Outcome } from './bounds.js';
import { decidePart } from './decide.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';
import { type Part, partsOf } from './timeline.js';

/** What was found out about some operations, and what it cost. */
export interface Finding {
  readonly verdict: Outcome['verdict'];
  readonly parts: number;
  readonly configurations: number;
  /** The first invalid part found, and about where in it no order goes on. */
  readonly invalid?: { readonly part: Part } & Clue;
  /** Parts that could not be decided. */
  readonly doubts: readonly Doubt[];
}

/** A part that could not be decided, and how far the search got. */
export interface Doubt {
  readonly key: unknown;
  readonly bound: keyof Bounds;
  /** Events that can be linearized, of so many. */
  readonly reached: number;
  readonly events: number;
}

/** What a search may spend on a part unless it is told otherwise. */
export const defaultBounds: Bounds = { configurationsMax: 3_000_000, bytesMax: 2 ** 29 };

/** Configurations for each operation in the first round: an easy bad key ends the check early. */
const firstRound = 12;

/** Judges operations. The same operations always get the same finding. */
export function checkOperations(
  operations: readonly Operation[],
  model: Model,
  bounds: Bounds = defaultBounds,
): Finding {
  const parts = partsOf(operations, model.partition);
  const tally = { parts: parts.length, configurations: 0 };
  let left: readonly Part[] = parts;
  let doubts: Doubt[] = [];
  for (const generous of parts.length === 1 ? [true] : [false, true]) {
    const undecided: Part[] = [];
    doubts = [];
    for (const part of left) {
      const few = firstRound * part.operations.length + 100;
      const configurationsMax = generous ? bounds.configurationsMax : few;
      const limited = {
        ...bounds,
        configurationsMax: Math.min(bounds.configurationsMax, configurationsMax),
      };
      const { outcome, configurations } = decidePart(part, model, limited);
      tally.configurations += configurations;
      if (outcome.verdict === 'invalid') {
        const { stuck, conflict } = outcome;
        const invalid = { part, stuck, ...(conflict !== undefined && { conflict }) };
        return { verdict: 'invalid', ...tally, invalid, doubts: [] };
      }
      if (outcome.verdict === 'valid') continue;
      undecided.push(part);
      const { bound, reached } = outcome;
      doubts.push({ key: part.key, bound, reached, events: part.events.length });
    }
    left = undecided;
  }
  return { verdict: doubts.length === 0 ? 'valid' : 'unknown', ...tally, doubts };
}
