// Plain data on one line, for people: short, and never longer than a reader asked for.

import type { Op } from '../../history/op.js';
import { formatDuration } from '../../kernel/time.js';
import { printable } from './span.js';

/** `[1 2 3]`, `{a:1 b:"x"}`, cut at about `max` characters. Costs no more than what is shown. */
export function show(value: unknown, max = 60): string {
  const out: string[] = [];
  const budget = { left: max };
  write(value, out, budget);
  const text = printable(out.join(''));
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

interface Budget {
  left: number;
}

function put(text: string, out: string[], budget: Budget): void {
  out.push(text);
  budget.left -= text.length;
}

function write(value: unknown, out: string[], budget: Budget): void {
  if (budget.left < 0) return;
  if (typeof value === 'string') {
    const text = value.slice(0, budget.left + 1);
    return put(/^[\w.:@/-]+$/.test(text) ? text : JSON.stringify(text), out, budget);
  }
  if (typeof value !== 'object' || value === null) return put(String(value), out, budget);
  if (value instanceof Map) return writeEntries(value, value.size, ['{', '}'], out, budget);
  if (Array.isArray(value)) return writeItems(value, value.length, ['[', ']'], out, budget);
  if (value instanceof Set) return writeItems(value, value.size, ['{', '}'], out, budget);
  const entries = Object.entries(value);
  writeEntries(entries, entries.length, ['{', '}'], out, budget);
}

type Brackets = readonly [open: string, close: string];

function writeItems(
  items: Iterable<unknown>,
  size: number,
  [open, close]: Brackets,
  out: string[],
  budget: Budget,
): void {
  put(open, out, budget);
  let first = true;
  for (const item of items) {
    if (budget.left < 0) return put(`… ${size}`, out, budget);
    if (!first) put(' ', out, budget);
    first = false;
    write(item, out, budget);
  }
  put(close, out, budget);
}

function writeEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  size: number,
  [open, close]: Brackets,
  out: string[],
  budget: Budget,
): void {
  put(open, out, budget);
  let first = true;
  for (const [key, inner] of entries) {
    if (budget.left < 0) return put(`… ${size}`, out, budget);
    if (!first) put(' ', out, budget);
    first = false;
    write(key, out, budget);
    put(':', out, budget);
    write(inner, out, budget);
  }
  put(close, out, budget);
}

/** Fields of messages that say nothing about what they are for. */
const envelope: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);

/** What a message or timer says: `broadcast 7`, `append term=2 entries=[…]`. */
export function showBody(body: unknown, max = 80): string {
  if (typeof body !== 'object' || body === null) return show(body, max);
  const { type } = body as { readonly type?: unknown };
  const fields = Object.entries(body).filter(([name]) => !envelope.has(name));
  const [only] = fields;
  const values =
    fields.length === 1 && only !== undefined
      ? [show(only[1], max)]
      : fields.map(([name, value]) => `${name}=${show(value, max)}`);
  return printable([String(type), ...values].join(' ')).slice(0, max);
}

/** An operation's line: `read`, `ok read [1 2]`, `info write 3 timeout`. */
export function showOp({ type, f, value, error }: Op, max = 80): string {
  const words = [
    type === 'invoke' ? '' : type,
    f,
    value === null || value === undefined ? '' : show(value, max),
    error,
  ];
  return printable(words.filter((word) => word !== '' && word !== undefined).join(' '));
}

/** Two or three digits of a duration: `4.2ms`, `310us`, `1.5s`. */
export function brief(us: number): string {
  const unit = us < 1_000 ? 1 : us < 10_000 ? 100 : us < 1_000_000 ? 1_000 : 100_000;
  const rounded = Math.round(us / unit) * unit;
  const inMs = rounded >= 1_000 && rounded < 1_000_000;
  return inMs ? `${rounded / 1_000}ms` : formatDuration(rounded);
}

/** An instant in seconds with milliseconds, as columns have it. */
export function clockText(us: number): string {
  const millis = Math.floor(us / 1_000);
  return `${Math.floor(millis / 1_000)}.${String(millis % 1_000).padStart(3, '0')}`;
}
