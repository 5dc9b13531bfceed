// What an export is: a run, or a stretch of it, as a text that other programs show.
import type { Track } from '../walk.js';

/** Events `from` up to `to` of a run that has been judged. */
export interface Stretch {
  readonly track: Track;
  readonly from: number;
  readonly to: number;
  /** What the run is called. */
  readonly title: string;
}

export interface Export {
  readonly about: string;
  /** How the names of its files end. */
  readonly extension: string;
  /** Events that it can show at once and still be of use. */
  readonly eventsMax: number;
  readonly write: (stretch: Stretch) => string;
}

/** The events of a stretch of at most `max` that shows the first violation, or the start. */
export function stretchOf(
  { timeline, violations }: Track,
  { from, to }: { readonly from: number | undefined; readonly to: number | undefined },
  max: number,
): { readonly from: number; readonly to: number } {
  const { length } = timeline;
  const last = Math.min(length, to ?? length);
  const first = Math.max(0, from ?? 0);
  if (last - first <= max) return { from: Math.min(first, last), to: last };
  if (from !== undefined) return { from: first, to: first + max };
  const [violation] = violations;
  const end = violation === undefined ? max : Math.min(last, violation.event + 1);
  return { from: Math.max(0, end - max), to: Math.max(end, Math.min(max, last)) };
}

/** For HTML and SVG. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
