// Epochs of owners and ballots of registers: a counter and the node that chose it, so that they are
// totally ordered and no two nodes have the same one (M1).
import type { NodeId } from '../../node/message.js';

export type Epoch = readonly [counter: number, node: NodeId];

/** Before every other. */
export const never: Epoch = [0, ''];

/** Negative: `a` is before `b`. */
export function compare(a: Epoch, b: Epoch): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

export function same(a: Epoch, b: Epoch): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

export function later(a: Epoch, b: Epoch): Epoch {
  return compare(a, b) < 0 ? b : a;
}

export function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}
