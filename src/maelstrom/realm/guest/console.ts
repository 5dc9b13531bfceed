// `console`: as Node's, on the realm's own streams.
import { elapsedMs } from './clock.js';
import { inspected, life } from './state.js';
import { stderr, stdout } from './stdio.js';

type Format = (...args: unknown[]) => string;

function format(args: readonly unknown[]): string {
  if (args.length === 1 && typeof args[0] === 'string') return args[0];
  return (life.host.builtin('util') as { readonly format: Format }).format(...args);
}

const groups = { indent: '' };
const counts = new Map<string, number>();
const times = new Map<string, number>();

function printText(stream: typeof stdout, args: readonly unknown[]): void {
  if (stream === stderr && !life.host.logged) return;
  const { indent } = groups;
  const text = format(args);
  stream.write(`${indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`)}\n`);
}

const log = (...args: unknown[]): void => printText(stdout, args);
const warn = (...args: unknown[]): void => printText(stderr, args);

function timed(label: string, args: readonly unknown[]): void {
  const since = elapsedMs() - (times.get(label) ?? 0);
  log(`${label}: ${since}ms`, ...args);
}

/** The global `console`. */
export const virtualConsole = {
  ...{ log, info: log, debug: log, dirxml: log, error: warn, warn },
  trace: (...args: unknown[]) => {
    const { stack = '' } = new Error(format(args));
    warn(stack.replace(/^Error:?/, 'Trace:'));
  },
  dir: (value: unknown, options?: unknown) => log(inspected(value, options)),
  table: (value: unknown) => log(inspected(value, { depth: 2 })),
  assert: (holds: unknown, ...args: unknown[]) => {
    const [first, ...rest] = args;
    const text = typeof first === 'string' ? `Assertion failed: ${first}` : 'Assertion failed';
    if (!holds) warn(text, ...(typeof first === 'string' ? rest : args));
  },
  group: (...args: unknown[]) => {
    if (args.length > 0) log(...args);
    groups.indent += '  ';
  },
  groupEnd: () => {
    groups.indent = groups.indent.slice(2);
  },
  count: (label = 'default') => {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    log(`${label}: ${counts.get(label)}`);
  },
  countReset: (label = 'default') => void counts.delete(label),
  time: (label = 'default') => void times.set(label, elapsedMs()),
  timeLog: (label = 'default', ...args: unknown[]) => timed(label, args),
  timeEnd: (label = 'default') => {
    timed(label, []);
    times.delete(label);
  },
};
