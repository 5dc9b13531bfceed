// Elements in an order that does not depend on the way by which they came.
import type { Value } from './crdt.js';

/** By their text; elements are numbers or short texts. */
export function inOrder(elements: Iterable<Value>): Value[] {
  const keyed = [...elements].map((element) => [JSON.stringify(element), element] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, element]) => element);
}
