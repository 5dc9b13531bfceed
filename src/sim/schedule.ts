// Putting events into the queue: which word of a slot means what.
import { A, B, CAUSE, KEY_HI, KEY_LO, KIND, slotWords } from '../kernel/queue.js';
import type { Micros } from '../kernel/time.js';
import type { World } from './world.js';

const kindBits = 5;
const kindMask = (1 << kindBits) - 1;

/**
 * Adds an event and returns its slot, to be identified by the caller. `a` and `b` depend on the
 * kind: the node or client and its peer, a timer's id, an operation's or fault's number. `tag` is a
 * connection's epoch or a node's incarnation.
 */
export function schedule(
  world: World,
  atUs: Micros,
  kind: number,
  tag: number,
  a: number,
  b: number,
): number {
  const { queue } = world;
  const slot = queue.add(atUs);
  const { words } = queue;
  const at = slot * slotWords;
  words[at + KIND] = kind | (tag << kindBits);
  words[at + A] = a;
  words[at + B] = b;
  return slot;
}

/** Gives an event its key and its cause: the index of the event that led to it; −1 for roots. */
export function identify(
  world: World,
  slot: number,
  hi: number,
  lo: number,
  cause: number,
): void {
  const { words } = world.queue;
  const at = slot * slotWords;
  words[at + KEY_HI] = hi;
  words[at + KEY_LO] = lo;
  words[at + CAUSE] = cause;
}

/** The kind in a slot's first word. */
export function kindOf(word: number): number {
  return word & kindMask;
}

/** The epoch or incarnation in a slot's first word. */
export function tagOf(word: number): number {
  return word >>> kindBits;
}
