// A building block: vector clocks of a stream, one component for each partition of the log.
import type { Clock } from './job.js';

export function equalClocks(a: Clock, b: Clock): boolean {
  return a.length === b.length && a.every(([p, next]) => offsetIn(b, p) === next);
}

/** The next offset of a partition: all before it is inside. */
export function offsetIn(clock: Clock, partition: number): number {
  return clock.find(([p]) => p === partition)?.[1] ?? 0;
}
