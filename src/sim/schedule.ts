// What the queue's `kind` of an event holds: the kind proper, and a tag above it: the epoch of a
// message's connection, or the incarnation of the node that a sync or a notice is for.

const kindBits = 5;
const kindMask = (1 << kindBits) - 1;

/** Kinds of events, as the queue and the trace hold them. */
export const kinds = {
  start: 1,
  deliver: 2,
  timer: 3,
  synced: 4,
  disconnected: 5,
  invoke: 6,
  timeout: 7,
  fault: 8,
  faultEnd: 9,
  phase: 10,
} as const;

/** What the trace shows a kind's number as. */
export const kindNames: readonly string[] = [
  '',
  'start',
  'deliver',
  'timer',
  'synced',
  'disconnected',
  'invoke',
  'timeout',
  'fault',
  'fault-end',
  'phase',
];

/** A kind with a tag. */
export function tagged(kind: number, tag: number): number {
  return kind | (tag << kindBits);
}

export function kindOf(word: number): number {
  return word & kindMask;
}

export function tagOf(word: number): number {
  return word >>> kindBits;
}

/** Whether events of this kind happen at a node, which may be paused or busy. */
export function happensAtNode(kind: number): boolean {
  return kind >= kinds.deliver && kind <= kinds.disconnected;
}
