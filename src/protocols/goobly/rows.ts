// A building block: the state of an operator that counts, key by key. A row is what is known of a
// key: its count, which records are in it, its timers, its outputs. It is written as a whole, so
// that a record's effect, the timer it sets and the fact that it was seen are there together or not
// at all: one row write per record, as in MillWheel (Akidau et al. 2013, §5).
import type { Row } from './bodies.js';

export function emptyRow(): Row {
  return { count: 0, seen: new Set(), timers: new Map(), outbox: new Map(), sets: 0 };
}

/** The name of a record and of all that comes of it. */
export function nameOf(partition: number, offset: number): string {
  return `${partition}@${offset}`;
}

/** A copy that shares nothing. */
export function copyOf({ count, seen, timers, outbox, sets }: Row): Row {
  return {
    ...{ count, seen: new Set(seen), timers: new Map(timers), outbox: new Map(outbox), sets },
  };
}

/** What a restore that is done twice makes of a row that is there. Broken on purpose. */
export function mergeInto(row: Row, other: Row): void {
  row.count += other.count;
  for (const id of other.seen) row.seen.add(id);
  for (const [id, timer] of other.timers) row.timers.set(id, timer);
  for (const [id, output] of other.outbox) row.outbox.set(id, output);
}
