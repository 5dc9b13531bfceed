// Part of a Snowflake: the millisecond that the node's own clock shows, and how many ids it has
// given out in that millisecond. What the clock may do to it is for those who use it to know.
// Source: Twitter's Snowflake (2010), IdWorker.
import type { Micros } from '../../kernel/time.js';

/** The millisecond of the last id, and that id's number in it. */
export interface Millisecond {
  ms: number;
  sequence: number;
}

/** Before the first id. */
export const noMillisecond = (): Millisecond => ({ ms: -1, sequence: 0 });

/** The millisecond that a clock shows. */
export const millisecondOf = (nowUs: Micros): number => Math.floor(nowUs / 1_000);

/** Counts on in this millisecond, or begins anew in another one. Mutates `last`. */
export function tick(last: Millisecond, ms: number): Millisecond {
  last.sequence = ms === last.ms ? last.sequence + 1 : 0;
  last.ms = ms;
  return last;
}
