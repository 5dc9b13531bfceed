// Whether data has the form that a JSON Schema prescribes: yes, or else ask who can explain. It
// understands just what the schema of scenario files uses, so that a sound file is accepted without
// loading zod, which takes longer than a short run; zod has made that schema and explains what does
// not conform. Whatever this does not understand does not conform.
import {
  parseBandwidth,
  parseBriefDuration,
  parseShare,
  parseSignedDuration,
  parseSignedShare,
} from './units.js';

/** Notations that a pattern alone cannot check, by their names in the schema. */
export const textFormats = {
  'stormglass-duration': (text: string): boolean => parseBriefDuration(text) !== undefined,
  'stormglass-positive-duration': (text: string): boolean => (parseBriefDuration(text) ?? 0) > 0,
  'stormglass-signed-duration': (text: string): boolean => parseSignedDuration(text) !== undefined,
  'stormglass-share': (text: string): boolean => parseShare(text) !== undefined,
  'stormglass-signed-share': (text: string): boolean => parseSignedShare(text) !== undefined,
  'stormglass-bandwidth': (text: string): boolean => parseBandwidth(text) !== undefined,
};

export type TextFormat = keyof typeof textFormats;

/** A JSON Schema, draft-07. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** True only if `value` certainly has the form of `schema`. */
export function conforms(value: unknown, schema: JsonSchema): boolean {
  return Object.keys(schema).every((keyword) => {
    const rule = rules.get(keyword);
    return rule?.(value, schema[keyword], schema) ?? false;
  });
}

type Rule = (value: unknown, wanted: unknown, schema: JsonSchema) => boolean;

const ignored: Rule = () => true;

/** A keyword about texts says nothing about numbers, and so on; `type` does. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[
    '$schema',
    'title',
    'description',
    'default',
    'examples',
    'propertyNames',
    'additionalItems',
  ].map((keyword) => [keyword, ignored] as const),
  ['type', (value, wanted) => types.get(String(wanted))?.(value) ?? false],
  ['const', (value, wanted) => value === wanted],
  ['enum', (value, wanted) => (wanted as unknown[]).includes(value)],
  ['pattern', (value, wanted) => !isText(value) || new RegExp(String(wanted), 'u').test(value)],
  ['format', (value, wanted) => !isText(value) || hasFormat(value, String(wanted))],
  ['minLength', (value, wanted) => !isText(value) || value.length >= Number(wanted)],
  ['maxLength', (value, wanted) => !isText(value) || value.length <= Number(wanted)],
  ['minimum', (value, wanted) => !isNumber(value) || value >= Number(wanted)],
  ['maximum', (value, wanted) => !isNumber(value) || value <= Number(wanted)],
  ['minItems', (value, wanted) => !Array.isArray(value) || value.length >= Number(wanted)],
  ['maxItems', (value, wanted) => !Array.isArray(value) || value.length <= Number(wanted)],
  ['items', (value, wanted) => !Array.isArray(value) || itemsConform(value, wanted)],
  ['required', (value, wanted) => !isMap(value) || allThere(value, wanted as string[])],
  ['properties', (value, wanted) => !isMap(value) || fieldsConform(value, wanted as Properties)],
  [
    'additionalProperties',
    (value, wanted, schema) => !isMap(value) || others(value, wanted, schema),
  ],
  ['anyOf', (value, wanted) => (wanted as JsonSchema[]).some((one) => conforms(value, one))],
  ['oneOf', (value, wanted) => (wanted as JsonSchema[]).some((one) => conforms(value, one))],
]);

type Properties = Readonly<Record<string, JsonSchema>>;

const types: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['string', isText],
  ['number', isNumber],
  ['integer', (value: unknown): boolean => Number.isSafeInteger(value)],
  ['boolean', (value: unknown): boolean => typeof value === 'boolean'],
  ['array', (value: unknown): boolean => Array.isArray(value)],
  ['object', isMap],
]);

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasFormat(text: string, format: string): boolean {
  return Object.hasOwn(textFormats, format) && textFormats[format as TextFormat](text);
}

/** A list of schemas is a tuple: so many items, and each its own. */
function itemsConform(value: readonly unknown[], wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return value.every((item) => conforms(item, wanted as JsonSchema));
  return value.length === wanted.length && wanted.every((one, at) => conforms(value[at], one));
}

function allThere(value: object, names: readonly string[]): boolean {
  return names.every((name) => Object.hasOwn(value, name));
}

function fieldsConform(value: Readonly<Record<string, unknown>>, properties: Properties): boolean {
  return Object.entries(properties).every(
    ([name, schema]) => !Object.hasOwn(value, name) || conforms(value[name], schema),
  );
}

function others(value: object, wanted: unknown, { properties }: JsonSchema): boolean {
  if (wanted !== false) return isMap(wanted) && Object.keys(wanted).length === 0;
  return Object.keys(value).every((name) => Object.hasOwn((properties ?? {}) as object, name));
}
