// Rows that a screen could do without, made between two looks at the keyboard: those that it names
// beside its list, and then those around the list, where one may go next.
import { shownCount } from './shown.js';
import type { Stepper } from './stepper.js';

/** Rows that are made at once. */
const blockRows = 32;

/** Begins to make the `missing` rows, and those around the list, if some are not there. */
export function fetchRows(stepper: Stepper, missing: ReadonlySet<number>): void {
  const { rows } = stepper.track;
  const wanted = [...missing, ...around(stepper)].filter((event) => rows.peek(event) === undefined);
  if (wanted.length === 0) stepper.stop('rows');
  else stepper.start('rows', made(stepper, wanted));
}

function* made({ track: { rows } }: Stepper, wanted: readonly number[]): Generator<void> {
  for (const event of wanted) {
    if (rows.peek(event) !== undefined) continue;
    rows.at(event);
    yield;
  }
}

/** A page before the list and one behind it, where nothing is left out. */
function around({ pageRows, shown, top, track }: Stepper): readonly number[] {
  if (shown.events !== undefined) return [];
  const end = Math.min(shownCount(shown, track.timeline), top + 2 * pageRows);
  const events: number[] = [];
  for (let event = Math.max(0, top - pageRows); event < end; event += blockRows) events.push(event);
  return end > 0 ? [...events, end - 1] : events;
}
