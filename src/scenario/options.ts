// Options of protocols, workloads and checkers. Code declares them with their defaults in its own
// units (`retryUs: 250_000`); a file writes them as text (`retry: 250ms`). The declaration says
// which options there are and, by its default and suffix, of what kind each is.
import type { OptionProblem } from '../kernel/option.js';
import { formatDuration } from '../kernel/time.js';
import { complain, type Report } from './complaint.js';
import { nearest } from './nearest.js';
import { oneOf, quoted, shown } from './problems.js';
import { formatShare, parseBriefDuration, parseShare } from './units.js';
import type { Path } from './usage-error.js';

/** Who declares the options, for messages. */
interface Declared {
  /** `protocol broadcast/flood`. */
  readonly owner: string;
  readonly options: object;
  /** What is wrong with options of the right types, if the owner knows. */
  problem?(options: Record<string, unknown>): OptionProblem | undefined;
}

/** The declared options overlaid with a file's values; what is wrong is reported. */
export function readOptions(
  declared: Declared,
  given: object | undefined,
  path: Path,
  report: Report,
): Record<string, unknown> {
  const { owner, options } = declared;
  const result: Record<string, unknown> = { ...options };
  const names = new Map(Object.keys(options).map((name) => [fileName(name), name]));
  for (const [key, value] of Object.entries(given ?? {})) {
    const name = names.get(key);
    if (name === undefined) {
      report({
        path: [...path, key],
        target: 'key',
        ...unknownOption(owner, key, [...names.keys()]),
      });
      continue;
    }
    const read = readOption(name, result[name], value);
    if ('expected' in read) {
      complain(report, [...path, key], `"${key}" is ${shown(value)}`, read);
    } else {
      result[name] = read.value;
    }
  }
  const wrong = declared.problem?.(result);
  if (wrong !== undefined) {
    const name = fileName(wrong.option);
    const value = written(wrong.option, result[wrong.option]);
    const { expected } = wrong;
    const known = wrong.names === undefined ? undefined : nearest(String(value), wrong.names);
    complain(report, [...path, name], `"${name}" is ${shown(value)}`, { expected, nearest: known });
  }
  return result;
}

/** Options as a file writes them: the inverse of `readOptions`. */
export function writeOptions(options: object): Record<string, unknown> {
  const entries = Object.entries(options).map(([name, value]) => {
    return [fileName(name), written(name, value)] as const;
  });
  return Object.fromEntries(entries);
}

function written(name: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (name.endsWith('Us')) return formatDuration(value);
  return name.endsWith('Ppm') ? formatShare(value) : value;
}

/** `maxBatchUs` is written `max-batch`: the unit is in the value. */
function fileName(name: string): string {
  return name.replace(/(Us|Ppm)$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

type Read = { readonly value: unknown } | { readonly expected: string };

function readOption(name: string, fallback: unknown, value: unknown): Read {
  if (name.endsWith('Us')) {
    return texted(value, parseBriefDuration, 'a duration such as 250ms, 2s or 1.5m');
  }
  if (name.endsWith('Ppm')) {
    return texted(value, parseShare, 'a share from 0% to 100% such as 2% or 500ppm');
  }
  if (typeof fallback === 'number') {
    const sound = typeof value === 'number' && Number.isFinite(value) && value >= 0;
    const fits = sound && (!Number.isInteger(fallback) || Number.isSafeInteger(value));
    if (fits) return { value };
    return { expected: `a ${Number.isInteger(fallback) ? 'whole ' : ''}number, not negative` };
  }
  if (fallback === undefined || typeof fallback === 'object' || typeof value === typeof fallback) {
    return { value };
  }
  return { expected: typeof fallback === 'boolean' ? 'true or false' : 'a text' };
}

function texted(
  value: unknown,
  parse: (text: string) => number | undefined,
  expected: string,
): Read {
  const read = typeof value === 'string' ? parse(value) : undefined;
  return read === undefined ? { expected } : { value: read };
}

function unknownOption(owner: string, key: string, known: readonly string[]) {
  return {
    about: `${owner} has no option ${quoted(key)}`,
    expected: known.length === 0 ? 'no options' : oneOf(known),
    nearest: nearest(key, known),
  };
}
