// Which events are on the list: all of them, or those that a filter, a fold or a question has left.
import type { Timeline } from '../sim/timeline.js';

export interface Shown {
  /** `all`, or what the list is: `filter read`, `why #259`. */
  readonly about: string;
  /** In order; `undefined`: every event. */
  readonly events: readonly number[] | undefined;
}

export const everything: Shown = { about: 'all', events: undefined };

export function shownCount({ events }: Shown, timeline: Timeline): number {
  return events?.length ?? timeline.length;
}

/** The event at a place of the list. */
export function eventAt({ events }: Shown, place: number): number {
  return events === undefined ? place : (events[place] ?? -1);
}

/** The place of an event, or of the last one before it that is on the list. O(log events). */
export function placeOf({ events }: Shown, event: number): number {
  if (events === undefined) return event;
  let low = 0;
  for (let high = events.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as number) <= event) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
