// Virtual time: whole microseconds since the start of the run. It knows no clock: nothing here can
// tell what time it is outside.
/** Virtual time or a duration, a whole number of microseconds. */
export type Micros = number;

/** The last instant a run can reach: 2^46 µs, about 2.2 years. */
export const timeUsMax: Micros = 2 ** 46;

/** `count` milliseconds. */
export const ms = (count: number): Micros => whole(count * 1_000);
/** `count` seconds. */
export const seconds = (count: number): Micros => whole(count * 1_000_000);
/** `count` minutes. */
export const minutes = (count: number): Micros => whole(count * 60_000_000);

const unitUs: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['µs', 1],
  ['ms', 1_000],
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
]);

/** Reads `250ms`, `1.5s`, `2m`, `40us`, `1h`; `undefined` when it is not a duration. */
export function parseDuration(text: string): Micros | undefined {
  const match = /^(\d{1,14})(?:\.(\d{1,6}))?(us|µs|ms|s|m|h)$/.exec(text);
  if (match === null) return undefined;
  const unit = unitUs.get(match[3] ?? '') ?? 0;
  const fraction = match[2] ?? '';
  const us = Number(match[1]) * unit + (Number(fraction) * unit) / 10 ** fraction.length;
  return Number.isInteger(us) && us <= timeUsMax ? us : undefined;
}

/** The shortest exact text that `parseDuration` reads back: `1.5s`, `250ms`, `17us`. */
export function formatDuration(us: Micros): string {
  if (us === 0) return '0s';
  if (us % 60_000_000 === 0) return `${us / 60_000_000}m`;
  if (us % 100_000 === 0) return `${us / 1_000_000}s`;
  if (us % 10 === 0 && us >= 1_000) return `${us / 1_000}ms`;
  return `${us}us`;
}

/** An instant for people and columns: seconds with six digits, `12.000345`. */
export function formatInstant(us: Micros): string {
  const micros = String(us % 1_000_000).padStart(6, '0');
  return `${Math.floor(us / 1_000_000)}.${micros}`;
}

function whole(us: number): Micros {
  if (Number.isSafeInteger(us)) return us;
  throw new RangeError(`a duration is a whole number of microseconds, not ${us}`);
}
