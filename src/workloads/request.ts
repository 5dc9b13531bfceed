// A building block: a request with its fields.
import type { Plain } from '../kernel/plain.js';
import type { Body } from '../node/message.js';

/** The body of a request; `msg_id` is filled in by the client. */
export function request(type: string, fields: Readonly<Record<string, Plain>>): Body {
  return { type, ...fields };
}
