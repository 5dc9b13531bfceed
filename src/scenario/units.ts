// How a scenario file writes quantities, and back: durations with a sign, shares, bandwidths. Plain
// durations are the kernel's.
import { formatDuration, type Micros, parseDuration } from '../kernel/time.js';

/** Durations in scenarios are shorter, so that no sum of a few comes near the end of time. */
const durationUsMax = 500 * 3_600_000_000;

/** A duration as scenarios may have it: 500h at most. */
export function parseBriefDuration(text: string): Micros | undefined {
  const us = parseDuration(text);
  return us !== undefined && us <= durationUsMax ? us : undefined;
}

/** A million parts: the whole. */
const wholePpm = 1_000_000;

/** `2%`, `0.05%` or `20000ppm` as parts in a million; `undefined` if it is no share from 0 to 1. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d{1,7})(?:\.(\d{1,4}))?(%|ppm)$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? '';
  const unit = match[3] === '%' ? 10_000 : 1;
  const ppm = Number(match[1]) * unit + (Number(fraction) * unit) / 10 ** fraction.length;
  return Number.isInteger(ppm) && ppm <= wholePpm ? ppm : undefined;
}

/** The shortest text that `parseShare` reads back. */
export function formatShare(ppm: number): string {
  return ppm % 100 === 0 ? `${ppm / 10_000}%` : `${ppm}ppm`;
}

/** A duration with an optional sign: `-2s`, `+40ms`. */
export function parseSignedDuration(text: string): Micros | undefined {
  return signed(text, parseBriefDuration);
}

/** The text that `parseSignedDuration` reads back. */
export function formatSignedDuration(us: Micros): string {
  return us < 0 ? `-${formatDuration(-us)}` : formatDuration(us);
}

/** A share with an optional sign, for clocks that run fast or slow: `-200ppm`, `1%`. */
export function parseSignedShare(text: string): number | undefined {
  return signed(text, parseShare);
}

/** The text that `parseSignedShare` reads back. */
export function formatSignedShare(ppm: number): string {
  return ppm < 0 ? `-${formatShare(-ppm)}` : formatShare(ppm);
}

const byteUnits: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1_000],
  ['M', 1_000_000],
  ['G', 1_000_000_000],
]);

/** `500B/s`, `64kB/s`, `1.5MB/s`, `1GB/s` as bytes a second. */
export function parseBandwidth(text: string): number | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?(|k|M|G)B\/s$/.exec(text);
  if (match === null) return undefined;
  const unit = byteUnits.get(match[3] ?? '') ?? 1;
  const fraction = match[2] ?? '';
  const bytes = Number(match[1]) * unit + (Number(fraction) * unit) / 10 ** fraction.length;
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

function signed(text: string, parse: (text: string) => number | undefined): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const size = parse(/^[+-]/.test(text) ? text.slice(1) : text);
  if (size === undefined) return undefined;
  return size === 0 ? 0 : sign * size;
}
