// What a checker is: a judge of one history. It may know nothing but the history (and what the
// world counted on the side), so that it can judge histories that others recorded.
import type { Counts } from '../history/counts.js';
import type { History } from '../history/history.js';

/** One thing that is wrong, in words, with the indices of the operations that show it. */
export interface Anomaly {
  /** The kind, in kebab-case: `lost`, `duplicate-id` … Failures are grouped and shrunk by it. */
  readonly kind: string;
  /** A sentence: what happened, to whom, when. */
  readonly about: string;
  readonly ops: readonly number[];
  /** Inputs of a stream that it is about, as `partition@offset`, where that is known. */
  readonly inputs?: readonly string[];
  /** The event of the run after which it shows, where its judge has seen the run itself. */
  readonly event?: number;
}

/** false always carries a witness; what could not be decided is `unknown`, never a pass. */
export type Verdict =
  | { readonly valid: true }
  | { readonly valid: false; readonly anomalies: readonly [Anomaly, ...Anomaly[]] }
  | { readonly valid: 'unknown'; readonly reason: string };

/** A verdict with figures beside it, plain data for `--json`. */
export type Judgement = Verdict & { readonly stats?: Readonly<Record<string, unknown>> };

/** Options of a checker, from the scenario: plain data. */
export type CheckerOptions = Readonly<Record<string, unknown>>;

/**
 * Hears, now and then, what share of its work a checker has done, from 0 to 1. What it does must
 * not matter to the verdict.
 */
export type Progress = (share: number) => void;

/** A judge. `check` is pure; one that throws counts as `unknown`. */
export interface Checker {
  readonly name: string;
  /** One line for `stormglass list`. */
  readonly about: string;
  /** Every option with its default; units are suffixes: `Us`, `Ppm`. */
  readonly options: CheckerOptions;
  /** `options` has a value for every option; one that is not what it should be throws. */
  check(history: History, options: CheckerOptions, counts?: Counts, progress?: Progress): Judgement;
}

/** What a checker is given beside a history. */
interface Evidence {
  /** What differs from the checker's defaults. */
  readonly options?: CheckerOptions;
  readonly counts?: Counts | undefined;
  readonly progress?: Progress | undefined;
}

/** Asks a checker; one that throws could not decide, and says why. */
export function judge(checker: Checker, history: History, evidence: Evidence = {}): Judgement {
  const options = { ...checker.options, ...evidence.options };
  try {
    return checker.check(history, options, evidence.counts, evidence.progress);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { valid: 'unknown', reason: `the checker ${checker.name} gave up: ${reason}` };
  }
}

const rank = { false: 0, unknown: 1, true: 2 } as const;

/** The worst of several verdicts: false before unknown before true, as in Jepsen. */
export function worst(verdicts: readonly Verdict['valid'][]): Verdict['valid'] {
  let result: Verdict['valid'] = true;
  for (const valid of verdicts) {
    if (rank[`${valid}`] < rank[`${result}`]) result = valid;
  }
  return result;
}
