// What a reply must look like, field by field: Maelstrom checks replies against closed schemas, so
// a field too many is as wrong as one too few. A reply that does not fit becomes an `info`.
import type { Plain } from '../kernel/plain.js';
import type { Body } from '../node/message.js';
import type { Completion } from './workload.js';

/** Says what a field's value should have been; `undefined` when it is fine. */
export type FieldCheck = (value: unknown) => string | undefined;

/** Any value but a missing one. */
export const anything: FieldCheck = (value) =>
  value === undefined ? 'should be there' : undefined;

/** A list of any values. */
export const list: FieldCheck = (value) => (Array.isArray(value) ? undefined : 'should be a list');

/** A whole number. */
export const whole: FieldCheck = (value) =>
  Number.isSafeInteger(value) ? undefined : 'should be a whole number';

/** A map, as JSON has it, with values of one kind. */
export function mapOf(check: FieldCheck): FieldCheck {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return 'should be a map';
    }
    for (const [key, inner] of Object.entries(value)) {
      const wrong = check(inner);
      if (wrong !== undefined) return `has '${key}', which ${wrong}`;
    }
    return undefined;
  };
}

/** The fields that a reply has beside `type`, `in_reply_to` and `msg_id`. */
type ReplyShape = Readonly<Record<string, FieldCheck>>;

const envelope: ReadonlySet<string> = new Set(['type', 'in_reply_to', 'msg_id']);

/**
 * `ok` with `value(reply)` if the reply has the type and exactly the fields of `shape`; otherwise
 * `info`, whose error starts with `malformed-reply` and names the first thing that is wrong.
 */
export function completion(
  reply: Body,
  type: string,
  shape: ReplyShape,
  value: (fields: Readonly<Record<string, Plain>>) => Plain,
): Completion {
  const wrong = faultOf(reply, type, shape);
  if (wrong !== undefined) {
    return { type: 'info', value: undefined, error: `malformed-reply: ${wrong}` };
  }
  return { type: 'ok', value: value({ ...reply }) };
}

function faultOf(reply: Body, type: string, shape: ReplyShape): string | undefined {
  if (reply.type !== type) return `type is '${String(reply.type)}', should be '${type}'`;
  const fields = new Map<string, unknown>(Object.entries(reply));
  for (const [name, check] of Object.entries(shape)) {
    const wrong = check(fields.get(name));
    if (wrong !== undefined) return `${name} ${wrong}`;
  }
  for (const name of fields.keys()) {
    if (!envelope.has(name) && !Object.hasOwn(shape, name)) return `${name} should not be there`;
  }
  return undefined;
}
