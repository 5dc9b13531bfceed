// What is wrong with what a user gave us: a scenario, a flag, a trace. It is data, so that the edge
// decides how to show it; it never carries a stack. Ours are assertions, see kernel/assert.ts.

/** Keys and positions from the root of a document to one of its values. */
export type Path = readonly (string | number)[];

/** A place in a text, for people: lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** How many characters to underline. */
  readonly width: number;
  /** The line itself and those around it, with the number of the first. */
  readonly lines: readonly string[];
  readonly firstLine: number;
}

/** One thing that is wrong. All texts are for people and name no stack. */
export interface Problem {
  /** What is wrong, in a few words without blame: `unknown fault "crsh"`. */
  readonly about: string;
  /** Where in the document; `[]` for the whole. */
  readonly path: Path;
  /** Whether the key or its value is to blame. */
  readonly target: 'key' | 'value';
  /** What would have been right: `a duration such as 250ms or 2s`. */
  readonly expected?: string | undefined;
  /** The known name that is nearest to what was found. */
  readonly nearest?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
}

/** Thrown for bad input of any kind: exit code 64, one clear message, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problems: readonly [Problem, ...Problem[]];
  /** The file, flag or argument that the problems are in, if there is one. */
  readonly source: string | undefined;

  constructor(problems: readonly [Problem, ...Problem[]], source?: string) {
    super(problems.map(sentence).join('\n'));
    this.problems = problems;
    this.source = source;
  }
}

/** A usage error with one problem that has no place in a document. */
export function usageError(
  about: string,
  more: { readonly [K in 'expected' | 'nearest' | 'hint']?: string | undefined } = {},
  source?: string,
): UsageError {
  return new UsageError([{ about, path: [], target: 'value', ...more }], source);
}

/** `faults[0].at`, as a user would write the way to a value. */
export function pathText(path: Path): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join('');
}

function sentence({ path, about, expected, nearest }: Problem): string {
  const where = path.length === 0 ? '' : `${pathText(path)}: `;
  const wish = expected === undefined ? '' : `; expected ${expected}`;
  const guess = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return `${where}${about}${wish}${guess}`;
}
