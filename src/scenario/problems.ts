// From what zod says about a value to what a person wants to know: where, what was found, what was
// expected and which known name is nearest. Unions are answered by the variant that fits best.
import type { core } from 'zod/mini';
import { nearest } from './nearest.js';
import type { Path, Problem } from './usage-error.js';

type Issue = core.$ZodIssue;

/** The problems of `root`, in the order of the document, each place once. */
export function problemsOf(issues: readonly Issue[], root: unknown): Problem[] {
  const problems = issues.flatMap((issue) => explain(issue, [], root));
  const seen = new Set<string>();
  return problems.filter(({ path, target }) => {
    const place = JSON.stringify([path, target]);
    return !seen.has(place) && seen.add(place);
  });
}

/** Our error texts for choices: `a | b | c`. */
const separator = ' | ';

function explain(issue: Issue, above: Path, root: unknown): Problem[] {
  const path = [...above, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') return unknownFields(issue, path);
  const found = valueAt(root, path);
  if (issue.code === 'invalid_union') {
    if (issue.errors.length > 0) return bestVariant(issue, path, root);
    const names = (issue as { options?: readonly unknown[] }).options ?? [];
    return [wrongName(path, found, names.map(String))];
  }
  if (found === undefined) return [missing(path, issue.message)];
  if (issue.code === 'invalid_value' && typeof found === 'string') {
    return [wrongName(path, found, issue.values.map(String))];
  }
  return [
    { path, target: 'value', about: `${nameOf(path)} is ${shown(found)}`, expected: issue.message },
  ];
}

function unknownFields(issue: core.$ZodIssueUnrecognizedKeys, path: Path): Problem[] {
  const known = issue.message.split(separator);
  return issue.keys.map((key) => ({
    path: [...path, key],
    target: 'key' as const,
    about: `unknown field ${quoted(key)}`,
    expected: oneOf(known),
    nearest: nearest(key, known),
  }));
}

/** The variant with the fewest problems; one that does not even have the type is no match. */
function bestVariant(issue: core.$ZodIssueInvalidUnion, path: Path, root: unknown): Problem[] {
  const found = valueAt(root, path);
  if (found === undefined) return [missing(path, expectedBy(issue))];
  const offTarget = (issues: readonly Issue[]): boolean =>
    issues.some(({ code, path: inner }) => code === 'invalid_type' && inner.length === 0);
  const near = issue.errors.filter((issues) => !offTarget(issues));
  if (near.length === 0) {
    const about = `${nameOf(path)} is ${shown(found)}`;
    return [{ path, target: 'value', about, expected: expectedBy(issue) }];
  }
  const variants = near.map((issues) => issues.flatMap((inner) => explain(inner, path, root)));
  return variants.reduce((best, other) => (other.length < best.length ? other : best));
}

/** What the variants of a union expect at its place: `a duration …, or a map with fields`. */
function expectedBy(issue: core.$ZodIssueInvalidUnion): string {
  const texts = issue.errors.flatMap((issues) =>
    issues
      .filter((inner) => inner.path.length === 0)
      .flatMap((inner) =>
        inner.code === 'invalid_union' && inner.errors.length > 0
          ? [expectedBy(inner)]
          : [inner.message],
      ),
  );
  const ours = texts.filter((text) => text !== 'Invalid input');
  return ours.length === 0 ? 'a map with fields' : [...new Set(ours)].join(', or ');
}

function missing(path: Path, expected: string): Problem {
  const about = `${quoted(String(path.at(-1) ?? 'the file'))} is missing`;
  return { path, target: 'value', about, expected };
}

/** A name that should have been one of `names`. */
function wrongName(path: Path, found: unknown, names: readonly string[]): Problem {
  if (found === undefined) return missing(path, oneOf(names));
  const kind = String(path.findLast((part) => typeof part === 'string') ?? 'value');
  return {
    path,
    target: 'value',
    about: `unknown ${kind} ${shown(found)}`,
    expected: oneOf(names),
    nearest: typeof found === 'string' ? nearest(found, names) : undefined,
  };
}

/** `a, b or c`; long lists are cut. */
export function oneOf(names: readonly string[]): string {
  if (names.length === 1) return String(names[0]);
  const shownNames = names.slice(0, 24);
  const rest = names.length - shownNames.length;
  if (rest > 0) return `${shownNames.join(', ')} … (${rest} more)`;
  return `${shownNames.slice(0, -1).join(', ')} or ${String(shownNames.at(-1))}`;
}

/** A value as a message shows it: short, on one line, without control characters. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return value === null ? 'empty' : String(value);
}

/** Text in quotes, escaped and cut. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return JSON.stringify(short).replaceAll('\u007f', '\\u007f');
}

function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last === 'string') return `"${last}"`;
  const list = path.findLast((part) => typeof part === 'string');
  return list === undefined ? `item ${last + 1}` : `item ${last + 1} of "${list}"`;
}

/** The value at a path; `undefined` where there is none. */
function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
