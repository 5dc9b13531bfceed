// Places in a run, as the command line names them: the number of an event, or a time.
import { parseDuration } from '../kernel/time.js';
import { quoted } from '../scenario/problems.js';
import { usageError } from '../scenario/usage-error.js';
import type { Track } from '../scenario/walk.js';

/** The event that a text names: `142`, or the first one at or after `1.5s`. */
export function eventNumber(
  flag: string,
  text: string | undefined,
  { timeline }: Track,
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const atUs = parseDuration(text);
  if (atUs === undefined) {
    throw usageError(`${flag} is ${quoted(text)}`, {
      expected: 'the number of an event, or a time such as 1.5s',
    });
  }
  return timeline.eventAt(atUs);
}
