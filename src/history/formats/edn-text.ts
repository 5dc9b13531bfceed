// Plain data and operations in EDN, as Jepsen writes them: texts that are names become keywords
// where a name is meant, times are nanoseconds. The counterpart of edn.ts and edn-history.ts.
import { isRecord } from '../../kernel/plain.js';
import type { Op } from '../op.js';

/** A text that is written as a keyword. */
class Keyword {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Data as EDN on one line. Fields of records become keywords if they can be such, else texts; null
 * and what JSON lacks become nil. O(size).
 */
function formatEdn(value: unknown): string {
  if (value === undefined || value === null) return 'nil';
  if (value instanceof Keyword) return `:${value.name}`;
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return numberOf(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${itemsOf(value)}]`;
  if (value instanceof Set) return `#{${[...value].map(formatEdn).join(' ')}}`;
  if (value instanceof Map) return mapOf([...value], formatEdn);
  return isRecord(value) ? mapOf(Object.entries(value), (key) => keyOf(String(key))) : 'nil';
}

/** The items of a list; whole numbers, of which reads may have thousands, in one go. */
function itemsOf(items: readonly unknown[]): string {
  const wholes = items.every((item) => Number.isSafeInteger(item) && !Object.is(item, -0));
  return (wholes ? items : items.map(formatEdn)).join(' ');
}

/** Data as EDN, a field of the outer records on each line. */
export function formatEdnLines(value: unknown, indent = 0): string {
  if (typeof value !== 'object' || value === null || !isRecord(value)) return formatEdn(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, inner]) => {
    const head = keyOf(key);
    const flat = formatEdn(inner);
    const fits = indent + head.length + flat.length < lineLengthMax;
    return `${head} ${fits ? flat : formatEdnLines(inner, indent + head.length + 2)}`;
  });
  return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}

const lineLengthMax = 100;

/** An operation as a line of Jepsen's history.edn. */
export function ednOfOp(op: Op): string {
  const { index, timeUs, process, type, f, value, error, node, final } = op;
  const shown = formatEdn(f === 'txn' ? transactionOf(value) : value);
  const at = `:index ${index}, :time ${timeUs * 1_000}`;
  const what = `:type :${type}, :process ${processOf(process)}, :f ${formatEdn(nameOf(f))}`;
  const failed = error === undefined ? '' : `, :error ${textOf(error)}`;
  const place = node === undefined ? '' : `, :node ${textOf(node)}`;
  const last = final === true ? ', :final? true' : '';
  return `{${at}, ${what}, :value ${shown}${failed}${place}${last}}`;
}

/** An operation as a line of Jepsen's history.txt: process, type, function, value and error. */
export function textLineOf({ process, type, f, value, error }: Op): string {
  const shown = f === 'txn' ? transactionOf(value) : value;
  const fields = [
    processOf(process),
    `:${type}`,
    formatEdn(nameOf(f)),
    formatEdn(shown),
    ...(error === undefined ? [] : [formatEdn(error)]),
  ];
  return fields.join('\t');
}

function processOf(process: Op['process']): string {
  return process === 'nemesis' ? ':nemesis' : String(process);
}

/** Micro-operations name their functions by keywords. */
function transactionOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((micro: unknown) => {
    if (!Array.isArray(micro) || typeof micro[0] !== 'string') return micro;
    return [nameOf(micro[0]), ...micro.slice(1)];
  });
}

function nameOf(text: string): Keyword | string {
  return isName(text) ? new Keyword(text) : text;
}

function isName(text: string): boolean {
  return /^[A-Za-z][\w.*+!?<>=-]*$/.test(text);
}

/** Names become keywords; quantiles and other numbers, which records hold as texts, are numbers. */
function keyOf(key: string): string {
  if (/^\d{1,15}(\.\d{1,6})?$/.test(key)) return key;
  return isName(key) ? `:${key}` : textOf(key);
}

function mapOf(
  entries: readonly (readonly [unknown, unknown])[],
  key: (key: unknown) => string,
): string {
  const written = entries.filter(([, inner]) => inner !== undefined);
  return `{${written.map(([name, inner]) => `${key(name)} ${formatEdn(inner)}`).join(', ')}}`;
}

/** What is no finite number is nil, as it is null in JSON. */
function numberOf(value: number): string {
  if (!Number.isFinite(value)) return 'nil';
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** EDN's texts have JSON's escapes, but for two of control characters. */
function textOf(text: string): string {
  return JSON.stringify(text).replaceAll(/\\./g, (sign) => escapes.get(sign) ?? sign);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\\b', '\\u0008'],
  ['\\f', '\\u000c'],
]);
