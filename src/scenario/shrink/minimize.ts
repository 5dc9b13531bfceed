// Delta debugging: the least part of a list that still fails. Source: Zeller & Hildebrandt 2002,
// "Simplifying and isolating failure-inducing input", §3 (`ddmin`), going by complements alone.

/** Whether what is left still fails. It may take its time, and yields in between. */
type Test<T> = (items: readonly T[]) => Generator<void, boolean>;

/**
 * Leaves out as much as can be: halves first, then ever smaller pieces, in the end single items.
 * The result fails, and without any single item of it does not. Each item is tried O(log n) times
 * at best; where only single items can go, O(n²) tests.
 */
export function* minimize<T>(all: readonly T[], fails: Test<T>): Generator<void, readonly T[]> {
  if (all.length === 0) return all;
  if (yield* fails([])) return [];
  let items = all;
  for (let size = Math.ceil(items.length / 2); size >= 1; ) {
    const before = items.length;
    for (let from = items.length - size; from > -size; from -= size) {
      const start = Math.max(0, from);
      const left = [...items.slice(0, start), ...items.slice(from + size)];
      if (left.length > 0 && (yield* fails(left))) items = left;
    }
    // Single items are tried until none can go: one that could not may be able to now.
    if (size > 1) size = Math.min(Math.ceil(size / 2), Math.max(1, Math.ceil(items.length / 2)));
    else if (items.length === before) return items;
  }
  return items;
}
