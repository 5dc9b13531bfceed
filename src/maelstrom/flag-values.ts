// The values of options on the command line of `stormglass test`: texts that become numbers, names
// and lists, with one clear message for each that does not.
import { type Micros, parseDuration } from '../kernel/time.js';
import { nearest } from '../scenario/nearest.js';
import { oneOf, quoted } from '../scenario/problems.js';
import { parseShare } from '../scenario/units.js';
import { type UsageError, usageError } from '../scenario/usage-error.js';

/** The options as they were typed, by their names in camel case; `true` for those without value. */
export type RawFlags = Readonly<Record<string, unknown>>;

/** What is wrong with the value of an option. */
export function flagError(
  flag: string,
  value: string,
  expected: string,
  more: { readonly nearest?: string | undefined; readonly hint?: string | undefined } = {},
): UsageError {
  return usageError(`--${flag} is ${quoted(value)}`, { expected, ...more });
}

/** The text of an option; `undefined`: it was not given. */
export function textOf(raw: RawFlags, flag: string): string | undefined {
  const value = raw[camelCase(flag)];
  return typeof value === 'string' ? value : undefined;
}

/** Whether an option without value was given. */
export function isGiven(raw: RawFlags, flag: string): boolean {
  return raw[camelCase(flag)] === true;
}

/** All values of an option that may be repeated, in their order. */
export function textsOf(raw: RawFlags, flag: string): readonly string[] {
  const value = raw[camelCase(flag)];
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
}

/** A whole number within bounds. */
export function wholeOf(
  raw: RawFlags,
  flag: string,
  [min, max]: readonly [number, number],
): number | undefined {
  const text = textOf(raw, flag);
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw flagError(flag, text, `a whole number from ${min} to ${grouped(max)}`);
}

/** A number within bounds. */
export function numberOf(
  raw: RawFlags,
  flag: string,
  [min, max]: readonly [number, number],
): number | undefined {
  const text = textOf(raw, flag);
  if (text === undefined) return undefined;
  const value = /^\d{1,12}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw flagError(flag, text, `a number from ${min} to ${grouped(max)}`);
}

const durationUsMax = 500 * 3_600_000_000;

/** A length of time: a number in the unit that Maelstrom has there, or a duration with its own. */
export function timeOf(raw: RawFlags, flag: string, unit: 'ms' | 's'): Micros | undefined {
  const text = textOf(raw, flag);
  if (text === undefined) return undefined;
  const us = parseDuration(/^\d+(\.\d+)?$/.test(text) ? `${text}${unit}` : text);
  if (us !== undefined && us <= durationUsMax) return us;
  const name = unit === 'ms' ? 'milliseconds' : 'seconds';
  const example = unit === 'ms' ? '100 or 250ms' : '20, 500ms or 2m';
  throw flagError(flag, text, `a number of ${name} or a duration, such as ${example}`);
}

/** A share of the whole in parts per million: `0.02`, `2%` or `20000ppm`. */
export function shareOf(raw: RawFlags, flag: string): number | undefined {
  const text = textOf(raw, flag);
  if (text === undefined) return undefined;
  const ppm = ppmOf(text);
  if (ppm !== undefined) return ppm;
  throw flagError(flag, text, 'a share such as 0.02, 2% or 500ppm');
}

/** Parts per million of a share; `undefined` if it is none. */
export function ppmOf(text: string): number | undefined {
  if (!/^[01](\.\d{1,6})?$/.test(text)) return parseShare(text);
  const ppm = Math.round(Number(text) * 1_000_000);
  return ppm <= 1_000_000 ? ppm : undefined;
}

/** One of a few names. */
export function nameOf<const N extends string>(
  raw: RawFlags,
  flag: string,
  names: readonly N[],
): N | undefined {
  const text = textOf(raw, flag);
  if (text === undefined) return undefined;
  return named(flag, text, names);
}

/** `text`, which must be one of `names`. */
export function named<const N extends string>(flag: string, text: string, names: readonly N[]): N {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw flagError(flag, text, oneOf(names), { nearest: nearest(text, names) });
}

/** Names between commas or white space, or both; none twice. */
export function listOf(raw: RawFlags, flag: string): readonly string[] {
  const parts = textsOf(raw, flag).flatMap((text) => {
    const words = text.split(/\s*,\s*|\s+/);
    if (words.some((word) => word === '')) {
      throw flagError(flag, text, 'names with commas between them');
    }
    return words;
  });
  return [...new Set(parts)];
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
