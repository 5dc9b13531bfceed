// How witnesses speak of operations, so that all checkers sound alike.
import type { Op } from '../history/op.js';
import { formatInstant } from '../kernel/time.js';

/** `at 1.002000 s`. */
export function when(op: Op): string {
  return `at ${formatInstant(op.timeUs)} s`;
}

/** The node that an operation went to, or else its process. */
export function where(op: Op): string {
  return op.node ?? `process ${op.process}`;
}

/** `1 read`, `2 reads`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a, b, c and 4 more`. */
export function enumeration(items: readonly string[], itemsMax: number): string {
  const shown = items.slice(0, itemsMax);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? 'none') : `${shown.join(', ')} and ${last}`;
}
