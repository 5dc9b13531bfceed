// The lines that programs are told and say: messages in JSON, one a line. Whole numbers that a
// double cannot hold stay what they are: they become `{$number: '9007199254740993'}` on the way in
// and digits again on the way out. Source: Maelstrom, doc/protocol.md; RFC 8259.
import type { Plain } from '../kernel/plain.js';
import type { Body, Message } from '../node/message.js';

/** A message as a line says it. `src` may be another's name: some programs speak for clients. */
export interface Spoken {
  readonly src: string;
  readonly dest: string;
  readonly body: Body;
}

/** What a line says, or what is wrong with it. */
export type Parsed =
  | { readonly kind: 'message'; readonly message: Spoken }
  | { readonly kind: 'wrong'; readonly why: string };

/** The field of a body whose `src` is not the node that sent it. */
const srcField = '$src';

/** Reads a line. */
export function parseLine(line: string): Parsed {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch {
    return wrong('it is no JSON'); // What V8 says of it differs from version to version.
  }
  if (!isRecord(value)) return wrong('it is no JSON object');
  const { src, dest, body = {} } = value;
  if (typeof src !== 'string') return wrong('`src` should be a string');
  if (typeof dest !== 'string') return wrong('`dest` should be a string');
  if (!isRecord(body)) return wrong('`body` should be an object');
  const { type = '' } = body;
  if (typeof type !== 'string') return wrong('`type` should be a string');
  const typed = (body.type === undefined ? { ...body, type } : body) as unknown as Body;
  return { kind: 'message', message: { src, dest, body: typed } };
}

/** The line of a message; `id` counts the messages that programs are told, who say none. */
export function lineOf(id: number | undefined, { src, dest, body }: Message): string {
  const spokenFor = (body as Body & { readonly [srcField]?: string })[srcField];
  if (spokenFor === undefined) return jsonOf({ id, src, dest, body });
  const { [srcField]: _, ...rest } = body as Body & { readonly [srcField]?: string };
  return jsonOf({ id, src: spokenFor, dest, body: rest });
}

/** A body that says whom it is from. */
export function spokenFor(body: Body, src: string): Body {
  return { ...body, [srcField]: src } as Body;
}

function wrong(why: string): Parsed {
  return { kind: 'wrong', why };
}

function isRecord(value: unknown): value is Readonly<Record<string, Plain>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number that may be too large; most lines have none. */
const longNumber = /\d{16}|\d[eE]\+?\d{3}/;

function parseJson(line: string): unknown {
  if (!longNumber.test(line)) return JSON.parse(line);
  JSON.parse(line); // Says what is wrong, before anything is rewritten.
  return JSON.parse(line.replace(tokens, (token) => (isTooLong(token) ? kept(token) : token)));
}

/** Strings, which are skipped, and numbers. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function isTooLong(token: string): boolean {
  if (token.startsWith('"')) return false;
  const value = Number(token);
  return !Number.isFinite(value) || (/^-?\d+$/.test(token) && !Number.isSafeInteger(value));
}

function kept(number: string): string {
  return `{"$number":"${number}"}`;
}

/** What `kept` has written, once more in JSON; no string can hold it, its quotes are escaped. */
const keptNumber = /\{"\$number":"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"\}/g;

function jsonOf(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('{"$number":"') ? text.replace(keptNumber, '$1') : text;
}
