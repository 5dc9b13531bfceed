// The leaves of the scenario file's schema. Each carries what it expects as its error text, which
// scenario/problems.ts turns into a message; the same texts describe the fields in the JSON Schema.
import * as z from 'zod/mini';
import { type TextFormat, textFormats } from './form.js';

/** A map with these fields and no others; the error for others lists the known ones. */
export function object<S extends z.core.$ZodShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? choices(Object.keys(shape)) : 'a map with fields',
  });
}

/** `schema` with a line for editors. */
export function described<S extends z.core.$ZodType>(schema: S, about: string): S {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), description: about });
  return schema;
}

/** Names that can be meant, as one text; `problems.ts` takes it apart again. */
function choices(names: readonly string[]): string {
  return names.join(' | ');
}

/** One of a few words. */
export function word<const W extends readonly string[]>(words: W) {
  return z.enum(words, choices(words));
}

/** A list of at least one item. */
export function list<S extends z.core.$ZodType>(item: S, expected: string) {
  return z.array(item, expected).check(z.minLength(1, expected));
}

/** Text in one of our notations. A fresh schema each time, so that it can be described. */
function text(expected: string, pattern: RegExp, format: TextFormat, limits = expected) {
  const accepts = textFormats[format];
  const schema = z.string(expected).check(z.regex(pattern, expected), z.refine(accepts, limits));
  z.globalRegistry.add(schema, { format });
  return schema;
}

const durationExpected = 'a duration such as 250ms, 2s or 1.5m';

const durationLimits = 'a duration of whole microseconds, 500h at most';

/** A length of time, zero included. */
export function duration() {
  return text(
    durationExpected,
    /^\d+(\.\d+)?(us|µs|ms|s|m|h)$/,
    'stormglass-duration',
    durationLimits,
  );
}

/** A length of time above zero. */
export function positiveDuration() {
  return text(
    `${durationExpected}, above zero`,
    /^\d+(\.\d+)?(us|µs|ms|s|m|h)$/,
    'stormglass-positive-duration',
    `${durationLimits}, above zero`,
  );
}

/** A length of time that may be negative. */
export function signedDuration() {
  return text(
    'a duration such as 500ms or -2s',
    /^[+-]?\d+(\.\d+)?(us|µs|ms|s|m|h)$/,
    'stormglass-signed-duration',
    durationLimits,
  );
}

/** A part of the whole. */
export function share() {
  return text(
    'a share from 0% to 100% such as 2%, 0.05% or 500ppm',
    /^\d+(\.\d+)?(%|ppm)$/,
    'stormglass-share',
  );
}

/** A part of the whole that may be negative. */
export function signedShare() {
  return text(
    'a share from -100% to 100% such as 200ppm or -1%',
    /^[+-]?\d+(\.\d+)?(%|ppm)$/,
    'stormglass-signed-share',
  );
}

/** Bytes a second: text with a unit, or a whole number. */
export function bandwidth() {
  const expected = 'bytes a second such as 64kB/s, 1.5MB/s or 125000';
  const written = text(expected, /^\d+(\.\d+)?[kMG]?B\/s$/, 'stormglass-bandwidth');
  return z.union([written, count(1, 10 ** 15)], expected);
}

/** A whole number within bounds. */
export function count(min: number, max: number) {
  const expected = `a whole number from ${grouped(min)} to ${grouped(max)}`;
  return z.int(expected).check(z.gte(min, expected), z.lte(max, expected));
}

/** A number within bounds; NaN and infinities are none. */
export function quantity(min: number, max: number) {
  const expected = `a number from ${grouped(min)} to ${grouped(max)}`;
  return z.number(expected).check(z.gte(min, expected), z.lte(max, expected));
}

/** A short text of printable characters. */
export function line(expected: string, lengthMax: number) {
  return z
    .string(expected)
    .check(
      z.minLength(1, expected),
      z.maxLength(lengthMax, `${expected}, at most ${grouped(lengthMax)} characters`),
    );
}

/** A party's name; which names exist is checked later. */
export function nodeName() {
  const expected = 'the name of a node such as n0';
  return z.string(expected).check(z.regex(/^([A-Za-z@][A-Za-z0-9_.:-]{0,63}|\*)$/, expected));
}

/** The key of a message or event. */
export function eventKey() {
  const expected = 'a key of 16 hexadecimal digits, as traces show it';
  return z.string(expected).check(z.regex(/^[0-9a-f]{16}$/, expected));
}

/** `1,000,000`. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
