// Operations to a verdict: split by key, cheap questions first, the rest within bounds. Each part
// is judged alone and is plain data, so whoever has several threads can give each a share of the
// parts, and gather what they found as here.
import type { BoundName, Bounds, Clue, Outcome } from './bounds.js';
import { decidePart } from './decide.js';
import type { Model } from './model.js';
import type { Operation } from './operation.js';
import { registerPartsOf } from './register-parts.js';
import { type Part, type Split, splitOf } from './timeline.js';

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
  /** The place of the part among all. */
  readonly nth: number;
  readonly key: unknown;
  readonly bound: BoundName;
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
  const split = splitOf(operations, model.partition);
  const { parts } = split;
  return gathered(
    [checkShare(split, model, bounds, parts.length)],
    parts.length,
    (nth) => parts[nth],
  );
}

/** What became of the parts of a share: all of it plain data. */
export interface ShareFinding {
  /** By round and part: configurations visited. */
  readonly spent: readonly (readonly Spent[])[];
  readonly doubts: readonly Doubt[];
  /** The first invalid part of the share, and the round in which it was found. */
  readonly invalid?: { readonly nth: number; readonly round: number; readonly clue: Clue };
}

interface Spent {
  readonly nth: number;
  readonly configurations: number;
}

/** Judges some of `all` parts, in two rounds where there are several: easy questions first. */
export function checkShare(split: Split, model: Model, bounds: Bounds, all: number): ShareFinding {
  const { parts } = split;
  const registers = registerPartsOf(split, model);
  const spent: Spent[][] = [];
  const done = doneOf(parts, bounds);
  let left = [...parts.keys()];
  let doubts: Doubt[] = [];
  for (const generous of all === 1 ? [true] : [false, true]) {
    const undecided: number[] = [];
    const visited: Spent[] = [];
    spent.push(visited);
    doubts = [];
    for (const nth of left) {
      const part = parts[nth] as Part;
      const own = done.within(part);
      const limited = generous ? own : frugal(own, part);
      const { outcome, configurations } = decidePart(part, model, limited, registers?.[nth]);
      visited.push({ nth, configurations });
      if (outcome.verdict === 'invalid') {
        const clue = { ...outcome, spent: configurations };
        return { spent, doubts: [], invalid: { nth, round: spent.length - 1, clue } };
      }
      if (outcome.verdict === 'valid') {
        done.add(part);
        continue;
      }
      undecided.push(nth);
      const { bound, reached } = outcome;
      doubts.push({ nth, key: part.key, bound, reached, events: part.events.length });
    }
    left = undecided;
  }
  return { spent, doubts };
}

/** Tells what share of all events is done: parts that are, and some of the one that is not. */
function doneOf(parts: readonly Part[], bounds: Bounds) {
  const { progress } = bounds;
  let [all, passed] = [0, 0];
  for (const { events } of parts) all += events.length;
  return {
    within: ({ events }: Part): Bounds =>
      progress === undefined
        ? bounds
        : { ...bounds, progress: (share) => progress((passed + share * events.length) / all) },
    add: ({ events }: Part): void => {
      passed += events.length;
      progress?.(passed / all);
    },
  };
}

function frugal(bounds: Bounds, { operations }: Part): Bounds {
  const few = firstRound * operations.length + 100;
  return { ...bounds, configurationsMax: Math.min(bounds.configurationsMax, few) };
}

/**
 * One finding from those of all shares, whoever made them: the invalid part that counts is the one
 * that one thread would have met first. Parts go by their place among all parts.
 */
export function gathered(
  shares: readonly ShareFinding[],
  parts: number,
  partOf: (nth: number) => Part | undefined,
): Finding {
  const found = shares.flatMap(({ invalid }) => invalid ?? []);
  found.sort((a, b) => a.round - b.round || a.nth - b.nth);
  const [first] = found;
  let configurations = 0;
  for (const { spent } of shares) {
    for (const [round, visited] of spent.entries()) {
      for (const each of visited) {
        const late =
          first && (round > first.round || (round === first.round && each.nth > first.nth));
        if (late !== true) configurations += each.configurations;
      }
    }
  }
  const part = first && partOf(first.nth);
  if (first !== undefined && part !== undefined) {
    const invalid = { part, ...first.clue };
    return { verdict: 'invalid', parts, configurations, invalid, doubts: [] };
  }
  const doubts = shares.flatMap((share) => share.doubts).sort((a, b) => a.nth - b.nth);
  return { verdict: doubts.length === 0 ? 'valid' : 'unknown', parts, configurations, doubts };
}
