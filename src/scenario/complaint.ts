// How the semantic checks of a scenario say that something is wrong: they collect, so that a user
// sees every problem of a file at once.
import type { Path, Problem } from './usage-error.js';

/** Takes one problem; the checks go on. */
export type Report = (problem: Problem) => void;

/** Reports that the value at `path` is wrong. */
export function complain(
  report: Report,
  path: Path,
  about: string,
  more: { readonly [K in 'expected' | 'nearest' | 'hint']?: string | undefined } = {},
): void {
  report({ about, path, target: 'value', ...more });
}
