// One thread's share of a history in a file: a stretch of the file that it reads into rows, then
// the operations of some of the keys in all stretches, which it judges.
import type { CheckerOptions, Progress } from '../checkers/checker.js';
import { checkShare, type ShareFinding } from '../checkers/linearizable/check.js';
import {
  linearizabilityOf,
  linearizable,
  type Tally,
  tallyOf,
} from '../checkers/linearizable/linearizable.js';
import type { Operation } from '../checkers/linearizable/operation.js';
import { type Part, splitOf } from '../checkers/linearizable/timeline.js';
import { readStretch, type SharedFile, stretchOf } from '../files/shared-file.js';
import { extracted, joined } from '../history/rows/joined.js';
import { ndjsonRows } from '../history/rows/ndjson-rows.js';
import type { Rows } from '../history/rows/rows.js';
import { dealt } from './dealt.js';
import { misfitOf } from './misfit.js';

/** What a thread is asked: first for rows, then for a report. */
export interface FileShare {
  readonly file: SharedFile;
  readonly nth: number;
}

/** What all threads have read, and what to ask of it. */
export interface FileQuestion extends FileShare {
  readonly stretches: readonly Rows[];
  readonly options: CheckerOptions;
}

/** What became of a share. */
export interface FileReport {
  readonly finding: ShareFinding;
  /** By part of the share: the position in the history of its first operation. */
  readonly firsts: readonly number[];
  readonly tally: Tally;
  /** Those of the invalid part, at their places in the whole history. */
  readonly invalid?: readonly Operation[];
}

/** Reads a stretch; undefined where it does not seem to be one of a history. */
export function rowsOf({ file, nth }: FileShare): Rows | undefined {
  return readStretch(file, nth) ? ndjsonRows(stretchOf(file, nth)) : undefined;
}

/** Judges a share; undefined where the rows are no history of operations on several keys. */
export function reportOf(
  { file, nth, stretches, options: given }: FileQuestion,
  progress?: Progress,
): FileReport | undefined {
  const all = joined(stretches);
  if (all === undefined) return undefined;
  const owners = dealt(Int32Array.from(all.sizes), stretches.length);
  const texts = stretches.map((_, at) => stretchOf(file, at));
  const extract = extracted(all, texts, (key) => owners[key] === nth);
  if (extract === undefined) return undefined;
  const { history, positions } = extract;
  const { operations, model, bounds } = linearizabilityOf(history, {
    ...linearizable.options,
    ...given,
  });
  const invoked = history.ops.filter(({ type }) => type === 'invoke');
  if (model.partition || invoked.some((op) => misfitOf(op, model, true))) return undefined;
  const split = splitOf(operations);
  const { parts } = split;
  const heard = progress ? { ...bounds, progress } : bounds;
  const finding = checkShare(split, model, heard, all.keys.length);
  const bad = finding.invalid && parts[finding.invalid.nth];
  return {
    finding,
    firsts: parts.map((part) => positions[part.operations[0]?.call ?? 0] as number),
    tally: tallyOf(operations),
    ...(bad && { invalid: placed(bad, positions) }),
  };
}

/** Operations of a part at their places in the whole history. */
function placed({ operations }: Part, positions: Int32Array): readonly Operation[] {
  const at = (own: number): number => positions[own] as number;
  return operations.map((operation) => ({
    ...operation,
    call: at(operation.call),
    return: Number.isFinite(operation.return) ? at(operation.return) : operation.return,
    ...(operation.at && { at: [at(operation.at[0]), at(operation.at[1])] as const }),
  }));
}
