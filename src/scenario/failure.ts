// What makes two failing runs the same failure: who objects, and the kind of the first anomaly that
// it names. Hunts group by it, shrinkers keep it. Where a scenario expects an objection, all is
// turned round: what its judge should have said and did not is the failure.
import type { Assessment, NamedJudgement } from './check.js';
import type { Expectation } from './scenario.js';

/** What a run does wrong, without where and when. */
export interface Failure {
  /** The judge that objects: a checker, or a built-in one such as `crashes`. */
  readonly judge: string;
  /** The kind of its anomaly. */
  readonly kind: string;
}

/** A failure as one run shows it. */
export interface FoundFailure extends Failure {
  /** A sentence: what happened in this run, to whom, when. */
  readonly about: string;
}

/** What is asked of a run. */
interface Judged {
  readonly scenario: { readonly expect: Expectation };
  readonly assessment: Assessment;
}

/** The kinds of the failure of an objection that did not come. */
const missing = { none: 'no-objection', other: 'another-objection' } as const;

/** What stands between judge and kind in a failure's name. */
const separator = '/';

/**
 * All that a run does wrong, one failure for each judge that objects, in the order of the
 * judgements; none of a run that is as expected, or of which nobody knows.
 */
export function failuresOf({ scenario, assessment }: Judged): readonly FoundFailure[] {
  const { expected, surprise, exitCode, judgements } = assessment;
  if (expected || exitCode === 2) return [];
  const { expect } = scenario;
  const crashed = judgements.find(({ name, valid }) => name === 'crashes' && valid === false);
  const cut = judgements.some(({ name }) => name === 'limits');
  // Half a run shows that a handler threw; what checkers say of it proves nothing.
  if (crashed !== undefined && cut) return objectionOf(crashed);
  if (expect.expect === 'valid') return judgements.flatMap(objectionOf);
  if (crashed !== undefined && expect.checker !== 'crashes') return objectionOf(crashed);
  const objects = judgements.some(({ name, valid }) => name === expect.checker && valid === false);
  const kind = objects ? missing.other : missing.none;
  return [{ judge: expect.checker, kind, about: surprise ?? '' }];
}

/**
 * Whether a run shows this failure, if not as the first of its judge's anomalies, then as another
 * one that the judge names.
 */
export function shows(run: Judged, failure: Failure): boolean {
  const found = failuresOf(run);
  if (found.some((other) => isSame(other, failure))) return true;
  if (!found.some(({ judge }) => judge === failure.judge)) return false;
  const judgement = run.assessment.judgements.find(({ name }) => name === failure.judge);
  return (
    judgement?.valid === false && judgement.anomalies.some(({ kind }) => kind === failure.kind)
  );
}

/** Whether two failures are the same. */
export function isSame(a: Failure, b: Failure): boolean {
  return a.judge === b.judge && a.kind === b.kind;
}

/** `set-full/lost`: what a failure is called in reports; `failureNamed` reads it back. */
export function failureName({ judge, kind }: Failure): string {
  return `${judge}${separator}${kind}`;
}

/** The failure of this name; `undefined` if it is none. Kinds hold no slash, judges may. */
export function failureNamed(name: string): Failure | undefined {
  const at = name.lastIndexOf(separator);
  if (at <= 0 || at === name.length - 1) return undefined;
  return { judge: name.slice(0, at), kind: name.slice(at + 1) };
}

function objectionOf(judgement: NamedJudgement): readonly FoundFailure[] {
  if (judgement.valid !== false) return [];
  const [{ kind, about }] = judgement.anomalies;
  return [{ judge: judgement.name, kind, about }];
}
