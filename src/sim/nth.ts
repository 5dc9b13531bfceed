// How many messages of one event went to the same destination before: part of a message's key.
import type { World } from './world.js';

const kindBits = 4;

/** The word that goes into the key of the `nth` effect of a kind. */
export function numbered(kind: number, nth: number): number {
  return kind | (nth << kindBits);
}

/** Begins to count for an event in which one message has gone to `first`, or none (−1). */
export function beginCounting(world: World, first: number): void {
  world.scratch.stamp = (world.scratch.stamp + 1) | 0;
  if (first >= 0) nthTo(world, first);
}

/**
 * How many messages went to `target` before, within this event; counts one more. The clients of one
 * worker share a key, so they are counted together.
 */
export function nthTo(world: World, party: number): number {
  const { roster, scratch } = world;
  const target = roster.isClient(party) ? (world.parties[party]?.kin ?? party) : party;
  if (scratch.stamps.length <= target) growStamps(world);
  if (scratch.stamps[target] !== scratch.stamp) {
    scratch.stamps[target] = scratch.stamp;
    scratch.sent[target] = 0;
    return 0;
  }
  const nth = (scratch.sent[target] as number) + 1;
  scratch.sent[target] = nth;
  return nth;
}

function growStamps(world: World): void {
  const { scratch } = world;
  const length = 2 * world.parties.length;
  const { stamps, sent } = scratch;
  scratch.stamps = new Int32Array(length);
  scratch.sent = new Int32Array(length);
  scratch.stamps.set(stamps);
  scratch.sent.set(sent);
}
